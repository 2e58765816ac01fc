package moved

import (
	"math"

	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/eval/pool"
)

// Metrics holds the [pool.Metrics] of a summary, each with the range that the exact value lies in. In
// CostFor, Hi is +Inf if the exact path may never reach the target.
type Metrics struct {
	Area, LogArea, Lift, LogLift, Share binned.Value
	CostFor                             []binned.Value
}

// Measure measures the path over a range of budgets; shares are the targets of CostFor. See
// [pool.Path.Measure].
func (s *Summary) Measure(r pool.Range, shares []float64) Metrics {
	c, path := s.Constants(), s.Path()
	pieces := s.pieces(path)
	value := path.Measure(c, r, shares)
	lower := newEnvelope(1, path.Vertices[0], pieces, r.Hi).Measure(c, r, nil)
	upper := newEnvelope(-1, path.Vertices[0], pieces, r.Hi).Measure(c, r, nil)
	exact := s.Exact()
	within := func(x, lo, hi float64) binned.Value {
		if exact || math.IsNaN(x) {
			return binned.Value{Value: x, Lo: x, Hi: x}
		}
		return binned.Value{Value: x, Lo: min(lo, x), Hi: max(hi, x)}
	}
	out := Metrics{
		Area: within(value.Area, lower.Area, upper.Area), LogArea: within(value.LogArea, lower.LogArea, upper.LogArea),
		Lift: within(value.Lift, lower.Lift, upper.Lift), LogLift: within(value.LogLift, lower.LogLift, upper.LogLift),
		Share: within(value.Share, lower.Share, upper.Share),
	}
	for k, share := range shares {
		lo, hi := costFor(path.Vertices[0], pieces, share*c.Quality[c.Best])
		out.CostFor = append(out.CostFor, relative(value.CostFor[k], lo, hi, c.Cost[c.Best]))
	}
	return out
}

// relative returns a cost over the best model's with its range.
func relative(value, lo, hi, best float64) binned.Value {
	switch {
	case !(best > 0) || math.IsNaN(lo) || lo == hi:
		return binned.Value{Value: value, Lo: value, Hi: value}
	case math.IsNaN(value):
		return binned.Value{Value: value, Lo: lo / best, Hi: hi / best}
	}
	return binned.Value{Value: value, Lo: min(value, lo/best), Hi: max(value, hi/best)}
}

// tolerance is the distance below its target at which a quality still counts as reached, as in package pool.
const tolerance = 1e-9

// costFor returns the range of the smallest cost at which the path first reaches a quality: NaN if it
// never does, and up to +Inf if it may not.
func costFor(start pool.Vertex, pieces []piece, quality float64) (lo, hi float64) {
	target := quality - tolerance
	if start.Quality >= target {
		return start.Cost, start.Cost
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, x := range pieces {
		if x.most.Quality < target {
			continue
		}
		if x.single {
			cost := x.from.Cost + float64((target-x.from.Quality)/(x.to.Quality-x.from.Quality)*(x.to.Cost-x.from.Cost))
			return min(lo, cost), max(hi, cost)
		}
		lo, hi = min(lo, x.least.Cost), max(hi, x.most.Cost)
		if x.to.Quality >= target {
			return lo, hi
		}
	}
	if math.IsInf(lo, 1) {
		return math.NaN(), math.NaN()
	}
	return lo, math.Inf(1)
}
