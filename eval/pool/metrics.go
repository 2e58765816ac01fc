package pool

import "math"

// Metrics holds the metrics of a path. NaN stands for a value that does not exist.
type Metrics struct {
	Area, LogArea float64 // mean quality over the range of budgets, linear and logarithmic
	// Lift and LogLift are the areas above the static mix.
	Lift, LogLift float64
	// Share is the area on the scale on which the cheapest model is 0 and the best one is 1. For
	// two models with the costs 0 and 1 it is APGR.
	Share float64
	// CostFor holds, for each target share of the best model's quality, the cost that reaches
	// it over the best model's cost.
	CostFor []float64
}

// Measure measures the path against the constant models. shares are the targets of CostFor.
func (p *Path) Measure(c Constants, r Range, shares []float64) Metrics {
	m := newMeter(c, r, shares)
	p.pass(&m)
	out := m.metrics(c, newStatic(c.StaticMix(), c, r))
	out.CostFor = m.reached
	for k := range out.CostFor {
		out.CostFor[k] = c.relative(out.CostFor[k])
	}
	return out
}

// newMeter returns a meter of the targets.
func newMeter(c Constants, r Range, shares []float64) meter {
	m := meter{Range: r, low: c.Quality[c.Cheapest], targets: make([]float64, len(shares)), reached: make([]float64, len(shares))}
	for k, share := range shares {
		m.targets[k] = share * c.Quality[c.Best]
	}
	return m
}

// static holds the areas below the static mix.
type static struct{ area, logArea float64 }

// newStatic measures a static mix over a range.
func newStatic(mix *Path, c Constants, r Range) static {
	area, logArea := mix.areas(r, c.Quality[c.Cheapest])
	return static{area, logArea}
}

// metrics returns the metrics of a path that has passed by, but those of CostFor.
func (m *meter) metrics(c Constants, s static) Metrics {
	x := Metrics{Share: math.NaN()}
	x.Area, x.LogArea = m.areas()
	x.Lift, x.LogLift = above(x.Area, s.area), above(x.LogArea, s.logArea)
	if gap := c.Quality[c.Best] - m.low; gap > tolerance {
		x.Share = (x.Area - m.low) / gap
	}
	return x
}

// relative returns a cost over the best model's; NaN if that model costs nothing.
func (c Constants) relative(cost float64) float64 {
	if !(c.Cost[c.Best] > 0) {
		return math.NaN()
	}
	return cost / c.Cost[c.Best]
}

// above returns a - b, or 0 if they differ by rounding only.
func above(a, b float64) float64 {
	const rounding = 1e-12
	if d := a - b; !(math.Abs(d) <= rounding*max(math.Abs(a), math.Abs(b))) {
		return d
	}
	return 0
}
