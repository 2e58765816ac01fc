package harness

import (
	"fmt"

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
