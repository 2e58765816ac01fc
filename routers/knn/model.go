// Package knn is the nearest-neighbour router: it estimates how much the strong model is
// needed from training prompts with similar vectors, counts and cues. All training prompts count, nearer ones more
// (Nadaraya 1964, Watson 1964). [Builtin] returns a built-in [Model], [Open] reads a
// model file, and [Train] fits a model to labelled prompts.
package knn

import (
	"context"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/gate"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// Model is a router for one pair of models. It is safe for concurrent use.
type Model struct {
	training.Card
	shape   inputs.Shape
	heads   []*head
	gate    *gate.Gate    // weights the classes of prompts; nil if there is one head
	classes []int         // index of each class's head
	scale   winrate.Scale // turns a score into a win rate
}

// Needs returns the vector, the features and, if the model was trained with them, the cues.
func (m *Model) Needs() routers.Needs { return m.shape.Needs() }

// Scores returns one win rate per prompt: the estimated probability that the strong model
// is needed.
func (m *Model) Scores(ctx context.Context, prompts []routers.Prompt) ([]float64, error) {
	all, err := m.take(prompts)
	if err != nil {
		return nil, err
	}
	vectors, places := make([][]float32, len(prompts)), make([]place, len(prompts))
	for i, p := range prompts {
		vectors[i] = p.Vector
	}
	out := make([]float64, len(prompts))
	byHead := make([][]float64, len(m.heads))
	for k, h := range m.heads {
		for i, x := range all {
			places[i] = placeOf(h.inputs, x)
		}
		if byHead[k], err = h.scores(ctx, vectors, places); err != nil {
			return nil, err
		}
	}
	for i, x := range all {
		score, abstains := m.Abstain(&prompts[i])
		if !abstains {
			score = m.mix(x, byHead, i)
		}
		out[i] = m.scale.Rate(score)
	}
	return out, nil
}

// mix returns the score of prompt i, whose inputs are x: the sum of the heads' scores,
// weighted by how much the prompt resembles each class of training prompts.
func (m *Model) mix(x []float64, byHead [][]float64, i int) float64 {
	if m.gate == nil {
		return byHead[0][i]
	}
	score := 0.0
	for class, weight := range m.gate.Weights(x) {
		score += float64(weight * byHead[m.classes[class]][i])
	}
	return score
}

// take returns the inputs of the prompts.
func (m *Model) take(prompts []routers.Prompt) ([][]float64, error) {
	out := make([][]float64, len(prompts))
	for i := range prompts {
		var err error
		if out[i], err = m.shape.Take(nil, &prompts[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
