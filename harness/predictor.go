package harness

import (
	"context"
	"fmt"
	"math"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/registry"
)

// Predictor is a router among any number of models, with the name of its row.
type Predictor struct {
	Spec registry.Spec
	routers.Predictor
	// OwnCost and OwnLatency are what the router itself costs per prompt, in USD and in seconds.
	// Every operating point includes them.
	OwnCost, OwnLatency float64
	unmeasured          bool // OwnLatency is not known, and counts as 0
}

// OpenPredictors opens routers among several models by name, as [Open] does. Routers that choose
// between two models are among them: on a pool they choose between its pair.
func OpenPredictors(names []string, o RouterOptions) ([]Predictor, error) {
	rs, err := Open(names, o)
	if err != nil {
		return nil, err
	}
	return PredictorsOf(rs), nil
}

// PredictorsOf returns opened routers as predictors.
func PredictorsOf(rs []Router) []Predictor {
	out := make([]Predictor, len(rs))
	for i, r := range rs {
		out[i] = Predictor{Spec: r.Spec, Predictor: routers.PredictorOf(r.Router)}
	}
	return out
}

// OwnPredictor returns a predictor of your own under the given label.
func OwnPredictor(label string, p routers.Predictor) Predictor {
	return Predictor{Spec: registry.Spec{Label: label, Name: label}, Predictor: p}
}

// router returns the predictor as a router, for what concerns both: what it needs of prompts, and
// what it was trained on.
func (p Predictor) router() Router {
	if r, ok := routers.As[routers.Router](p.Predictor); ok {
		return Router{Spec: p.Spec, Router: r}
	}
	return Router{Spec: p.Spec, Router: routers.AnyPair(p.Predictor)}
}

// forPool returns the predictor of a pool.
func (p Predictor) forPool(of routers.Pool) (Predictor, error) {
	bound, err := routers.ForPool(p.Predictor, of)
	if err != nil {
		return p, fmt.Errorf("router %q: %w", p.Spec.Label, err)
	}
	p.Predictor = bound
	return p, nil
}

// predictParts predicts n prompts batch by batch, to report progress. prompts returns those from one
// number to before another. A predictor whose answer has another shape, or a number that is not
// finite, is an error.
func predictParts(ctx context.Context, p routers.Predictor, n, batch int, prompts func(from, to int) []routers.Prompt, progress func(done, total int)) (pool.Predictions, error) {
	models := len(p.Models())
	out := pool.Predictions{Quality: pool.NewMatrix(0, models), Cost: pool.NewMatrix(0, models)}
	perPrompt := batch == 1 // a last batch of one prompt does not tell
	for from := 0; from < n; from += batch {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		some := prompts(from, min(from+batch, n))
		quality, cost, err := p.Predict(ctx, some)
		if err == nil {
			err = checkPredictions(p.Models(), quality, cost, some)
		}
		if err != nil {
			return out, err
		}
		out.Quality.Values = append(out.Quality.Values, quality.Values...)
		perPrompt = perPrompt || cost.Rows() > 1
		if from == 0 || perPrompt {
			out.Cost.Values = append(out.Cost.Values, cost.Values...)
		}
		progress(from+len(some), n)
	}
	return out, nil
}

// checkPredictions refuses predictions that are not one finite number per prompt and model. Costs
// may also have one row for all prompts, or none.
func checkPredictions(models []string, quality, cost pool.Matrix, prompts []routers.Prompt) error {
	n := len(prompts)
	if quality.Columns != len(models) || quality.Rows() != n {
		return fmt.Errorf("found %d x %d predicted qualities, expected %d x %d: one row per prompt, one column per model", quality.Rows(), quality.Columns, n, len(models))
	}
	if rows := cost.Rows(); rows > 0 && (cost.Columns != len(models) || rows != 1 && rows != n) {
		return fmt.Errorf("found %d x %d predicted costs, expected %d x %d: one row per prompt, or one for all", rows, cost.Columns, n, len(models))
	}
	for _, kind := range []struct {
		of     string
		values pool.Matrix
		least  float64
	}{{"quality", quality, math.Inf(-1)}, {"cost", cost, 0}} {
		for i, v := range kind.values.Values {
			if !num.Finite(v) || v < kind.least {
				return fmt.Errorf("sample %q: predicted %s of %q is %v, expected a finite number%s", prompts[i/len(models)].ID, kind.of, models[i%len(models)], v,
					map[string]string{"cost": " of 0 or more"}[kind.of])
			}
		}
	}
	return nil
}
