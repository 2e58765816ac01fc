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
	w := p.walked()
	m := w.measure(c, r, newStatic(c, r))
	m.CostFor = make([]float64, len(shares))
	for k, share := range shares {
		m.CostFor[k] = w.relativeCostFor(share, c)
	}
	return m
}

// static holds the areas below the static mix.
type static struct{ area, logArea float64 }

// newStatic measures the static mix over a range.
func newStatic(c Constants, r Range) static {
	area, logArea := c.StaticMix().walked().areas(r, c.Quality[c.Cheapest])
	return static{area, logArea}
}

// measure returns the metrics of the path but those of CostFor.
func (w walked) measure(c Constants, r Range, s static) Metrics {
	low, m := c.Quality[c.Cheapest], Metrics{Share: math.NaN()}
	m.Area, m.LogArea = w.areas(r, low)
	m.Lift, m.LogLift = above(m.Area, s.area), above(m.LogArea, s.logArea)
	if gap := c.Quality[c.Best] - low; gap > tolerance {
		m.Share = (m.Area - low) / gap
	}
	return m
}

// above returns a - b, or 0 if they differ by rounding only.
func above(a, b float64) float64 {
	const rounding = 1e-12
	if d := a - b; !(math.Abs(d) <= rounding*max(math.Abs(a), math.Abs(b))) {
		return d
	}
	return 0
}

// relativeCostFor returns the cost that reaches a share of the best model's quality, over that
// model's cost. It is NaN if the path never reaches it, or if the model costs nothing.
func (w walked) relativeCostFor(share float64, c Constants) float64 {
	if !(c.Cost[c.Best] > 0) {
		return math.NaN()
	}
	return w.costFor(share*c.Quality[c.Best]) / c.Cost[c.Best]
}
