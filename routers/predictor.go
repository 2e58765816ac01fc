package routers

import (
	"context"
	"slices"

	"github.com/routellm/routellm/eval/pool"
)

// Predictor predicts how good each model's answer to a prompt will be and, if it can, what the
// answer will cost. Routing among any number of models follows from that: see [pool.Policy].
// Implementations are safe for concurrent use.
type Predictor interface {
	// Needs returns the parts that every prompt passed to Predict must have.
	Needs() Needs
	// Models returns the names of the models that the predictor knows, in the order of the
	// columns that Predict returns.
	Models() []string
	// Predict returns one row per prompt and one column per model. Qualities are finite numbers
	// in the unit of the outcomes that the predictor learned from, or any increasing function of
	// it. Costs are per prompt, in the unit of its outcomes' costs. A cost matrix without rows
	// means that the predictor knows nothing of costs; one row holds for every prompt.
	Predict(ctx context.Context, prompts []Prompt) (quality, cost pool.Matrix, err error)
}

// ForPair returns the router of a predictor for two of its models: the score is the predicted
// quality of the strong model minus that of the weak one.
func ForPair(p Predictor, strong, weak string) (Router, error) {
	if bound, ok := As[PoolBound](p); ok {
		var err error
		if p, err = bound.ForPool(Pool{Models: []string{strong, weak}, Strong: strong, Weak: weak}); err != nil {
			return nil, err
		}
	}
	r := &pairOf{predictor: p}
	for _, side := range []struct {
		model string
		at    *int
	}{{strong, &r.strong}, {weak, &r.weak}} {
		if *side.at = slices.Index(p.Models(), side.model); *side.at < 0 {
			return nil, unknownModel(p, side.model)
		}
	}
	return r, nil
}
