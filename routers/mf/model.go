package mf

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/routers"
)

// Model is a trained router for one pair of models. It is safe for concurrent
// use.
type Model struct {
	Options
	Heads    []Head
	Gate     []Linear // one a head; nil for a single head
	Slope    float64  // the win rate is sigmoid(Slope score + Shift)
	Shift    float64
	Training []string     // normalised digests of the training prompts, sorted
	Sources  []SourceInfo // what it was trained on

	HeldOutNorm  []string  // prompts whose score out of fold is known, sorted
	HeldOutScore []float64 // that score

	sha256 string // of the file it was read from
}

// SourceInfo names training data.
type SourceInfo struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	SHA256  string `json:"sha256"`
	Prompts int    `json:"prompts"`
}

// Needs returns vector and features.
func (m *Model) Needs() routers.Needs { return routers.Needs{Vector: true, Features: true} }

// Scores returns the win rates: the probability that the strong model is needed.
func (m *Model) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	x := make([]float64, 0, m.dim())
	for i, p := range prompts {
		if len(p.Vector) != m.dim()-counts || p.Features == nil {
			return nil, fmt.Errorf("sample %q: a vector of %d components, want %d, and features", p.ID, len(p.Vector), m.dim()-counts)
		}
		x = Inputs(x[:0], p.Vector, *p.Features)
		if out[i] = m.WinRate(x); math.IsNaN(out[i]) {
			return nil, fmt.Errorf("sample %q: the counts of words, lines and numbers are not all known", p.ID)
		}
	}
	return out, nil
}

// WinRate returns the win rate for inputs from [Inputs].
func (m *Model) WinRate(x []float64) float64 { return m.rate(m.score(x)) }

func (m *Model) rate(score float64) float64 { return sigmoid(float64(m.Slope*score) + m.Shift) }

// score weights the heads by how much the prompt is like each one's prompts.
func (m *Model) score(x []float64) float64 {
	if m.Gate == nil {
		return m.Heads[0].Score.At(x)
	}
	weights := make([]float64, len(m.Heads))
	for k, g := range m.Gate {
		weights[k] = g.At(x)
	}
	softmax(weights)
	s := 0.0
	for k, h := range m.Heads {
		s += float64(weights[k] * h.Score.At(x))
	}
	return s
}

func (m *Model) dim() int { return len(m.Heads[0].Score.Weights) }

// TrainingPrompts returns the normalised digests of the training prompts.
func (m *Model) TrainingPrompts() []string { return m.Training }

// Pair returns the models it was trained for.
func (m *Model) Pair() (strong, weak string) { return m.Strong, m.Weak }

// SHA256 returns the digest of the model's file.
func (m *Model) SHA256() string { return m.sha256 }

// EncoderDigest returns the digest of the encoder that its vectors must come from.
func (m *Model) EncoderDigest() string { return m.EncoderSHA256 }

// HeldOut returns the score of a training prompt by a model that had not seen it.
func (m *Model) HeldOut(norm string) (score float64, ok bool) {
	i, ok := slices.BinarySearch(m.HeldOutNorm, norm)
	if !ok {
		return 0, false
	}
	return m.HeldOutScore[i], true
}

// keepHeldOut keeps the win rates out of fold of a source's prompts; the first where a
// prompt occurs twice.
func (m *Model) keepHeldOut(s *Source, score []float64) {
	order := make([]int, len(s.Norm))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(s.Norm[a], s.Norm[b]) })
	for _, i := range order {
		if k := len(m.HeldOutNorm); k == 0 || m.HeldOutNorm[k-1] != s.Norm[i] {
			m.HeldOutNorm, m.HeldOutScore = append(m.HeldOutNorm, s.Norm[i]), append(m.HeldOutScore, m.rate(score[i]))
		}
	}
}
