package pool

import (
	"fmt"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
)

// Table holds routers that are measured together on the same prompts. Call [Table.Evaluate].
type Table struct {
	Outcomes Outcomes
	Routers  []Router // one per row of the table; may be empty
	// Points are operating points whose mean cost and quality are measured, such as those at
	// which routers are served.
	Points []Decisions
	// Range is the range of budgets; the zero value stands for the range from the cheapest
	// model's cost to the best one's, which every resample finds anew.
	Range  Range
	Shares []float64 // targets of CostFor, as shares of the best model's quality
}

// Router is one router of a table; see [NewSweep] and [NewDecided].
type Router = *Sweep

// Replicates holds what each resample measures. The innermost slices have one value per resample.
// NaN stands for a value that does not exist, +Inf in CostFor for a target that is never reached.
type Replicates struct {
	Cost, Quality [][]float64      // means of the constant models, one row per model
	Static        MetricReplicates // metrics of the static mix; its lifts are 0
	Best          []int            // model with the highest quality on each resample
	// Optimism and LogOptimism hold how much more area the static mix has for being chosen on the
	// resample, compared with the mix of the models that were chosen on all prompts.
	Optimism, LogOptimism []float64
	Routers               []MetricReplicates // metrics of each router of the table
	Points                []PointReplicates  // measures of each point of the table
}

// MetricReplicates holds the [Metrics] of one router on each resample.
type MetricReplicates struct {
	Area, LogArea, Lift, LogLift, Share []float64
	CostFor                             [][]float64 // one row per target
	// Pessimism holds the logarithm of how much more each target costs because the best model was
	// chosen on the resample and not on all prompts; one row per target.
	Pessimism [][]float64
}

// PointReplicates holds an operating point on each resample.
type PointReplicates struct {
	Cost, Quality []float64
	// Lift is the quality above that of the static mix at the same cost; NaN below the cheapest
	// model's cost.
	Lift []float64
}

// Resample measures all routers, the constant models and the static mix on the same resamples of
// whole clusters. Everything is found anew in each: which model is the best and the cheapest, the
// range of budgets unless it is given, and the static mix. Predictions stay as they are. A
// resample takes O(nN) time. The same settings give the same floats on any number of cores. It
// returns an error if shapes differ, a value is not finite or b.Resamples is below 1.
func (t Table) Resample(b eval.Bootstrap) (*Replicates, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	if b.Resamples < 1 {
		return nil, fmt.Errorf("number of resamples is %d: want at least 1", b.Resamples)
	}
	out, whole := t.replicates(b.Resamples), NewConstants(t.Outcomes, nil)
	err := b.Each(t.Outcomes.clusters(), func() func(int, []int32) {
		w := t.worker(whole)
		return func(i int, draws []int32) { w.measure(i, draws, out) }
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// check returns an error if the parts of the table do not fit.
func (t Table) check() error {
	if err := t.Outcomes.Validate(); err != nil {
		return err
	}
	for k, r := range t.Routers {
		if len(r.cost) != t.Outcomes.N() {
			return fmt.Errorf("router %d has %s: want %d", k, text.Plural(len(r.cost), "prompt"), t.Outcomes.N())
		}
	}
	for k, d := range t.Points {
		if err := d.check(t.Outcomes.N()); err != nil {
			return fmt.Errorf("point %d: %w", k, err)
		}
	}
	return t.Range.check()
}

// clusters returns the number of clusters.
func (o Outcomes) clusters() int {
	n := o.N()
	if o.Cluster != nil {
		n = 0
		for _, c := range o.Cluster {
			n = max(n, c+1)
		}
	}
	return n
}

// replicates returns room for the measures of a number of resamples.
func (t Table) replicates(resamples int) *Replicates {
	row := func() []float64 { return make([]float64, resamples) }
	rows := func(n int) [][]float64 {
		out := make([][]float64, n)
		for k := range out {
			out[k] = row()
		}
		return out
	}
	metrics := func() MetricReplicates {
		return MetricReplicates{row(), row(), row(), row(), row(), rows(len(t.Shares)), rows(len(t.Shares))}
	}
	out := &Replicates{Cost: rows(t.Outcomes.Models()), Quality: rows(t.Outcomes.Models()), Static: metrics(), Best: make([]int, resamples), Optimism: row(), LogOptimism: row()}
	for range t.Routers {
		out.Routers = append(out.Routers, metrics())
	}
	for range t.Points {
		out.Points = append(out.Points, PointReplicates{row(), row(), row()})
	}
	return out
}
