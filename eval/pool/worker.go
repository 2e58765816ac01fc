package pool

import (
	"math"
	"slices"
)

// worker measures resamples, one at a time, and reuses its memory.
type worker struct {
	table     Table
	constants Constants
	meter     meter // cost meter; knows the targets by the best model of the resample, then by that of all prompts
	mixed     []int // models of the static mix on all prompts
	best      int   // best model on all prompts
}

// worker returns a worker. whole holds the constant models on all prompts.
func (t Table) worker(whole Constants) *worker {
	n := t.Outcomes.Models()
	return &worker{table: t, constants: Constants{Cost: make([]float64, n), Quality: make([]float64, n)}, mixed: whole.mixed(), best: whole.Best}
}

// measure writes resample i, in which cluster c is drawn draws[c] times, to out.
func (w *worker) measure(i int, draws []int32, out *Replicates) {
	c := &w.constants
	c.fill(w.table.Outcomes, draws)
	for m := range c.Cost {
		out.Cost[m][i], out.Quality[m][i] = c.Cost[m], c.Quality[m]
	}
	out.Best[i] = c.Best
	r, mix := w.table.rangeOf(*c), c.StaticMix()
	s, old := newStatic(mix, *c, r), newStatic(c.through(w.mixed), *c, r)
	out.Optimism[i], out.LogOptimism[i] = s.area-old.area, s.logArea-old.logArea
	w.aim(r)
	mix.pass(&w.meter)
	w.record(out.Static, i, s)
	for k, router := range w.table.Routers {
		router.pass(draws, &w.meter)
		w.record(out.Routers[k], i, s)
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

// aim sets the range and the targets of the meter.
func (w *worker) aim(r Range) {
	c := w.constants
	w.meter = newMeter(c, r, w.table.Shares)
	if c.Best == w.best {
		return
	}
	n := len(w.meter.targets)
	w.meter.targets = append(slices.Clone(w.meter.targets), w.meter.targets...)
	for k, share := range w.table.Shares {
		w.meter.targets[n+k] = share * c.Quality[w.best]
	}
	w.meter.reached = make([]float64, 2*n)
}

// record writes the metrics of the path that has passed by on resample i.
func (w *worker) record(to MetricReplicates, i int, s static) {
	c, reached := w.constants, w.meter.reached
	m := w.meter.metrics(c, s)
	to.Area[i], to.LogArea[i], to.Lift[i], to.LogLift[i], to.Share[i] = m.Area, m.LogArea, m.Lift, m.LogLift, m.Share
	for k := range w.table.Shares {
		x := c.relative(reached[k])
		if math.IsNaN(x) && c.Cost[c.Best] > 0 {
			x = math.Inf(1)
		}
		to.CostFor[k][i] = x
		if c.Best != w.best {
			to.Pessimism[k][i] = math.Log(reached[k] / reached[len(w.table.Shares)+k])
		}
	}
}
