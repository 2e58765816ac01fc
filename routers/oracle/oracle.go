// Package oracle orders samples by the models' results. No router can do better, so it is
// a bound for evaluations. Call [Router.OutcomeScores].
package oracle

import (
	"context"
	"errors"

	"github.com/routellm/routellm/eval"
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

// Scores always fails, because the oracle needs outcomes.
func (Router) Scores(context.Context, []routers.Prompt) ([]float64, error) {
	return nil, errors.New("the oracle needs both models' outcomes, which only an evaluation has")
}
