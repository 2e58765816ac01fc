package harness

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// PoolScorer applies a policy to prompts that are in no data set: it predicts the quality and the
// cost of each model and chooses one. It is safe for concurrent use.
type PoolScorer struct {
	promptMaker
	predictor Predictor // predicts the policy's models
	policy    results.PoolPolicy
	costs     []float64 // the policy's costs; nil where the predictor predicts them
}

// Prediction is what a predictor says of one prompt, with one value per model in the order of
// [PoolScorer.Models].
type Prediction struct {
	Quality, Cost []float64
	Draw          float64 // the prompt's random number in [0,1); see [pool.Draw]
}

// Of returns the prediction with the names of the models.
func (p Prediction) Of(models []string) []results.Predicted {
	out := make([]results.Predicted, len(models))
	for i, name := range models {
		out[i] = results.Predicted{Model: name, Quality: results.Value(p.Quality[i]), Cost: results.Value(p.Cost[i])}
	}
	return out
}

// PolicyAt returns the policy that applies a lambda, in quality per US dollar, to the predictions
// of a router that predicts costs, for the given models or, without any, for all that it knows.
func PolicyAt(lambda float64, p Predictor, models ...string) results.PoolPolicy {
	if len(models) == 0 {
		models = p.Models()
	}
	y := results.PoolPolicy{Axis: results.CostAxis, Lambda: results.Value(lambda), Mix: 1}
	for _, name := range models {
		y.Models = append(y.Models, results.PolicyModel{Name: name, Cost: results.Missing})
	}
	return y
}

// NewPoolScorer returns a scorer that applies a policy to the predictions of a router. A router
// that knows only the prompts of a file, that needs outcomes, or that does not know all models of
// the policy is an error.
func NewPoolScorer(p Predictor, y results.PoolPolicy, enc Encoder, f Feedback) (*PoolScorer, error) {
	if err := canPredict(p); err != nil {
		return nil, err
	}
	if len(y.Models) == 0 {
		return nil, hint.With(fmt.Errorf("router %q knows no models by name and predicts no quality of theirs", p.Spec.Label), "train linear, knn and cluster make routers among several models")
	}
	if err := y.Check(); err != nil {
		return nil, err
	}
	bound, err := p.forPool(routers.Pool{Models: y.Names()})
	if err != nil {
		return nil, err
	}
	if _, ok := routers.As[routers.Ordinal](bound.Predictor); ok {
		return nil, hint.With(fmt.Errorf("router %q scores prompts for two models and predicts no quality", p.Spec.Label), "a threshold, not lambda, decides for it")
	}
	c := &PoolScorer{predictor: bound, policy: y}
	for _, m := range y.Models {
		if y.Priced() {
			c.costs = append(c.costs, float64(m.Cost))
		}
	}
	c.promptMaker, err = newPromptMaker(bound.Predictor, enc, f)
	return c, err
}

// canPredict refuses a router that cannot predict anything of prompts that are in no data set.
func canPredict(p Predictor) error {
	_, oracle := routers.As[routers.OutcomePredictor](p.Predictor)
	_, decides := routers.As[routers.PoolDecider](p.Predictor)
	switch {
	case oracle:
		return fmt.Errorf("router %q needs outcomes and cannot route", p.Spec.Label)
	case decides || p.Needs().SHA256:
		return fmt.Errorf("router %q knows only the prompts of its file and cannot route others", p.Spec.Label)
	}
	return nil
}

// Predictor returns the scorer's router.
func (c *PoolScorer) Predictor() Predictor { return c.predictor }

// Models returns the names of the policy's models.
func (c *PoolScorer) Models() []string { return c.policy.Names() }

// Choose returns the index of the model that the policy chooses for a prompt.
func (c *PoolScorer) Choose(p Prediction) int {
	if c.policy.Always != "" {
		return slices.Index(c.Models(), c.policy.Always)
	}
	y := pool.Policy{Lambda: float64(c.policy.Lambda), Mix: float64(c.policy.Mix)}
	return y.Choose(p.Quality, p.Cost, p.Draw)
}

// PredictOne returns the prediction of one text. id names the prompt in errors.
func (c *PoolScorer) PredictOne(ctx context.Context, id, text string) (Prediction, error) {
	all, _, err := c.Predict(ctx, []string{id}, []string{text})
	if err != nil {
		return Prediction{}, err
	}
	return all[0], nil
}

// Predict returns one prediction per text, and one number of tokens per text if the router's
// encoder counts them, or else nil. ids name the prompts in errors, one per text.
func (c *PoolScorer) Predict(ctx context.Context, ids, texts []string) (all []Prediction, tokens []int, err error) {
	prompts, tokens, err := c.prompts(ctx, ids, texts)
	if err != nil {
		return nil, nil, err
	}
	quality, cost, err := c.predictor.Predict(ctx, prompts)
	if err == nil {
		err = c.checkShape(quality, cost, len(prompts))
	}
	if err != nil {
		return nil, nil, fmt.Errorf("router %q: %w", c.predictor.Spec.Label, err)
	}
	all = make([]Prediction, len(texts))
	for i := range all {
		if all[i], err = c.prediction(quality, cost, i); err != nil {
			return nil, nil, fmt.Errorf("router %q: sample %q: %w", c.predictor.Spec.Label, ids[i], err)
		}
		digest := sha256.Sum256([]byte(strings.ToValidUTF8(texts[i], "\uFFFD")))
		all[i].Draw = pool.Draw(digest[:])
	}
	return all, tokens, nil
}

// checkShape returns an error unless there is a row of qualities per prompt and, where the policy
// has no costs, also of costs or one row for all.
func (c *PoolScorer) checkShape(quality, cost pool.Matrix, prompts int) error {
	models := len(c.policy.Models)
	if quality.Columns != models || quality.Rows() != prompts {
		return fmt.Errorf("found %d x %d predicted qualities, expected %d x %d: one row per prompt, one column per model", quality.Rows(), quality.Columns, prompts, models)
	}
	rows := cost.Rows()
	switch {
	case c.costs != nil:
		return nil
	case rows == 0:
		return hint.With(fmt.Errorf("predicts no costs, and there are none of %s", text.Quoted(c.Models(), 10)), "calibrate keeps the mean cost of each model with the policy")
	case cost.Columns != models || rows != 1 && rows != prompts:
		return fmt.Errorf("found %d x %d predicted costs, expected %d x %d", rows, cost.Columns, prompts, models)
	}
	return nil
}

// prediction returns the prediction of the i-th prompt.
func (c *PoolScorer) prediction(quality, cost pool.Matrix, i int) (Prediction, error) {
	p := Prediction{Quality: quality.Row(i), Cost: c.costs}
	if c.costs == nil {
		p.Cost = cost.Row(min(i, cost.Rows()-1))
	}
	for m := range p.Quality {
		if !num.Finite(p.Quality[m]) || !num.Finite(p.Cost[m]) || p.Cost[m] < 0 {
			return p, fmt.Errorf("predicted quality %v and cost %v of %q, expected finite numbers, and a cost of 0 or more", p.Quality[m], p.Cost[m], c.policy.Models[m].Name)
		}
	}
	return p, nil
}
