package mf

import (
	"context"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/gate"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// Model is a trained router for one pair of models. It is safe for concurrent use.
type Model struct {
	training.Card
	shape inputs.Shape
	heads []head
	gate  *gate.Gate // weights the heads; nil if there is only one

	scale winrate.Scale // turns a score into a win rate
}

// Needs returns the vector, the features and, if the model was trained with them, the cues.
func (m *Model) Needs() routers.Needs { return m.shape.Needs() }

// Scores returns one win rate per prompt: the estimated probability that the strong model
// is needed.
func (m *Model) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	x := make([]float64, 0, m.shape.Dim())
	for i := range prompts {
		var err error
		if x, err = m.shape.Take(x, &prompts[i]); err != nil {
			return nil, err
		}
		if score, ok := m.Abstain(&prompts[i]); ok {
			out[i] = m.scale.Rate(score)
			continue
		}
		out[i] = m.winRate(x)
	}
	return out, nil
}

// winRate returns the win rate of a prompt from its inputs, see package inputs.
func (m *Model) winRate(x []float64) float64 { return m.scale.Rate(m.score(x)) }

// score returns the sum of the heads' scores, weighted by how much the prompt resembles
// each head's training prompts.
func (m *Model) score(x []float64) float64 {
	if m.gate == nil {
		return m.heads[0].at(x)
	}
	weights := m.gate.Weights(x)
	s := 0.0
	for k, h := range m.heads {
		s += float64(weights[k] * h.at(x))
	}
	return s
}
