package measure

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// Entrant names a router among several models.
type Entrant struct {
	Name    string
	Source  results.Source
	Columns []int   // the pool's columns of the models that the router chooses among, in its order
	Own     float64 // the router's own cost per prompt
}

// AddPredictions measures a router that predicts the quality and the cost of each model.
func (p *Pool) AddPredictions(e Entrant, x pool.Predictions) error {
	sweep, err := pool.NewSweep(p.outcomesOf(e), x, e.Own)
	return p.add(e, sweep, err, func(v pool.Vertex, _ int, choose func(i, model int, share float64)) {
		for i := range p.samples.N() {
			models := x.Chosen(i, v.Lambda)
			for _, m := range models {
				choose(i, m, 1/float64(len(models)))
			}
		}
	})
}

// AddScores measures a router that chooses between two models, the strong one first, by a score.
func (p *Pool) AddScores(e Entrant, scores []float64) error {
	c := p.constants.Cost
	return p.AddPredictions(e, pool.OfScores(scores, c[e.Columns[0]], c[e.Columns[1]]))
}

// AddDecisions measures a router that makes decisions at one or more operating points.
func (p *Pool) AddDecisions(e Entrant, d pool.Decided) error {
	o := p.outcomesOf(e)
	if err := d.Validate(o.N(), o.Models()); err != nil {
		return err
	}
	if p.doc.Axis == results.LatencyAxis {
		d = d.OnLatency()
	}
	d = d.Sorted(o)
	sweep, err := pool.NewDecided(o, d, e.Own)
	return p.add(e, sweep, err, func(_ pool.Vertex, k int, choose func(i, model int, share float64)) {
		for i, c := range d.Choices(k) {
			choose(i, c.Model, 1)
		}
	})
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

// add measures a router with a path.
func (p *Pool) add(e Entrant, sweep *pool.Sweep, err error, choices choicesAt) error {
	if err != nil {
		return err
	}
	path := sweep.Path(nil)
	r := &poolRouter{PoolRouter: results.PoolRouter{
		Name: e.Name, Scores: e.Source, OwnCost: results.Value(e.Own), Metrics: p.metricsOf(path), Curve: poolPoints(thinned(path.Vertices)),
		Standing: results.NotCompared, Optimistic: noOptimistic(), Warnings: []string{},
	}, sweep: sweep, path: path}
	r.Optimistic.PeakQuality = results.Value(path.Peak().Quality)
	r.Points = p.pointsOf(e, path, choices)
	p.routers = append(p.routers, r)
	return nil
}

// metricsOf measures a path.
func (p *Pool) metricsOf(path *pool.Path) results.PoolMetrics {
	m := path.Measure(p.constants, p.budgets(), p.shares)
	out := results.PoolMetrics{
		Area: results.NewMetric(m.Area), LogArea: results.NewMetric(m.LogArea), Lift: results.NewMetric(m.Lift), LogLift: results.NewMetric(m.LogLift),
		Share: results.NewMetric(m.Share), CostFor: map[string]results.CostFor{},
	}
	for k, share := range p.shares {
		out.CostFor[key(share)] = results.CostFor{Metric: results.NewMetric(m.CostFor[k]), Never: results.Missing}
	}
	return out
}

// noOptimistic returns optimistic figures that are not computed.
func noOptimistic() results.PoolOptimistic {
	none := results.Value(math.NaN())
	return results.PoolOptimistic{AIQ: none, QNC: none, QNCHull: none, PeakQuality: none}
}

// SetModel sets the digest of the weights of the last router added.
func (p *Pool) SetModel(sha256 string) { p.routers[len(p.routers)-1].ModelSHA256 = &sha256 }
