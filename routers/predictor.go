package routers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
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
	r := &pairOf{predictor: p}
	for _, side := range []struct {
		model string
		at    *int
	}{{strong, &r.strong}, {weak, &r.weak}} {
		if *side.at = slices.Index(p.Models(), side.model); *side.at < 0 {
			return nil, hint.DidYouMean(fmt.Errorf("the router has no model %q: it knows %s", side.model, strings.Join(p.Models(), ", ")), side.model, p.Models())
		}
	}
	return r, nil
}

// pairOf is a predictor as a router for two of its models.
type pairOf struct {
	predictor    Predictor
	strong, weak int
}

func (r *pairOf) Needs() Needs { return r.predictor.Needs() }

func (r *pairOf) Scores(ctx context.Context, prompts []Prompt) ([]float64, error) {
	quality, _, err := r.predictor.Predict(ctx, prompts)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(prompts))
	for i := range out {
		out[i] = quality.At(i, r.strong) - quality.At(i, r.weak)
	}
	return out, nil
}

// PairPredictor returns a router as a predictor for its pair: the weak model's quality is 0 and the
// strong model's is the score. It knows nothing of costs.
func PairPredictor(r Router, strong, weak string) Predictor {
	return &predictorOf{Router: r, models: []string{strong, weak}}
}

type predictorOf struct {
	Router
	models []string
}

func (p *predictorOf) Models() []string { return p.models }

func (p *predictorOf) Predict(ctx context.Context, prompts []Prompt) (quality, cost pool.Matrix, err error) {
	scores, err := p.Scores(ctx, prompts)
	if err != nil {
		return pool.Matrix{}, pool.Matrix{}, err
	}
	quality = pool.NewMatrix(len(prompts), 2)
	for i, s := range scores {
		quality.Row(i)[0] = s
	}
	return quality, pool.Matrix{}, nil
}
