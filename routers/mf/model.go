package mf

import (
	"context"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/gate"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// Model is a trained router for one pair of models. It is safe for concurrent
// use.
type Model struct {
	training.Card
	Heads []Head
	Gate  *gate.Gate // between the heads; nil for a single one

	winrate.Scale // of the score
}

// Needs returns vector and features.
func (m *Model) Needs() routers.Needs { return routers.Needs{Vector: true, Features: true} }

// Scores returns the win rates: the probability that the strong model is needed.
func (m *Model) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	x := make([]float64, 0, m.dim())
	for i := range prompts {
		var err error
		if x, err = inputs.Take(x, &prompts[i], m.dim()-inputs.Counts); err != nil {
			return nil, err
		}
		out[i] = m.WinRate(x)
	}
	return out, nil
}

// WinRate returns the win rate for inputs as package inputs makes them.
func (m *Model) WinRate(x []float64) float64 { return m.Rate(m.score(x)) }

// score weights the heads by how much the prompt is like each one's prompts.
func (m *Model) score(x []float64) float64 {
	if m.Gate == nil {
		return m.Heads[0].Score.At(x)
	}
	weights := m.Gate.Weights(x)
	s := 0.0
	for k, h := range m.Heads {
		s += float64(weights[k] * h.Score.At(x))
	}
	return s
}

func (m *Model) dim() int { return len(m.Heads[0].Score.Weights) }
