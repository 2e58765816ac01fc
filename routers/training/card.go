package training

import (
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/nearcopy"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/familiar"
)

// Options describes a training.
type Options struct {
	Strong, Weak           string // Strong and Weak are the pair of models
	Encoder, EncoderSHA256 string // Encoder and EncoderSHA256 identify the encoder of the prompt vectors
	Recipe                 string // Recipe is the command line, stored in the model file
	Seed                   uint64 // Seed is the seed for drawing the gold rows

	// Once lets a router that chooses a setting by repeated cross-validation do so once: enough,
	// and faster, for a router that is only validated. It is not stored.
	Once bool

	// Progress, if non-nil, is called after each part of the training with the number of
	// finished parts, never concurrently.
	Progress func(done, total int)
}

// SourceInfo identifies one source of training data.
type SourceInfo struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	SHA256  string `json:"sha256"`
	Prompts int    `json:"prompts"` // Prompts is the number of prompts
}

// Card is what a trained router stores about its training. Routers embed it for the
// optional interfaces of package routers that it implements.
type Card struct {
	Options
	Sources  []SourceInfo // Sources lists the training data
	Training []string     // Training holds the normalised digests of the training prompts, sorted

	Signed nearcopy.Set // Signed holds the signatures of the training prompts that are in no built-in data set

	// Known describes the training prompts whose labels the router learned from, to find prompts that
	// are unlike all of them; nil if that is not known.
	Known *familiar.Known

	// Abstains says that the router scores prompts that are unlike all known ones by their length
	// alone. Routers of earlier releases do not.
	Abstains bool

	HeldOutNorm  []string  // HeldOutNorm holds the digests of the prompts with a known out-of-fold score, sorted
	HeldOutScore []float64 // HeldOutScore holds the score of each prompt in HeldOutNorm

	FileSHA256 string // FileSHA256 is the hex digest of the model file; "" for a model that was not read from a file
}

// NewCard returns the card of a training on sources.
func NewCard(sources []*Source, o Options) Card {
	c := Card{Options: o}
	for _, s := range sources {
		c.Sources = append(c.Sources, SourceInfo{string(s.Kind), s.Name, s.SHA256, len(s.Norm)})
		c.Training = append(c.Training, s.Norm...)
	}
	slices.Sort(c.Training)
	c.Training = slices.Compact(c.Training)
	c.Signed = signaturesOf(sources)
	return c
}

// signaturesOf returns the signatures of the prompts whose text is known, except for those
// that the program has itself.
func signaturesOf(sources []*Source) nearcopy.Set {
	var keys []nearcopy.Key
	var signatures []nearcopy.Signature
	for _, s := range sources {
		for i, p := range s.Prompts {
			if k := nearcopy.KeyOf(s.Norm[i]); p.HasText && !nearcopy.IsBuiltin(k) {
				keys, signatures = append(keys, k), append(signatures, nearcopy.Of(p.Text))
			}
		}
	}
	return nearcopy.NewSet(keys, signatures)
}

// TrainingPrompts returns the normalised digests of the training prompts.
func (c *Card) TrainingPrompts() []string { return c.Training }

// Signatures returns the signatures of the training prompts that are in no built-in data set.
func (c *Card) Signatures() nearcopy.Set { return c.Signed }

// Describe sets Known from the sources whose labels the router learns from, and lets the router
// abstain.
func (c *Card) Describe(sources ...*Source) {
	described := make([]familiar.Source, len(sources))
	for i, s := range sources {
		described[i] = familiar.Source{Name: s.Name, Prompts: s.Prompts, Norm: s.Norm}
	}
	c.Known = familiar.Fit(described, familiar.Chosen())
	c.Abstains = c.Known != nil && slices.ContainsFunc(sources, (*Source).varies)
}

// varies reports whether labels differ. Without that the router gives all prompts one score, and no
// order by length may hide it.
func (s *Source) varies() bool {
	return slices.ContainsFunc(s.Label, func(v float64) bool { return v != s.Label[0] })
}

// byLength is the score of a prompt that the router knows nothing like, in standard deviations of its
// scores, per standard deviation of the logarithm of the number of characters. Of the slopes tried on
// training prompts, it costs least on held-out prompts of the sources (docs/results.md).
const byLength = 0.5

// Abstain returns the score, in standard deviations from the mean, of a prompt that is unlike all
// that the router was trained on; ok is false for any other prompt, and if the router does not
// abstain.
func (c *Card) Abstain(p *routers.Prompt) (score float64, ok bool) {
	if !c.Abstains || !c.Known.Unlike(p) {
		return 0, false
	}
	return byLength * c.Known.Length(p), true
}

// Unlike reports for each prompt whether it is unlike all training prompts; nil if nothing is known
// of them.
func (c *Card) Unlike(prompts []routers.Prompt) []bool {
	if c.Known == nil {
		return nil
	}
	out := make([]bool, len(prompts))
	for i := range prompts {
		out[i] = c.Known.Unlike(&prompts[i])
	}
	return out
}

// Pair returns the models that the router was trained for.
func (c *Card) Pair() (strong, weak string) { return c.Strong, c.Weak }

// SHA256 returns the digest of the model file.
func (c *Card) SHA256() string { return c.FileSHA256 }

// VectorsFrom returns the name and digest of the encoder of the prompt vectors.
func (c *Card) VectorsFrom() (name, sha256 string) { return c.Encoder, c.EncoderSHA256 }

// HeldOut returns the out-of-fold score of a training prompt, from a model that has not
// seen the prompt.
func (c *Card) HeldOut(norm string) (score float64, ok bool) {
	i, ok := slices.BinarySearch(c.HeldOutNorm, norm)
	if !ok {
		return 0, false
	}
	return c.HeldOutScore[i], true
}

// KeepHeldOut stores out-of-fold scores. Of a repeated prompt it keeps the first score.
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
