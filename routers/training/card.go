package training

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/routers/internal/safetensors"
)

// Options of a training.
type Options struct {
	Strong, Weak  string
	Encoder       string // name and digest of what made the vectors
	EncoderSHA256 string
	Recipe        string // how the program was called, for the file
	Seed          uint64 // of the gold draw
	Progress      func(done, total int)
}

// SourceInfo names training data.
type SourceInfo struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	SHA256  string `json:"sha256"`
	Prompts int    `json:"prompts"`
}

// Card is what a trained router remembers of its training. Routers embed it: it has
// their optional interfaces.
type Card struct {
	Options
	Sources  []SourceInfo
	Training []string // normalised digests of the training prompts, sorted

	HeldOutNorm  []string  // prompts whose score out of fold is known, sorted
	HeldOutScore []float64 // that score

	sha256 string // of the file it was read from
}

// NewCard returns the card of a training.
func NewCard(sources []*Source, o Options) Card {
	c := Card{Options: o}
	for _, s := range sources {
		c.Sources = append(c.Sources, SourceInfo{string(s.Kind), s.Name, s.SHA256, len(s.Norm)})
		c.Training = append(c.Training, s.Norm...)
	}
	c.Training = distinct(c.Training)
	return c
}

// TrainingPrompts returns the normalised digests of the training prompts.
func (c *Card) TrainingPrompts() []string { return c.Training }

// Pair returns the models it was trained for.
func (c *Card) Pair() (strong, weak string) { return c.Strong, c.Weak }

// SHA256 returns the digest of the model's file.
func (c *Card) SHA256() string { return c.sha256 }

// VectorsFrom names the encoder that its vectors must come from.
func (c *Card) VectorsFrom() (name, sha256 string) { return c.Encoder, c.EncoderSHA256 }

// HeldOut returns the score of a training prompt by a model that had not seen it.
func (c *Card) HeldOut(norm string) (score float64, ok bool) {
	i, ok := slices.BinarySearch(c.HeldOutNorm, norm)
	if !ok {
		return 0, false
	}
	return c.HeldOutScore[i], true
}

// KeepHeldOut keeps the scores out of fold of prompts; the first where a prompt occurs
// twice.
func (c *Card) KeepHeldOut(norm []string, score []float64) {
	order := make([]int, len(norm))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(norm[a], norm[b]) })
	for _, i := range order {
		if k := len(c.HeldOutNorm); k == 0 || c.HeldOutNorm[k-1] != norm[i] {
			c.HeldOutNorm, c.HeldOutScore = append(c.HeldOutNorm, norm[i]), append(c.HeldOutScore, score[i])
		}
	}
}

// formatVersion counts incompatible changes of model files.
const formatVersion = "1"

// File returns a model file with the card in it: digests and scores as tensors, the
// rest as metadata. format names the router.
func (c *Card) File(format string) (*safetensors.File, error) {
	f := &safetensors.File{
		Tensors: map[string]safetensors.Tensor{},
		Metadata: map[string]string{
			"format": format, "version": formatVersion, "strong": c.Strong, "weak": c.Weak,
			"encoder": c.Encoder, "encoder_sha256": c.EncoderSHA256, "recipe": c.Recipe, "seed": strconv.FormatUint(c.Seed, 10),
		},
	}
	if len(c.HeldOutNorm) > 0 {
		f.Tensors["held_out_score"] = safetensors.NewFloats(c.HeldOutScore, len(c.HeldOutScore))
	}
	for name, digests := range map[string][]string{"training": c.Training, "held_out_norm": c.HeldOutNorm} {
		if err := addDigests(f, name, digests); err != nil {
			return nil, err
		}
	}
	text, err := json.Marshal(c.Sources)
	f.Metadata["sources"] = string(text)
	return f, err
}

func addDigests(f *safetensors.File, name string, digests []string) error {
	if len(digests) == 0 {
		return nil
	}
	data, err := hex.DecodeString(strings.Join(digests, ""))
	f.Tensors[name] = safetensors.Tensor{Type: "U8", Shape: []int{len(digests), sha256.Size}, Data: data}
	return err
}

// ReadCard reads the card of a model file, whose whole digest is sha256.
func ReadCard(f *safetensors.File, format, sha256 string) (Card, error) {
	if f.Metadata["format"] != format || f.Metadata["version"] != formatVersion {
		return Card{}, fmt.Errorf("format %q version %q, expected %q version %q", f.Metadata["format"], f.Metadata["version"], format, formatVersion)
	}
	c := Card{sha256: sha256}
	c.Strong, c.Weak = f.Metadata["strong"], f.Metadata["weak"]
	c.Encoder, c.EncoderSHA256, c.Recipe = f.Metadata["encoder"], f.Metadata["encoder_sha256"], f.Metadata["recipe"]
	var err error
	if c.Seed, err = strconv.ParseUint(f.Metadata["seed"], 10, 64); err != nil {
		return Card{}, fmt.Errorf("seed: %w", err)
	}
	if err := json.Unmarshal([]byte(f.Metadata["sources"]), &c.Sources); err != nil {
		return Card{}, fmt.Errorf("sources: %w", err)
	}
	if c.Training, err = digestsOf(f, "training"); err != nil {
		return Card{}, err
	}
	if c.HeldOutNorm, err = digestsOf(f, "held_out_norm"); err != nil {
		return Card{}, err
	}
	if len(c.HeldOutNorm) > 0 {
		c.HeldOutScore, err = f.Floats("held_out_score", len(c.HeldOutNorm))
	}
	return c, err
}

// digestsOf reads a tensor of digests; none where there is no such tensor.
func digestsOf(f *safetensors.File, name string) ([]string, error) {
	data, err := f.Tensors[name].Bytes()
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", name, err)
	}
	text := hex.EncodeToString(data)
	out := make([]string, 0, len(text)/64)
	for len(text) >= 64 {
		out, text = append(out, text[:64]), text[64:]
	}
	return out, nil
}
