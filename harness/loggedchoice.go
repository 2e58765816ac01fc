package harness

import (
	"context"
	"math"
	"slices"

	"github.com/routellm/routellm/eval/logged"
	"github.com/routellm/routellm/results"
)

// evaluate fills the document's numbers.
func (l *loggedRun) evaluate(ctx context.Context) error {
	var err error
	if l.rate, err = logged.New(logOf(l.units, rated)); err != nil {
		return err
	}
	if l.quality, err = logged.New(logOf(l.units, func(u *unit) float64 { return u.quality.Value() })); err != nil {
		return err
	}
	if costs := logOf(l.units, func(u *unit) float64 { return u.cost.Value() }); len(costs.Scores) > 0 {
		if l.cost, err = logged.New(costs); err != nil {
			return err
		}
	}
	l.choose()
	l.curve()
	return l.intervals(ctx)
}

// choose sets the thresholds of the document: by falling threshold, each once.
func (l *loggedRun) choose() {
	inForce := map[float64]bool{}
	calls := 0
	for _, u := range l.units {
		if cut := u.first.threshold.Cut(); !math.IsNaN(cut) {
			inForce[cut] = true
		}
		if u.first.strong {
			calls++
		}
	}
	l.doc.Logged.StrongFraction = results.Value(float64(calls) / float64(len(l.units)))
	l.doc.Logged.Thresholds = []results.Threshold{}
	for cut := range inForce {
		l.cuts = append(l.cuts, cut)
	}
	slices.Sort(l.cuts)
	for _, cut := range l.cuts {
		l.doc.Logged.Thresholds = append(l.doc.Logged.Thresholds, results.ThresholdAt(cut))
	}
	if len(l.cuts) > mostInForce {
		l.cuts = nil
	}
	l.cuts = append(l.cuts, math.Inf(-1), math.Inf(1))
	l.cuts = append(l.cuts, l.options.Thresholds...)
	for _, f := range l.options.Fractions {
		l.cuts = append(l.cuts, l.rate.Quantile(f))
	}
	slices.Sort(l.cuts)
	l.cuts = slices.Compact(l.cuts)
	for _, cut := range l.cuts {
		l.doc.Thresholds = append(l.doc.Thresholds, results.LoggedThreshold{Threshold: results.ThresholdAt(cut), InForce: inForce[cut]})
	}
}

// mostInForce is the largest number of logged thresholds that are evaluated by themselves. Clients
// can ask for any.
const mostInForce = 5

// curve adds the curve of all thresholds.
func (l *loggedRun) curve() {
	all := l.quality.Curve()
	keep := min(len(all), results.MaxVertices)
	for i := range keep {
		v := all[0]
		if keep > 1 {
			v = all[i*(len(all)-1)/(keep-1)]
		}
		l.doc.Curve = append(l.doc.Curve, results.LoggedVertex{
			Threshold: results.ThresholdAt(v.Threshold), StrongFraction: results.Value(v.StrongFraction),
			Quality: results.Value(v.Estimates[l.options.Method]), Effective: results.Value(v.Effective),
		})
	}
}
