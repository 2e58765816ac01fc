package measure

import (
	"math"
	"slices"

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
	// Latency holds the seconds that each answer took, NaN where not measured; nil if unknown.
	Latency *pool.Matrix
}

// Pool is a pool under measurement.
type Pool struct {
	doc       results.Pool
	samples   PoolSamples
	constants pool.Constants
	shares    []float64 // shares of the best model's quality for which costs are measured
	routers   []*poolRouter
}

// poolRouter is a router among several models under measurement.
type poolRouter struct {
	results.PoolRouter
	sweep *pool.Sweep // nil for a router without a path
	path  *pool.Path
}

// NewPool measures the models of a pool. doc holds the pool's names and the numbers of rows left
// out; shares are the shares of the best model's quality for which costs are measured.
func NewPool(doc results.Pool, s PoolSamples, shares []float64) (*Pool, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	p := &Pool{doc: doc, samples: s, constants: pool.NewConstants(s.Outcomes, nil), shares: shares}
	d := &p.doc
	d.Samples, d.Clusters = s.N(), s.N()
	if s.Cluster != nil {
		d.Clusters = slices.Max(s.Cluster) + 1
	}
	d.Range = results.CostRange{Lo: results.Value(s.Range.Lo), Hi: results.Value(s.Range.Hi), Given: true}
	if s.Range == (pool.Range{}) {
		r := p.constants.Range()
		d.Range = results.CostRange{Lo: results.Value(r.Lo), Hi: results.Value(r.Hi)}
	}
	c, hull := p.constants, p.constants.StaticMix()
	d.Best, d.Cheapest = s.Names[c.Best], s.Names[c.Cheapest]
	for m, name := range s.Names {
		d.Models = append(d.Models, results.PoolModel{Name: name, Cost: results.NewMetric(c.Cost[m]), Quality: results.NewMetric(c.Quality[m]), OnHull: onHull(hull, c, m)})
	}
	d.Routers, d.Warnings = []results.PoolRouter{}, append([]string{}, d.Warnings...)
	return p, p.addControls(hull)
}

// onHull reports whether a model is a vertex of the static mix.
func onHull(hull *pool.Path, c pool.Constants, m int) bool {
	return slices.ContainsFunc(hull.Vertices, func(v pool.Vertex) bool { return v.Cost == c.Cost[m] && v.Quality == c.Quality[m] })
}

// addControls measures what routers are compared with.
func (p *Pool) addControls(hull *pool.Path) error {
	oracle, err := pool.NewPath(p.samples.Outcomes, pool.Predictions{Quality: p.samples.Quality, Cost: p.samples.Cost}, 0)
	if err != nil {
		return err
	}
	p.doc.Controls = results.PoolControls{
		Static:  poolPoints(hull.Vertices),
		Uniform: results.PoolPoint{Lambda: results.Missing, Cost: results.Value(mean(p.constants.Cost)), Quality: results.Value(mean(p.constants.Quality))},
		Oracle:  poolPoints(thinned(oracle.Vertices)),
	}
	return nil
}

// SetPerTask adds the control that calls one model per task. choice[i] is the model of sample i.
func (p *Pool) SetPerTask(choice []int) {
	cost, quality, total := 0.0, 0.0, 0.0
	for i, m := range choice {
		w := 1.0
		if p.samples.Weight != nil {
			w = p.samples.Weight[i]
		}
		total += w
		cost += float64(w * p.samples.Cost.At(i, m))
		quality += float64(w * p.samples.Quality.At(i, m))
	}
	p.doc.Controls.PerTask = &results.PoolPoint{Lambda: results.Missing, Cost: results.Value(cost / total), Quality: results.Value(quality / total)}
}

// budgets returns the range of budgets.
func (p *Pool) budgets() pool.Range {
	return pool.Range{Lo: float64(p.doc.Range.Lo), Hi: float64(p.doc.Range.Hi)}
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
		out[k] = pointOf(v)
	}
	return out
}

func pointOf(v pool.Vertex) results.PoolPoint {
	return results.PoolPoint{Lambda: results.Value(v.Lambda), Cost: results.Value(v.Cost), Quality: results.Value(v.Quality)}
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

func mean(values []float64) float64 {
	s := 0.0
	for _, v := range values {
		s += v
	}
	return s / math.Max(1, float64(len(values)))
}
