package measure

import (
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// PoolSamples holds the evaluated samples of a pool.
type PoolSamples struct {
	pool.Outcomes
	Names []string // names of the models, in the order of the columns
	// Range is the range of budgets; the zero value stands for the costs of the cheapest and the
	// best model.
	Range pool.Range
	// Latency holds the seconds that each answer took, NaN where not measured. It has no rows if
	// they are unknown.
	Latency pool.Matrix
	// PredictedCost is the cost per prompt of each model that routers are given that predict none.
	PredictedCost []float64
}

// Pool is a pool under measurement. Call [NewPool], the Add methods, [Pool.Evaluate] and
// [Pool.Result].
type Pool struct {
	doc       results.Pool
	samples   PoolSamples
	constants pool.Constants
	shares    []float64 // shares of the best model's quality for which costs are measured
	routers   []*poolRouter
}

// NewPool returns a pool without routers. doc holds the pool's names and the numbers of rows left
// out; shares are the shares of the best model's quality for which costs are measured.
func NewPool(doc results.Pool, s PoolSamples, shares []float64) (*Pool, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	doc.Samples, doc.Clusters, doc.Weighted = s.N(), s.N(), s.Weight != nil
	if s.Cluster != nil {
		doc.Clusters = slices.Max(s.Cluster) + 1
	}
	doc.Routers, doc.Warnings = []results.PoolRouter{}, append([]string{}, doc.Warnings...)
	return &Pool{doc: doc, samples: s, constants: pool.NewConstants(s.Outcomes, nil), shares: shares}, nil
}

// Evaluate measures everything, with intervals unless b.Resamples is 0. The oracle is not compared
// with routers.
func (p *Pool) Evaluate(b eval.Bootstrap) error {
	var ranked, oracles []*poolRouter
	for _, r := range p.routers {
		if r.Entrant.Oracle {
			oracles = append(oracles, r)
		} else {
			ranked = append(ranked, r)
		}
	}
	e, err := p.evaluate(ranked, b)
	if err != nil {
		return err
	}
	p.constantsOf(e)
	if err := p.controls(e); err != nil {
		return err
	}
	if b.Resamples > 0 {
		p.judge(ranked, e, b.Confidence)
	}
	if oracles != nil {
		if _, err := p.evaluate(oracles, b); err != nil {
			return err
		}
	}
	p.warn(b.Resamples > 0)
	if !e.BestKnown() {
		p.Warn(UncertainBest(e, p.doc.Best))
	}
	return p.addBudgets()
}

// evaluate measures routers together.
func (p *Pool) evaluate(routers []*poolRouter, b eval.Bootstrap) (*pool.Evaluation, error) {
	t := pool.Table{Outcomes: p.samples.Outcomes, Range: p.samples.Range, Shares: p.shares}
	for _, r := range routers {
		t.Routers = append(t.Routers, r.sweep)
		for _, x := range r.points {
			t.Points = append(t.Points, x.decisions)
		}
	}
	e, err := t.Evaluate(b)
	if err != nil {
		return nil, err
	}
	points := e.Points
	for k, r := range routers {
		r.Metrics = p.metricsOf(e.Routers[k])
		r.Points = p.pointsOf(r, points[:len(r.points)])
		r.Optimistic = optimisticOf(r.path.Optimistic(e.Constants, e.Range))
		p.bound(r, e.Range)
		points = points[len(r.points):]
	}
	return e, nil
}

// constantsOf sets the models, always called, and the range of budgets.
func (p *Pool) constantsOf(e *pool.Evaluation) {
	c, hull, names := e.Constants, e.Constants.StaticMix(), p.samples.Names
	d := &p.doc
	d.Range = results.CostRange{Lo: results.Value(e.Range.Lo), Hi: results.Value(e.Range.Hi), Given: p.samples.Range != (pool.Range{})}
	d.Best, d.Cheapest = names[c.Best], names[c.Cheapest]
	for m, name := range names {
		if m >= len(d.Models) {
			d.Models = append(d.Models, results.PoolModel{})
		}
		x := &d.Models[m]
		x.Name, x.Cost, x.Quality, x.OnHull = name, MetricOf(e.Models[m].Cost), MetricOf(e.Models[m].Quality), onHull(hull, c, m)
		x.PredictedCost = results.Value(p.samples.PredictedCost[m])
	}
}

// onHull reports whether a model is a vertex of the static mix.
func onHull(hull *pool.Path, c pool.Constants, m int) bool {
	return slices.ContainsFunc(hull.Vertices, func(v pool.Vertex) bool { return v.Cost == c.Cost[m] && v.Quality == c.Quality[m] })
}

// controls measures what routers are compared with.
func (p *Pool) controls(e *pool.Evaluation) error {
	x := &p.doc.Controls
	uniform := pool.NewDealt(p.samples.Outcomes, pool.Uniform(len(p.samples.Names)))
	x.Static, x.StaticMetrics = poolPoints(e.Constants.StaticMix().Vertices), p.metricsOf(e.Static)
	x.Uniform = results.PoolPoint{Lambda: results.Missing, Cost: results.Value(uniform.Cost), Quality: results.Value(uniform.Quality)}
	if p.doc.Summary != nil {
		x.Oracle, x.OracleMetrics = []results.PoolPoint{}, p.plainMetrics(noPath(len(p.shares)))
		return nil
	}
	oracle, err := pool.NewPath(p.samples.Outcomes, pool.Oracle(p.samples.Outcomes), 0)
	if err != nil {
		return err
	}
	x.Oracle, x.OracleMetrics = poolPoints(thinned(oracle.Vertices)), p.plainMetrics(oracle.Measure(e.Constants, e.Range, p.shares))
	return nil
}

// SetPerTask adds the control that calls one model per task. model[i] is the model of sample i.
func (p *Pool) SetPerTask(model []int) error {
	d, _, err := p.samples.Take(model, 0)
	if err != nil {
		return err
	}
	one := pool.Outcomes{Quality: pool.Matrix{Columns: 1, Values: d.Quality}, Cost: pool.Matrix{Columns: 1, Values: d.Cost}, Weight: p.samples.Weight}
	c := pool.NewConstants(one, nil)
	p.doc.Controls.PerTask = &results.PoolPoint{Lambda: results.Missing, Cost: results.Value(c.Cost[0]), Quality: results.Value(c.Quality[0])}
	return nil
}

// Warn adds a warning about the pool.
func (p *Pool) Warn(text string) { p.doc.Warnings = append(p.doc.Warnings, text) }

// Result returns the pool with everything measured so far.
func (p *Pool) Result() results.Pool {
	doc := p.doc
	for _, r := range p.routers {
		doc.Routers = append(doc.Routers, r.PoolRouter)
	}
	return doc
}

// poolPoints converts vertices.
func poolPoints(vertices []pool.Vertex) []results.PoolPoint {
	out := make([]results.PoolPoint, len(vertices))
	for k, v := range vertices {
		out[k] = results.PoolPoint{Lambda: results.Value(v.Lambda), Cost: results.Value(v.Cost), Quality: results.Value(v.Quality)}
	}
	return out
}

// thinned returns at most [results.MaxVertices] of the vertices, evenly spaced, with both ends.
func thinned(vertices []pool.Vertex) []pool.Vertex {
	n := len(vertices)
	if n <= results.MaxVertices {
		return vertices
	}
	out := make([]pool.Vertex, results.MaxVertices)
	for k := range out {
		out[k] = vertices[k*(n-1)/(len(out)-1)]
	}
	return out
}
