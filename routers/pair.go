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

// Unpaired is a router that has scores only for a pair of models that it is told: one that predicts
// several models, or decides between models that a file names.
type Unpaired interface {
	// ForPair returns the router of a pair. It fails if it does not know a model of the pair.
	ForPair(strong, weak string) (Router, error)
}

// pairOf is a predictor as a router for two of its models.
type pairOf struct {
	predictor    Predictor
	strong, weak int
}

func (r *pairOf) Unwrap() any { return r.predictor }

func (r *pairOf) Needs() Needs { return r.predictor.Needs() }

func (r *pairOf) Scores(ctx context.Context, prompts []Prompt) ([]float64, error) {
	quality, _, err := r.predictor.Predict(ctx, prompts)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(prompts))
	for i := range out {
		out[i] = r.score(quality.Row(i))
	}
	return out, nil
}

// score returns the score of a row of predictions.
func (r *pairOf) score(quality []float64) float64 { return quality[r.strong] - quality[r.weak] }

// HeldOut implements [HeldOut] for a predictor that is [HeldOutPredictor].
func (r *pairOf) HeldOut(norm string) (score float64, ok bool) {
	h, ok := As[HeldOutPredictor](r.predictor)
	if !ok {
		return 0, false
	}
	quality, ok := h.HeldOutPrediction(norm)
	if !ok {
		return 0, false
	}
	return r.score(quality), true
}

// AnyPair returns a predictor as a router that is told its pair later, with [Unpaired]. Until then it
// has no scores.
func AnyPair(p Predictor) Router { return &anyPair{p} }

type anyPair struct{ Predictor }

func (r *anyPair) Unwrap() any { return r.Predictor }

// Scores always fails, because no pair is known.
func (r *anyPair) Scores(context.Context, []Prompt) ([]float64, error) { return nil, r.noPair() }

func (r *anyPair) noPair() error {
	err := errors.New("the router chooses among several models and has no scores without a pair")
	if models := r.Models(); len(models) > 0 {
		err = fmt.Errorf("%w; it knows %s", err, text.Quoted(models, 20))
	}
	return hint.With(err, "name two of its models: --pair STRONG,WEAK")
}

// ForPair implements [Unpaired].
func (r *anyPair) ForPair(strong, weak string) (Router, error) {
	if strong == "" || weak == "" {
		return nil, r.noPair()
	}
	return ForPair(r.Predictor, strong, weak)
}

// PredictorOf returns a router as a predictor: the one that it is, or that it was made of by
// [AnyPair], or one for the pair of each pool, see [Pool].
func PredictorOf(r Router) Predictor {
	if p, ok := As[Predictor](r); ok {
		if _, wrapped := p.(*anyPair); !wrapped {
			return p
		}
		return p.(*anyPair).Predictor
	}
	return &ofRouter{r}
}

// ofRouter is a two-model router as a predictor of the pair of each pool.
type ofRouter struct{ Router }

func (p *ofRouter) Unwrap() any { return p.Router }

// Models returns nil: the pool decides.
func (p *ofRouter) Models() []string { return nil }

// Predict always fails, because no pair is known.
func (p *ofRouter) Predict(context.Context, []Prompt) (quality, cost pool.Matrix, err error) {
	return quality, cost, errors.New("the router chooses between two models and predicts nothing without a pool")
}

// ForPool implements [PoolBound]: the router chooses between the pool's pair, or else between the
// models that it was trained for.
func (p *ofRouter) ForPool(of Pool) (Predictor, error) {
	strong, weak := of.Strong, of.Weak
	if trained, ok := As[Paired](p.Router); ok && strong == "" {
		strong, weak = trained.Pair()
	}
	has := func(model string) bool { return slices.Contains(of.Models, model) }
	if strong == "" || !has(strong) || !has(weak) {
		err := errors.New("the router chooses between two models, and it is not known which of the pool they are")
		return nil, hint.With(err, "name them: --pair STRONG,WEAK", "models of the pool: "+text.Quoted(of.Models, 20))
	}
	if u, ok := p.Router.(Unpaired); ok {
		r, err := u.ForPair(strong, weak)
		return PairPredictor(r, strong, weak), err
	}
	if a, ok := As[AnswerRouter](p.Router); ok {
		return &answerDecider{AnswerRouter: a, models: []string{strong, weak}}, nil
	}
	return PairPredictor(p.Router, strong, weak), nil
}

// PairPredictor returns a router as a predictor for its pair: the weak model's quality is 0 and the
// strong model's is the score. It knows nothing of costs, and its scores are [Ordinal].
func PairPredictor(r Router, strong, weak string) Predictor {
	return &predictorOf{Router: r, models: []string{strong, weak}}
}

type predictorOf struct {
	Router
	models []string
}

func (p *predictorOf) Unwrap() any { return p.Router }

func (p *predictorOf) Ordinal() {}

func (p *predictorOf) Models() []string { return p.models }

func (p *predictorOf) Predict(ctx context.Context, prompts []Prompt) (quality, cost pool.Matrix, err error) {
	scores, err := p.Scores(ctx, prompts)
	if err != nil {
		return quality, cost, err
	}
	quality = pool.NewMatrix(len(prompts), 2)
	for i, s := range scores {
		quality.Row(i)[0] = s
	}
	return quality, cost, nil
}
