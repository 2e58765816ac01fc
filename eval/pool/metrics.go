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
	low := c.Quality[c.Cheapest]
	own, static := p.On(r, low), c.StaticMix().On(r, low)
	m := Metrics{Area: own.Area(), LogArea: own.LogArea(), CostFor: make([]float64, len(shares)), Share: math.NaN()}
	m.Lift, m.LogLift = m.Area-static.Area(), m.LogArea-static.LogArea()
	if gap := c.Quality[c.Best] - low; gap > 0 {
		m.Share = (m.Area - low) / gap
	}
	for k, share := range shares {
		m.CostFor[k] = p.CostFor(share*c.Quality[c.Best]) / c.Cost[c.Best]
	}
	return m
}
