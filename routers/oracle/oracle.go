// Package oracle routes with the answers in hand: the bound that no router can pass.
package oracle

import (
	"context"
	"errors"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers"
)

// Router orders samples by what the strong model gains on them.
type Router struct{}

// Needs returns nothing: the oracle does not look at prompts.
func (Router) Needs() routers.Needs { return routers.Needs{} }

// OutcomeScores returns strong - weak for each sample.
func (Router) OutcomeScores(strong, weak []float64) []float64 {
	return eval.OracleScores(eval.Outcomes{Strong: strong, Weak: weak})
}

// Scores always fails: without outcomes there is no oracle.
func (Router) Scores(context.Context, []routers.Prompt) ([]float64, error) {
	return nil, errors.New("the oracle needs both models' outcomes, which only an evaluation has")
}
