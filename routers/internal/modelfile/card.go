// Package modelfile reads and writes the files of trained routers: safetensors with a
// [training.Card] and, for routers that compare prompts with their training prompts, a
// [Memory].
package modelfile

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/routers/familiar"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// formatVersion is increased with each incompatible change of the model files.
const formatVersion = "1"

// heldOut is the metadata key that says "training" where every training prompt has an out-of-fold
// score, and so needs no digest of its own.
const heldOut = "held_out"

// New returns a model file with a card in it: digests and scores as tensors, the rest as
// metadata. format identifies the router.
func New(c *training.Card, format string) (*safetensors.File, error) {
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
	if err := addDigests(f, "training", c.Training); err != nil {
		return nil, err
	}
	if len(c.HeldOutNorm) > 0 && slices.Equal(c.HeldOutNorm, c.Training) {
		f.Metadata[heldOut] = "training" // written once, the digests are half of a small file
	} else if err := addDigests(f, "held_out_norm", c.HeldOutNorm); err != nil {
		return nil, err
	}
	if len(c.Signed.Keys) > 0 {
		data := c.Signed.Bytes()
		f.Tensors["signatures"] = safetensors.Tensor{Type: "U8", Shape: []int{len(data)}, Data: data}
	}
	if data := c.Known.Bytes(); data != nil {
		f.Tensors["familiar"] = safetensors.Tensor{Type: "U8", Shape: []int{len(data)}, Data: data}
	}
	if c.Abstains {
		f.Metadata["abstains"] = "length"
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

// ReadCard reads the card of a model file; sha256 is the digest of the whole file.
func ReadCard(f *safetensors.File, format, sha256 string) (training.Card, error) {
	if f.Metadata["format"] != format || f.Metadata["version"] != formatVersion {
		return training.Card{}, fmt.Errorf("format %q version %q, expected %q version %q", f.Metadata["format"], f.Metadata["version"], format, formatVersion)
	}
	c := training.Card{FileSHA256: sha256}
	c.Strong, c.Weak = f.Metadata["strong"], f.Metadata["weak"]
	c.Encoder, c.EncoderSHA256, c.Recipe = f.Metadata["encoder"], f.Metadata["encoder_sha256"], f.Metadata["recipe"]
	var err error
	if c.Seed, err = strconv.ParseUint(f.Metadata["seed"], 10, 64); err != nil {
		return training.Card{}, fmt.Errorf("seed: %w", err)
	}
	if err := json.Unmarshal([]byte(f.Metadata["sources"]), &c.Sources); err != nil {
		return training.Card{}, fmt.Errorf("sources: %w", err)
	}
	if c.Training, err = digestsOf(f, "training"); err != nil {
		return training.Card{}, err
	}
	if c.Signed, err = signaturesOf(f); err != nil {
		return training.Card{}, err
	}
	if c.Known, err = familiarOf(f); err != nil {
		return training.Card{}, err
	}
	form, abstains := f.Metadata["abstains"]
	if abstains && form != "length" {
		return training.Card{}, fmt.Errorf("abstains: %q, expected \"length\": a later release wrote the file", form)
	}
	c.Abstains = abstains
	c.HeldOutNorm, c.HeldOutScore, err = heldOutOf(f, c.Training)
	return c, err
}

// heldOutOf reads the digests of the prompts with an out-of-fold score, and the scores.
func heldOutOf(f *safetensors.File, training []string) (norm []string, scores []float64, err error) {
	switch of, ok := f.Metadata[heldOut]; {
	case ok && of != "training":
		return nil, nil, fmt.Errorf("%s: %q, expected \"training\": a later release wrote the file", heldOut, of)
	case ok:
		norm = training
	default:
		if norm, err = digestsOf(f, "held_out_norm"); err != nil {
			return nil, nil, err
		}
	}
	if _, ok := f.Tensors["held_out_score"]; ok || len(norm) > 0 {
		scores, err = f.Floats("held_out_score", len(norm))
	}
	return norm, scores, err
}

// signaturesOf reads the signatures of training prompts. A file without them has none.
func signaturesOf(f *safetensors.File) (nearcopy.Set, error) {
	data, err := f.Tensors["signatures"].Bytes()
	if err != nil {
		return nearcopy.Set{}, fmt.Errorf("tensor %q: %w", "signatures", err)
	}
	set, err := nearcopy.ParseSet(data)
	if err != nil {
		return nearcopy.Set{}, fmt.Errorf("tensor %q: %w", "signatures", err)
	}
	return set, nil
}

// familiarOf reads the description of the training prompts. A file without one has none.
func familiarOf(f *safetensors.File) (*familiar.Known, error) {
	data, err := f.Tensors["familiar"].Bytes()
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", "familiar", err)
	}
	known, err := familiar.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", "familiar", err)
	}
	return known, nil
}

// digestsOf reads a tensor of digests. Without such a tensor it returns none.
func digestsOf(f *safetensors.File, name string) ([]string, error) {
	t, ok := f.Tensors[name]
	if !ok {
		return nil, nil
	}
	if t.Type != "U8" || len(t.Shape) != 2 || t.Shape[1] != sha256.Size {
		return nil, fmt.Errorf("tensor %q has type %s and shape %v, expected U8 and rows of %d", name, t.Type, t.Shape, sha256.Size)
	}
	data, err := t.Bytes()
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
