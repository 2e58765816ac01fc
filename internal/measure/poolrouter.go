package measure

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/eval/pool/moved"
	"github.com/routellm/routellm/results"
)

// Entrant is a router among several models with what it predicts or decides.
type Entrant struct {
	Name    string
	Source  results.Source
	SHA256  string // digest of the weights; "" without weights
	Columns []int  // the pool's columns of the models that the router chooses among, in its order
	// Predictions holds what the router predicts, unless Decided is set. Those are in the order
	// of their cost.
	Predictions pool.Predictions
	Decided     *pool.Decided
	// Summary holds the moves of the router's path in place of predictions; see [Pool.AddSummary].
	Summary *moved.Summary
	// Own is the router's own cost per prompt in the unit of the axis, and Latency the seconds
	// that it takes.
	Own, Latency float64
	Oracle       bool // the router sees the outcomes, and is not ranked
}

// poolRouter is a router among several models under measurement.
type poolRouter struct {
	results.PoolRouter
	Entrant
	sweep  *pool.Sweep
	path   *pool.Path
	does   chooser
	points []poolPoint
}

// poolPoint is an operating point under measurement.
type poolPoint struct {
	vertex    pool.Vertex
	setting   string
	reaches   float64
	decisions pool.Decisions
	mix       []float64 // one share per model of the pool
	latency   quantiles
}

// chooser says what a router does at the vertices of its path.
type chooser interface {
	// at returns what vertex k gives and costs on each sample, and the mix of the router's models.
	at(k int, v pool.Vertex) (pool.Decisions, []float64, error)
	// each calls visit with the models of every sample at vertex k, their shares, and the seconds
	// that they take; NaN stands for those of the model's answer.
	each(k int, v pool.Vertex, visit func(i, model int, share, seconds float64))
	// setting returns the name of vertex k, if it has one.
	setting(k int) string
}

// maxSettings is the number of settings of a router that are all shown.
const maxSettings = 10

// Add adds a router.
func (p *Pool) Add(e Entrant) error {
	o := p.outcomesOf(e)
	if e.Decided == nil {
		sweep, err := pool.NewSweep(o, e.Predictions, e.Own)
		if err != nil {
			return err
		}
		return p.add(e, sweep, sweep.Path(nil), predicted{o, e.Predictions, e.Own}, nil)
	}
	sweep, err := pool.NewDecided(o, *e.Decided, e.Own)
	if err != nil {
		return err
	}
	var all []int
	if n := len(e.Decided.Points) + 1; n <= maxSettings {
		for k := range n {
			all = append(all, k)
		}
	}
	latency := p.samples.Latency
	if latency.Rows() > 0 {
		latency = latency.Select(e.Columns)
	}
	return p.add(e, sweep, sweep.Path(nil), decided{o, latency, *e.Decided, e.Own}, all)
}

// outcomesOf returns the outcomes of the models that a router chooses among.
func (p *Pool) outcomesOf(e Entrant) pool.Outcomes {
	o := p.samples.Outcomes
	if len(e.Columns) == o.Models() && slices.IsSorted(e.Columns) {
		return o
	}
	o.Quality, o.Cost = o.Quality.Select(e.Columns), o.Cost.Select(e.Columns)
	return o
}

// add adds a router with a path. at lists the vertices to show; nil stands for those that reach
// the shares of the best model's quality, and the last one.
func (p *Pool) add(e Entrant, sweep *pool.Sweep, path *pool.Path, c chooser, at []int) error {
	r := &poolRouter{PoolRouter: results.PoolRouter{
		Name: e.Name, Scores: e.Source, Own: results.Value(e.Own), OwnLatency: results.Value(e.Latency), Standing: results.NotCompared, Warnings: []string{},
	}, Entrant: e, sweep: sweep, path: path, does: c}
	if e.SHA256 != "" {
		r.ModelSHA256 = &e.SHA256
	}
	r.Models, r.Kind, r.PoolRouter.Oracle = p.namesOf(e), kindOf(e), e.Oracle
	if e.Decided != nil {
		r.Settings = len(e.Decided.Points) + 1
	}
	r.Curve = poolPoints(thinned(r.path.Vertices))
	reaches := p.reaching(r.path)
	if at == nil {
		at = append(at, len(r.path.Vertices)-1)
		for k := range reaches {
			at = append(at, k)
		}
		slices.Sort(at)
		at = slices.Compact(at)
	}
	for _, k := range at {
		x, err := p.point(r, c, k)
		if err != nil {
			return err
		}
		x.reaches = math.NaN()
		if share, ok := reaches[k]; ok {
			x.reaches = share
		}
		r.points = append(r.points, x)
	}
	p.routers = append(p.routers, r)
	return nil
}

// reaching returns the first vertices that reach the shares of the best model's quality, with the
// largest share that they reach.
func (p *Pool) reaching(path *pool.Path) map[int]float64 {
	out := map[int]float64{}
	for _, share := range p.shares {
		target := share*p.constants.Quality[p.constants.Best] - 1e-9
		k := slices.IndexFunc(path.Vertices, func(v pool.Vertex) bool { return v.Quality >= target })
		if k >= 0 {
			out[k] = max(out[k], share)
		}
	}
	return out
}

// namesOf returns the models that a router chooses among, in its order.
func (p *Pool) namesOf(e Entrant) []string {
	out := make([]string, len(e.Columns))
	for k, m := range e.Columns {
		out[k] = p.samples.Names[m]
	}
	return out
}

// kindOf says what a router gives.
func kindOf(e Entrant) results.PoolKind {
	switch {
	case e.Decided != nil:
		return results.PoolDecisions
	case e.Predictions.Scores:
		return results.PoolScores
	}
	return results.PoolPredictions
}

// WarnRouter adds a warning about the last router added.
func (p *Pool) WarnRouter(text string) {
	r := p.routers[len(p.routers)-1]
	r.Warnings = append(r.Warnings, text)
}
