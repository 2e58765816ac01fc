package measure

import (
	"cmp"
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// predicted chooses by predictions.
type predicted struct {
	outcomes pool.Outcomes
	pool.Predictions
	own float64
}

// policy returns the rule of a vertex: of equally good models it takes the most expensive one.
func policy(v pool.Vertex) pool.Policy { return pool.Policy{Lambda: v.Lambda, Mix: 1} }

func (x predicted) setting(int) string { return "" }

func (x predicted) at(_ int, v pool.Vertex) (pool.Decisions, []float64, error) {
	return policy(v).Apply(x.outcomes, x.Predictions, x.own)
}

func (x predicted) each(_ int, v pool.Vertex, visit func(i, model int, share, seconds float64)) {
	share := make([]float64, x.outcomes.Models())
	for i := range x.outcomes.N() {
		costs := x.Cost.Row(0)
		if x.Cost.Rows() > 1 {
			costs = x.Cost.Row(i)
		}
		policy(v).Shares(share, x.Quality.Row(i), costs)
		for m, s := range share {
			if s > 0 {
				visit(i, m, s, math.NaN())
			}
		}
	}
}

// decided chooses as it was decided.
type decided struct {
	outcomes pool.Outcomes
	latency  pool.Matrix // seconds of the answers of the models that it chooses among; without rows if not known
	pool.Decided
	own float64
}

func (x decided) setting(k int) string {
	if k == 0 {
		return x.Start.Name
	}
	return x.Points[k-1].Name
}

func (x decided) at(k int, _ pool.Vertex) (pool.Decisions, []float64, error) {
	d, mix := x.At(x.outcomes, k, x.own)
	return d, mix, nil
}

func (x decided) each(k int, _ pool.Vertex, visit func(i, model int, share, seconds float64)) {
	for i, c := range x.Choices(k) {
		if x.latency.Rows() > 0 {
			c.Latency = x.LatencyOf(x.latency, i, c)
		}
		visit(i, c.Model, 1, c.Latency)
	}
}

// point measures vertex k of a router.
func (p *Pool) point(r *poolRouter, c chooser, k int) (poolPoint, error) {
	v := r.path.Vertices[k]
	d, mix, err := c.at(k, v)
	if err != nil {
		return poolPoint{}, err
	}
	x := poolPoint{vertex: v, setting: c.setting(k), decisions: d, mix: make([]float64, len(p.samples.Names))}
	for m, share := range mix {
		x.mix[r.Columns[m]] += share
	}
	if p.samples.Latency.Rows() == 0 {
		return x, nil
	}
	c.each(k, v, func(i, model int, share, seconds float64) {
		if math.IsNaN(seconds) {
			seconds = p.samples.Latency.At(i, r.Columns[model])
		}
		if p.samples.Weight != nil {
			share *= p.samples.Weight[i]
		}
		x.latency = append(x.latency, weighed{seconds + r.Latency, share})
	})
	return x, nil
}

// quantiles holds values with weights.
type quantiles []weighed

type weighed struct{ value, weight float64 }

// at returns the smallest value that the share q of the weight does not exceed, or NaN if a value
// is not known or there is none.
func (x quantiles) at(q float64) float64 {
	total := 0.0
	for _, v := range x {
		if math.IsNaN(v.value) {
			return math.NaN()
		}
		total += v.weight
	}
	slices.SortFunc(x, func(a, b weighed) int { return cmp.Compare(a.value, b.value) })
	sum := 0.0
	for _, v := range x {
		if sum += v.weight; sum >= q*total*(1-1e-12) {
			return v.value
		}
	}
	return math.NaN()
}

// pointsOf returns a router's operating points. estimates has one element per point.
func (p *Pool) pointsOf(r *poolRouter, estimates []pool.PointEstimates) []results.PoolOperatingPoint {
	out := make([]results.PoolOperatingPoint, len(r.points))
	for k, x := range r.points {
		e, dealt := estimates[k], pool.NewDealt(p.samples.Outcomes, x.mix)
		out[k] = results.PoolOperatingPoint{
			Lambda: results.Value(x.vertex.Lambda), Setting: x.setting, Reaches: results.Value(x.reaches),
			Cost: MetricOf(e.Cost), Quality: MetricOf(e.Quality), OverStatic: MetricOf(e.Lift), StaticAt: results.Value(e.Quality.Value - e.Lift.Value),
			Mix:     map[string]results.Value{},
			Dealt:   results.PoolPoint{Lambda: results.Missing, Cost: results.Value(dealt.Cost + r.Entrant.Own), Quality: results.Value(dealt.Quality)},
			DealtSD: results.Value(dealt.SD), LatencyP50: results.Value(x.latency.at(0.5)), LatencyP95: results.Value(x.latency.at(0.95)),
		}
		if p.doc.Summary != nil { // which does not know how the models' qualities vary
			out[k].DealtSD = results.Missing
		}
		for m, share := range x.mix {
			out[k].Mix[p.samples.Names[m]] = results.Value(share)
		}
	}
	return out
}
