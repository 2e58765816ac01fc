package routers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Pool names the models among which routers choose on one data set.
type Pool struct {
	Models []string
	// Strong and Weak are the pair of routers that choose between two models; "" if it is not
	// known. Both are models of the pool.
	Strong, Weak string
	// Cost is the mean cost per prompt of each model; nil if it is not known.
	Cost []float64
}

// PoolBound is a predictor that depends on the pool, such as a two-model router, or one whose
// models are known only then, such as the oracle. Until it is told its pool it predicts nothing.
type PoolBound interface {
	// ForPool returns the predictor of a pool. Its models are the pool's in their order or, for a
	// router that chooses between two models, the strong and the weak one.
	ForPool(Pool) (Predictor, error)
}

// OutcomePredictor is a [Predictor] that sees the models' results, such as the oracle. It works only
// inside an evaluation.
type OutcomePredictor interface {
	// PredictOutcomes returns predictions from the outcomes: one row per prompt and one column per
	// model.
	PredictOutcomes(pool.Outcomes) pool.Predictions
}

// Ordinal marks a predictor of two models, the strong one first, whose qualities are an order of
// prompts and no more. Its path goes from one model for every prompt to the other one for every
// prompt: see [pool.OfScores].
type Ordinal interface{ Ordinal() }

// PoolDecider is a router that makes decisions among models in place of predictions, each at one or
// more operating points. [Predictor.Predict] fails.
type PoolDecider interface {
	Predictor
	// Decide returns the decisions on all prompts of an evaluation. The models are numbered as in
	// Models.
	Decide(ctx context.Context, prompts []Prompt) (pool.Decided, error)
}

// HeldOutPredictor is a trained predictor that knows its out-of-sample prediction of each training
// prompt.
type HeldOutPredictor interface {
	// HeldOutPrediction returns the quality of each model for the training prompt with this
	// normalised digest; ok is false for any other prompt.
	HeldOutPrediction(norm string) (quality []float64, ok bool)
}

// ForPool returns the predictor of a pool: its models are those of the pool, in their order, except
// for [Ordinal] predictors, which have two. A model that the predictor does not know is an error;
// others that it knows are left out, see [Unused].
func ForPool(p Predictor, of Pool) (Predictor, error) {
	if bound, ok := As[PoolBound](p); ok {
		return bound.ForPool(of)
	}
	if slices.Equal(p.Models(), of.Models) {
		return p, nil
	}
	out := &picked{Predictor: p, models: of.Models}
	for _, m := range of.Models {
		at := slices.Index(p.Models(), m)
		if at < 0 {
			return nil, unknownModel(p, m)
		}
		out.columns = append(out.columns, at)
	}
	return out, nil
}

// Unused lists the models that a predictor knows and the pool lacks.
func Unused(p Predictor, of Pool) []string {
	return slices.DeleteFunc(slices.Clone(p.Models()), func(m string) bool { return slices.Contains(of.Models, m) })
}

// unknownModel returns the error about a model that the predictor does not know.
func unknownModel(p Predictor, model string) error {
	err := hint.With(fmt.Errorf("the router knows nothing of the model %q", model), "it knows "+text.Quoted(p.Models(), 20))
	return hint.DidYouMean(err, model, p.Models())
}

// picked has some columns of a predictor.
type picked struct {
	Predictor
	models  []string
	columns []int
}

func (p *picked) Unwrap() any { return p.Predictor }

func (p *picked) Models() []string { return p.models }

func (p *picked) Predict(ctx context.Context, prompts []Prompt) (quality, cost pool.Matrix, err error) {
	quality, cost, err = p.Predictor.Predict(ctx, prompts)
	if err != nil {
		return quality, cost, err
	}
	return quality.Select(p.columns), cost.Select(p.columns), nil
}

// HeldOutPrediction implements [HeldOutPredictor].
func (p *picked) HeldOutPrediction(norm string) (quality []float64, ok bool) {
	h, ok := As[HeldOutPredictor](p.Predictor)
	if !ok {
		return nil, false
	}
	all, ok := h.HeldOutPrediction(norm)
	if !ok {
		return nil, false
	}
	for _, k := range p.columns {
		quality = append(quality, all[k])
	}
	return quality, true
}

// errDecides is why a decider predicts nothing.
var errDecides = errors.New("the router makes decisions and predicts no qualities")

// NoPredictions is embedded by a [PoolDecider]: its Predict fails.
type NoPredictions struct{}

// Predict always fails.
func (NoPredictions) Predict(context.Context, []Prompt) (quality, cost pool.Matrix, err error) {
	return quality, cost, errDecides
}
