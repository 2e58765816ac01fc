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
	heads []head
	gate  *gate.Gate // between the heads; nil for a single one

	scale winrate.Scale // of the score
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
		out[i] = m.winRate(x)
	}
	return out, nil
}

// winRate returns the win rate for inputs as package inputs makes them.
func (m *Model) winRate(x []float64) float64 { return m.scale.Rate(m.score(x)) }

// score weights the heads by how much the prompt is like each one's prompts.
func (m *Model) score(x []float64) float64 {
	if m.gate == nil {
		return m.heads[0].score.At(x)
	}
	weights := m.gate.Weights(x)
	s := 0.0
	for k, h := range m.heads {
		s += float64(weights[k] * h.score.At(x))
	}
	return s
}

func (m *Model) dim() int { return len(m.heads[0].score.Weights) }
