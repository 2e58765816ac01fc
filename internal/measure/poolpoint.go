package measure

import (
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/results"
)

// choicesAt calls choose with the models of every sample at a vertex of a path, by the router's
// own numbers, with the share that each model has of the sample.
type choicesAt func(v pool.Vertex, k int, choose func(i, model int, share float64))

// pointsOf returns a router's operating points: the first vertices that reach the shares of the
// best model's quality, and the last one.
func (p *Pool) pointsOf(e Entrant, path *pool.Path, choices choicesAt) []results.PoolOperatingPoint {
	var at []int
	for _, share := range p.shares {
		target := share*p.constants.Quality[p.constants.Best] - 1e-9
		k := slices.IndexFunc(path.Vertices, func(v pool.Vertex) bool { return v.Quality >= target })
		if k >= 0 && !slices.Contains(at, k) {
			at = append(at, k)
		}
	}
	if last := len(path.Vertices) - 1; !slices.Contains(at, last) {
		at = append(at, last)
	}
	slices.Sort(at)
	out := make([]results.PoolOperatingPoint, len(at))
	for n, k := range at {
		out[n] = p.point(e, path.Vertices[k], k, choices)
	}
	return out
}

// point measures an operating point.
func (p *Pool) point(e Entrant, v pool.Vertex, k int, choices choicesAt) results.PoolOperatingPoint {
	shares, total := make([]float64, len(p.samples.Names)), 0.0
	choices(v, k, func(i, model int, share float64) {
		w := share
		if p.samples.Weight != nil {
			w *= p.samples.Weight[i]
		}
		shares[e.Columns[model]] += w
		total += w
	})
	missing := results.PoolPoint{Lambda: results.Missing, Cost: results.Missing, Quality: results.Missing}
	out := results.PoolOperatingPoint{
		PoolPoint: pointOf(v), Mix: map[string]results.Value{}, StaticAt: p.staticAt(v.Cost), Dealt: missing, DealtSD: results.Missing,
		LatencyP50: results.Missing, LatencyP95: results.Missing,
	}
	for m, s := range shares {
		out.Mix[p.samples.Names[m]] = results.Value(s / total)
	}
	return out
}

// staticAt returns the quality of the static mix at a cost: that of its last model where the cost
// is higher, and nothing where it is lower than the cheapest model's.
func (p *Pool) staticAt(cost float64) results.Value {
	static := p.constants.StaticMix()
	end := static.End()
	switch {
	case cost >= end.Cost:
		return results.Value(end.Quality)
	case cost < static.Vertices[0].Cost:
		return results.Missing
	}
	return results.Value(static.On(pool.Range{Lo: static.Vertices[0].Cost, Hi: end.Cost}, static.Vertices[0].Quality).QualityAt(cost))
}
