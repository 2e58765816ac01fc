// Package knn is the nearest-neighbour router: how much the strong model was needed on
// similar training prompts. All of them count, nearer ones more (Nadaraya 1964, Watson
// 1964).
package knn

import (
	"context"
	"fmt"
	"math"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/gate"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// Model is a router for one pair of models. It is safe for concurrent use.
type Model struct {
	training.Card
	heads         []*head
	gate          *gate.Gate // between classes of prompts; nil for a single head
	classes       []int      // the head of each class
	winrate.Scale            // of the score
}

// Needs returns vector and features.
func (m *Model) Needs() routers.Needs { return routers.Needs{Vector: true, Features: true} }

// Scores returns the win rates: the probability that the strong model is needed.
func (m *Model) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	vectors, counts, err := m.place(prompts)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(prompts))
	byHead := make([][]float64, len(m.heads))
	for k, h := range m.heads {
		if byHead[k], err = h.scores(ctx, vectors, counts); err != nil {
			return nil, err
		}
	}
	for i, p := range prompts {
		out[i] = m.Rate(m.mix(p, byHead, i))
	}
	return out, nil
}

// mix weights the heads' scores of prompt i by how much it is like their prompts.
func (m *Model) mix(p routers.Prompt, byHead [][]float64, i int) float64 {
	if m.gate == nil {
		return byHead[0][i]
	}
	score := 0.0
	for class, weight := range m.gate.Weights(inputs.Append(nil, p.Vector, *p.Features)) {
		score += float64(weight * byHead[m.classes[class]][i])
	}
	return score
}

// place checks prompts and takes them apart.
func (m *Model) place(prompts []routers.Prompt) (vectors [][]float32, counts [][inputs.Counts]float64, err error) {
	dim := len(m.heads[0].centre)
	for _, p := range prompts {
		if len(p.Vector) != dim || p.Features == nil {
			return nil, nil, fmt.Errorf("sample %q: a vector of %d components, want %d, and features", p.ID, len(p.Vector), dim)
		}
		c := countsOf(p)
		for _, v := range c {
			if math.IsNaN(v) {
				return nil, nil, fmt.Errorf("sample %q: the counts of words, lines and numbers are not all known", p.ID)
			}
		}
		vectors, counts = append(vectors, p.Vector), append(counts, c)
	}
	return vectors, counts, nil
}

// countsOf are the logarithms of a prompt's counts.
func countsOf(p routers.Prompt) [inputs.Counts]float64 {
	return [inputs.Counts]float64(inputs.Append(nil, nil, *p.Features))
}
