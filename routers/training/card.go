package training

import (
	"slices"
	"strings"
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

	FileSHA256 string // hex digest of the model file; "" before the model is written and read
}

// NewCard returns the card of a training.
func NewCard(sources []*Source, o Options) Card {
	c := Card{Options: o}
	for _, s := range sources {
		c.Sources = append(c.Sources, SourceInfo{string(s.Kind), s.Name, s.SHA256, len(s.Norm)})
		c.Training = append(c.Training, s.Norm...)
	}
	slices.Sort(c.Training)
	c.Training = slices.Compact(c.Training)
	return c
}

// TrainingPrompts returns the normalised digests of the training prompts.
func (c *Card) TrainingPrompts() []string { return c.Training }

// Pair returns the models it was trained for.
func (c *Card) Pair() (strong, weak string) { return c.Strong, c.Weak }

// SHA256 returns the digest of the model's file.
func (c *Card) SHA256() string { return c.FileSHA256 }

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
