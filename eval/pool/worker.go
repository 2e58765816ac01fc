package pool

import "math"

// worker measures resamples, one at a time, and reuses its memory.
type worker struct {
	table     Table
	constants Constants
	vertices  walked // room for the longest path
	mixed     []int  // models of the static mix on all prompts
	best      int    // best model on all prompts
}

// worker returns a worker. whole holds the constant models on all prompts.
func (t Table) worker(whole Constants) *worker {
	longest := 0
	for _, r := range t.Routers {
		longest = max(longest, r.vertices())
	}
	n := t.Outcomes.Models()
	return &worker{table: t, constants: Constants{Cost: make([]float64, n), Quality: make([]float64, n)}, vertices: newWalked(longest), mixed: whole.mixed(), best: whole.Best}
}

// measure writes resample i, in which cluster c is drawn draws[c] times, to out.
func (w *worker) measure(i int, draws []int32, out *Replicates) {
	c := &w.constants
	c.fill(w.table.Outcomes, draws)
	for m := range c.Cost {
		out.Cost[m][i], out.Quality[m][i] = c.Cost[m], c.Quality[m]
	}
	r, mix := w.table.rangeOf(*c), c.StaticMix()
	s := newStatic(*c, r)
	w.record(out.Static, i, mix.walked(), r, s)
	area, logArea := c.through(w.mixed).areas(r, c.Quality[c.Cheapest])
	out.Optimism[i], out.LogOptimism[i] = s.area-area, s.logArea-logArea
	for k, router := range w.table.Routers {
		n := router.vertices()
		v := walked{w.vertices.cost[:n], w.vertices.quality[:n]}
		router.trace(v, draws)
		w.record(out.Routers[k], i, v, r, s)
	}
	for k, d := range w.table.Points {
		cost, quality := d.mean(w.table.Outcomes, draws)
		out.Points[k].Cost[i], out.Points[k].Quality[i] = cost, quality
		out.Points[k].Lift[i] = quality - mix.at(cost)
	}
}

// rangeOf returns the table's range of budgets for given constant models.
func (t Table) rangeOf(c Constants) Range {
	if t.Range != (Range{}) {
		return t.Range
	}
	return c.Range()
}

// record writes the metrics of a path on resample i.
func (w *worker) record(to MetricReplicates, i int, v walked, r Range, s static) {
	m := v.measure(w.constants, r, s)
	to.Area[i], to.LogArea[i], to.Lift[i], to.LogLift[i], to.Share[i] = m.Area, m.LogArea, m.Lift, m.LogLift, m.Share
	for k, share := range w.table.Shares {
		x := v.relativeCostFor(share, w.constants)
		if math.IsNaN(x) && w.constants.Cost[w.constants.Best] > 0 {
			x = math.Inf(1)
		}
		to.CostFor[k][i] = x
		if c := w.constants; c.Best != w.best {
			to.Pessimism[k][i] = math.Log(v.costFor(share*c.Quality[c.Best]) / v.costFor(share*c.Quality[w.best]))
		}
	}
}
