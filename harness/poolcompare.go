package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// compared95 is the share of the best model's quality whose cost is compared.
const compared95 = 0.95

// ComparePools compares every pair of routers among several models, at least two, on the samples
// that all sets share: by lift, log lift, and the cost that reaches 95 % of the best model's quality.
// Every metric has its own family of comparisons. o.Margin is a share of the quality between the
// cheapest and the best model, for lifts. Permutations, At, Common and Flips are for two models. It
// aligns the sets in place, see [AlignPools].
func ComparePools(ctx context.Context, sets []*PoolSet, o CompareOptions) (*results.Comparison, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := AlignPools(sets, o.Feedback); err != nil {
		return nil, err
	}
	doc := &results.Comparison{
		SchemaVersion: results.SchemaVersion, Tool: tool(), Seed: o.Seed, Resamples: o.Resamples, Benchmarks: []results.ComparedBenchmark{},
		Confidence: results.Value(o.Confidence), Margin: results.Value(o.Margin), At: results.Missing,
	}
	for _, s := range sets {
		doc.Inputs = append(doc.Inputs, s.Inputs...)
	}
	progress := o.progress("comparing")
	for i := range sets[0].Pools {
		c, err := o.pool(ctx, sets, i)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", sets[0].Pools[i].Name, err)
		}
		doc.Pools = append(doc.Pools, c)
		progress(i+1, len(sets[0].Pools))
	}
	return doc, nil
}

// pool compares the routers of all sets on their i-th pool.
func (o CompareOptions) pool(ctx context.Context, sets []*PoolSet, i int) (out results.ComparedPool, err error) {
	p := sets[0].Pools[i]
	t := pool.Table{Outcomes: p.Outcomes, Range: p.Range, Shares: []float64{compared95}}
	var names []string
	for _, s := range sets {
		for _, r := range s.Pools[i].Routers {
			sweep, err := r.Sweep(p.Outcomes)
			if err != nil {
				return out, fmt.Errorf("router %q: %w", r.Name, err)
			}
			names, t.Routers = append(names, r.Name), append(t.Routers, sweep)
		}
	}
	if len(names) < 2 {
		return out, hint.With(errors.New("expected at least two routers to compare"), "for example: routellm compare --models all linear:A.safetensors random")
	}
	goOn := func(int, int) error { return ctx.Err() }
	e, err := t.Evaluate(eval.Bootstrap{Resamples: o.Resamples, Confidence: o.Confidence, Seed: o.Seed, Progress: goOn})
	if err != nil {
		return out, err
	}
	out = results.ComparedPool{Name: p.Name, Title: p.Title, Unit: p.Unit, Axis: p.Axis, Models: p.Models, Samples: p.Outcomes.N(), Clusters: e.Clusters, Warnings: []string{}}
	margin := o.Margin * (e.Constants.Quality[e.Constants.Best] - e.Constants.Quality[e.Constants.Cheapest])
	lift, logLift, cost := e.Compare(pool.ByLift, 0, margin), e.Compare(pool.ByLogLift, 0, margin), e.Compare(pool.ByCost, 0, 0)
	for k, m := range e.Routers {
		r := results.ComparedPoolRouter{Name: names[k], Lift: measure.MetricOf(m.Lift), LogLift: measure.MetricOf(m.LogLift), CostFor95: measure.MetricOf(m.CostFor[0])}
		if lift.Static != nil {
			r.AgainstStatic = results.NewTest(lift.Static[k], o.Confidence)
		}
		out.Routers = append(out.Routers, r)
	}
	for k, d := range lift.Pairs {
		out.Pairs = append(out.Pairs, results.ComparedPoolPair{
			A: names[d.A], B: names[d.B], Lift: poolDifference(d), LogLift: poolDifference(logLift.Pairs[k]), LogCostFor95: poolDifference(cost.Pairs[k]),
		})
	}
	return out, nil
}

// poolDifference converts a difference.
func poolDifference(d pool.Difference) results.PoolDifference {
	return results.PoolDifference{
		Difference: results.Metric{Value: results.Value(d.Value), Lo: results.Value(d.Interval.Lo), Hi: results.Value(d.Interval.Hi)},
		Detectable: results.Value(d.Detectable), P: results.Value(d.P), PAdjusted: results.Value(d.Adjusted), Verdict: string(d.Verdict),
	}
}

// AlignPools brings sets to the samples that all of them have, in the order of the first one, and
// tells how many others are left out. All sets must have the same pools with the same models, in any
// order, and equal outcomes.
func AlignPools(sets []*PoolSet, f Feedback) error {
	if len(sets) == 0 {
		return errors.New("nothing to compare: expected at least one set of results")
	}
	first := sets[0]
	for i, p := range first.Pools {
		same := []*ScoredPool{p}
		for _, s := range sets[1:] {
			k := slices.IndexFunc(s.Pools, func(x *ScoredPool) bool { return x.Name == p.Name })
			if k < 0 || len(s.Pools) != len(first.Pools) {
				return fmt.Errorf("%s and %s: expected results of the same benchmarks", first.Name, s.Name)
			}
			s.Pools[i], s.Pools[k] = s.Pools[k], s.Pools[i]
			same = append(same, s.Pools[i])
		}
		if err := alignPool(same, f); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

// alignPool aligns pools of one data set.
func alignPool(pools []*ScoredPool, f Feedback) error {
	rows := make([]map[string]int, len(pools))
	for k, p := range pools {
		if !slices.Equal(p.Models, pools[0].Models) || p.Axis != pools[0].Axis {
			return hint.With(errors.New("the results are of different models or axes: expected the same"), "evaluate both with the same --models and --axis")
		}
		if p.Range != pools[0].Range {
			return hint.With(errors.New("the results have different ranges of budgets: expected the same"), "evaluate both with the same --cost-range")
		}
		rows[k] = make(map[string]int, len(p.IDs))
		for i, id := range p.IDs {
			rows[k][id] = i
		}
	}
	var common []string
	for _, id := range pools[0].IDs {
		if !slices.ContainsFunc(rows, func(r map[string]int) bool { _, ok := r[id]; return !ok }) {
			common = append(common, id)
		}
	}
	if len(common) == 0 {
		return errors.New("the results have no sample in common")
	}
	for k, p := range pools {
		if left := len(p.IDs) - len(common); left > 0 {
			f.note("%s: left out %s of %s, because only some results have them", p.Name, text.Thousands(left), text.Plural(len(p.IDs), "sample"))
		}
		index := make([]int, len(common))
		for i, id := range common {
			index[i] = rows[k][id]
		}
		p.pick(index)
		if !slices.Equal(p.Outcomes.Quality.Values, pools[0].Outcomes.Quality.Values) || !slices.Equal(p.Outcomes.Cost.Values, pools[0].Outcomes.Cost.Values) {
			return errors.New("the results have different outcomes of the same samples: expected results on one data set")
		}
		if !slices.Equal(p.Outcomes.Weight, pools[0].Outcomes.Weight) {
			return errors.New("the results have different weights of the same samples: expected results on one data set")
		}
	}
	return nil
}
