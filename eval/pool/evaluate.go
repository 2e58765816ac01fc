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
	// Replicates holds what the intervals come from; nil without resamples.
	Replicates *Replicates
	confidence float64
	supports   supports
}

// Evaluate measures the table on all prompts and, unless b.Resamples is 0, on resamples for
// intervals, as [Table.Resample] does. Predictions are fixed: the intervals say nothing on how
// much a router's training data matters. They are percentile intervals (see [eval.Percentile]),
// wider or withheld where few clusters carry a result (see [eval.Support]). It returns an error
// for the same input as [Table.Resample].
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
	w, whole := t.worker(), t.replicates(1)
	w.measure(0, nil, whole)
	e.Constants, e.Range = w.constants, t.rangeOf(w.constants)
	e.supports = newSupports(t, e.Constants, e.Range)
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
		e.Routers = append(e.Routers, e.metrics(whole.Routers[k], r.Routers[k], e.supports.lift(k), e.supports.logLift(k)))
	}
	for k, p := range whole.Points {
		x := r.Points[k]
		e.Points = append(e.Points, PointEstimates{e.interval(p.Cost, x.Cost, own), e.interval(p.Quality, x.Quality, own), e.interval(p.Lift, x.Lift, own)})
	}
}

// metrics returns the estimates of a router. whole holds the values on all prompts.
func (e *Evaluation) metrics(whole, r MetricReplicates, s, logs eval.Support) MetricEstimates {
	m := MetricEstimates{
		Area: e.interval(whole.Area, r.Area, s), LogArea: e.interval(whole.LogArea, r.LogArea, logs),
		Lift: e.interval(whole.Lift, r.Lift, s), LogLift: e.interval(whole.LogLift, r.LogLift, logs),
		Share: e.interval(whole.Share, r.Share, s),
	}
	for k := range r.CostFor {
		x := e.interval(whole.CostFor[k], r.CostFor[k], logs)
		if math.IsInf(x.Value, 1) {
			x.Value = math.NaN()
		}
		m.CostFor = append(m.CostFor, x)
	}
	return m
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
