package pool

import (
	"math"

	"github.com/routellm/routellm/eval"
)

// Estimate is a measured value with its interval. The ends of the interval are NaN if it does not
// exist; Missing is the share of resamples without a finite value.
type Estimate struct {
	Value float64
	eval.Interval
}

// MetricEstimates holds the [Metrics] of one router. Missing of a CostFor is the share of the
// resamples in which the target is never reached; these count in the upper tail.
type MetricEstimates struct {
	Area, LogArea, Lift, LogLift, Share Estimate
	CostFor                             []Estimate // one per target
}

// PointEstimates holds an operating point.
type PointEstimates struct {
	Cost, Quality Estimate
	Lift          Estimate // quality above that of the static mix at the same cost
}

// Evaluation holds all that a table measures.
type Evaluation struct {
	Constants Constants
	Range     Range            // range of budgets of the areas
	Models    []PointEstimates // one per constant model
	Static    MetricEstimates  // the static mix; its lifts are 0
	Routers   []MetricEstimates
	Points    []PointEstimates
	Clusters  int
	// OtherBest is the share of the resamples in which another model than Constants.Best has the
	// highest quality.
	OtherBest float64
	// Replicates holds what the intervals come from; nil without resamples.
	Replicates *Replicates
	confidence float64
	supports   supports
}

// Evaluate measures the table on all prompts and, unless b.Resamples is 0, on resamples for
// intervals, as [Table.Resample] does. Predictions are fixed: the intervals say nothing on how
// much a router's training data matters. They are percentile intervals (see [eval.Percentile]),
// wider or withheld where few clusters carry a result (see [eval.Support]).
//
// The static mix is the best of several mixes on the prompts at hand, so it looks better than it is,
// and in a resample a second time; lifts look too low. Replicates.Optimism measures the second time,
// which is as large as the first one, and the intervals of the lifts are moved up by twice that.
// Values are not corrected. Where OtherBest is above 0.1, areas and shares have no interval, because
// they depend on which model is the best one; lifts and costs, which depend on it less, have the
// interval of half the error.
//
// It returns an error for the same input as [Table.Resample].
func (t Table) Evaluate(b eval.Bootstrap) (*Evaluation, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	e := &Evaluation{Clusters: t.Outcomes.clusters(), confidence: b.Confidence}
	if b.Resamples > 0 {
		var err error
		if e.Replicates, err = t.Resample(b); err != nil {
			return nil, err
		}
	}
	w, whole := t.worker(NewConstants(t.Outcomes, nil)), t.replicates(1)
	w.measure(0, nil, whole)
	e.Constants, e.Range = w.constants, t.rangeOf(w.constants)
	e.supports = newSupports(t, e.Constants, e.Range)
	if e.Replicates != nil {
		for _, m := range e.Replicates.Best {
			if m != e.Constants.Best {
				e.OtherBest += 1 / float64(b.Resamples)
			}
		}
	}
	e.estimate(whole)
	return e, nil
}

// estimate fills in all estimates. whole holds the values on all prompts.
func (e *Evaluation) estimate(whole *Replicates) {
	r := e.Replicates
	if r == nil { // the values themselves are too few for an interval
		r = whole
	}
	own := e.supports.whole
	for m := range whole.Cost {
		e.Models = append(e.Models, PointEstimates{Cost: e.interval(whole.Cost[m], r.Cost[m], own),
			Quality: e.interval(whole.Quality[m], r.Quality[m], own), Lift: missing})
	}
	e.Static = e.metrics(whole.Static, r.Static, own, own)
	for k := range whole.Routers {
		m := e.metrics(whole.Routers[k], r.Routers[k], e.supports.lift(k), e.supports.logLift(k))
		m.Lift.shift(2 * meanOf(r.Optimism))
		m.LogLift.shift(2 * meanOf(r.LogOptimism))
		e.Routers = append(e.Routers, m)
	}
	for k, p := range whole.Points {
		x := r.Points[k]
		e.Points = append(e.Points, PointEstimates{e.interval(p.Cost, x.Cost, own), e.interval(p.Quality, x.Quality, own), e.interval(p.Lift, x.Lift, own)})
	}
}

// metrics returns the estimates of a router. whole holds the values on all prompts.
func (e *Evaluation) metrics(whole, r MetricReplicates, s, logs eval.Support) MetricEstimates {
	m := MetricEstimates{
		Area: e.interval(whole.Area, r.Area, s), LogArea: e.interval(whole.LogArea, r.LogArea, logs), Share: e.interval(whole.Share, r.Share, s),
	}
	if !e.BestKnown() {
		m.Area.Interval, m.LogArea.Interval, m.Share.Interval = missing.Interval, missing.Interval, missing.Interval
	}
	m.Lift, m.LogLift = e.chosen(whole.Lift, r.Lift, s), e.chosen(whole.LogLift, r.LogLift, logs)
	for k := range r.CostFor {
		x := e.chosen(whole.CostFor[k], r.CostFor[k], logs)
		if math.IsInf(x.Value, 1) {
			x.Value = math.NaN()
		}
		if less := math.Exp(-2 * meanOf(r.Pessimism[k])); less < 1 {
			x.Lo, x.Hi = x.Lo*less, x.Hi*less
		}
		m.CostFor = append(m.CostFor, x)
	}
	return m
}

// chosen returns an estimate that depends on which model is the best one, with half of the error if
// that is uncertain.
func (e *Evaluation) chosen(whole, replicates []float64, s eval.Support) Estimate {
	if e.BestKnown() {
		return e.interval(whole, replicates, s)
	}
	careful := *e
	careful.confidence = (1 + e.confidence) / 2
	return careful.interval(whole, replicates, s)
}

// BestKnown reports whether the prompts tell which model is the best one: OtherBest is at most 0.1.
func (e *Evaluation) BestKnown() bool { return e.OtherBest <= maxOtherBest }

// maxOtherBest is the largest OtherBest at which the best model counts as known.
const maxOtherBest = 0.1

// shift moves the interval.
func (e *Estimate) shift(by float64) {
	if !math.IsNaN(by) {
		e.Lo, e.Hi = e.Lo+by, e.Hi+by
	}
}

// meanOf returns the mean of the values that exist; NaN without any.
func meanOf(x []float64) float64 {
	n, sum := 0.0, 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			n, sum = n+1, sum+v
		}
	}
	return sum / n
}

// missing is an estimate that does not exist.
var missing = Estimate{math.NaN(), eval.Interval{Lo: math.NaN(), Hi: math.NaN()}}

// interval returns an estimate from the value on all prompts and those on the resamples.
func (e *Evaluation) interval(whole, replicates []float64, s eval.Support) Estimate {
	out := Estimate{whole[0], missing.Interval}
	if e.Replicates != nil {
		out.Interval = eval.Percentile(replicates, s.Level(e.confidence))
	}
	return out
}
