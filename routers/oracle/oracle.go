// Package oracle orders samples by the models' results. No router can do better, so it is
// a bound for evaluations. Call [Router.OutcomeScores].
package oracle

import (
	"context"
	"errors"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
)

// Router orders samples by the strong model's gain.
type Router struct{}

// Needs returns the zero value: the oracle does not look at prompts.
func (Router) Needs() routers.Needs { return routers.Needs{} }

// OutcomeScores returns strong minus weak for each sample.
func (Router) OutcomeScores(strong, weak []float64) []float64 {
	return eval.OracleScores(eval.Outcomes{Strong: strong, Weak: weak})
}

// Models returns nil: the oracle knows the models of every pool.
func (Router) Models() []string { return nil }

// Predict always fails, because the oracle needs outcomes.
func (Router) Predict(context.Context, []routers.Prompt) (quality, cost pool.Matrix, err error) {
	return quality, cost, errNeeds
}

// ForPool returns the oracle itself.
func (r Router) ForPool(routers.Pool) (routers.Predictor, error) { return r, nil }

// PredictOutcomes returns the outcomes. Where no model is right, the oracle takes the cheapest one,
// and is charged for it.
func (Router) PredictOutcomes(o pool.Outcomes) pool.Predictions {
	return pool.Predictions{Quality: o.Quality, Cost: o.Cost}
}

var errNeeds = errors.New("the oracle needs the models' outcomes, which only an evaluation has")

// Scores always fails, because the oracle needs outcomes.
func (Router) Scores(context.Context, []routers.Prompt) ([]float64, error) {
	return nil, errNeeds
}
