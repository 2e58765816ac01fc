package render

import (
	"slices"

	"github.com/routellm/routellm/results"
)

// costColumn is a column of costs in USD per prompt, or of ratios of them.
type costColumn struct {
	name string
	of   func(results.Benchmark, results.Router) results.Metric
}

// costColumns returns the columns of costs, none if no benchmark has any.
func costColumns(d *results.Document) []costColumn {
	known := slices.IndexFunc(d.Benchmarks, func(b results.Benchmark) bool { return b.Costs != nil })
	if known < 0 {
		return nil
	}
	all := []costColumn{
		{"strong_cost", func(b results.Benchmark, _ results.Router) results.Metric { return pairCost(b).Strong }},
		{"weak_cost", func(b results.Benchmark, _ results.Router) results.Metric { return pairCost(b).Weak }},
		{"cost", func(_ results.Benchmark, r results.Router) results.Metric { return onlyCost(r).Cost }},
		{"saving_over_strong", func(_ results.Benchmark, r results.Router) results.Metric { return onlyCost(r).SavingOverStrong }},
		{"saving_over_random", func(_ results.Benchmark, r results.Router) results.Metric { return onlyCost(r).SavingOverRandom }},
	}
	first := FirstCurve(d.Benchmarks[known]).Metrics
	all = append(all, costsAt("cpt_", SortedKeys(first.CPT), func(c results.RouterCosts) map[string]results.PointCost { return c.CPT })...)
	all = append(all, costsAt("at_", SortedKeys(first.QualityAt), func(c results.RouterCosts) map[string]results.PointCost { return c.QualityAt })...)
	return append(all, costsAt("for_", SortedKeys(first.FractionFor), func(c results.RouterCosts) map[string]results.PointCost { return c.FractionFor })...)
}

// costsAt returns the columns of one kind of operating points.
func costsAt(kind string, keys []string, points func(results.RouterCosts) map[string]results.PointCost) []costColumn {
	var out []costColumn
	for _, k := range keys {
		at := func(r results.Router) results.PointCost {
			if r.Costs == nil {
				return noCost
			}
			if c, ok := points(*r.Costs)[k]; ok {
				return c
			}
			return noCost
		}
		out = append(out,
			costColumn{"cost_" + kind + k, func(_ results.Benchmark, r results.Router) results.Metric { return at(r).Cost }},
			costColumn{"saving_over_strong_" + kind + k, func(_ results.Benchmark, r results.Router) results.Metric { return at(r).SavingOverStrong }},
			costColumn{"saving_over_random_" + kind + k, func(_ results.Benchmark, r results.Router) results.Metric { return at(r).SavingOverRandom }},
			costColumn{"cost_ratio_" + kind + k, func(_ results.Benchmark, r results.Router) results.Metric { return at(r).CostRatio }})
	}
	return out
}

var (
	noMetric = results.NewMetric(float64(results.Missing))
	noCost   = results.PointCost{Cost: noMetric, SavingOverStrong: noMetric, SavingOverRandom: noMetric, CostRatio: noMetric}
)

// pairCost returns the costs of a benchmark's models, missing ones if they are not known.
func pairCost(b results.Benchmark) results.PairCosts {
	if b.Costs == nil {
		return results.PairCosts{Strong: noMetric, Weak: noMetric}
	}
	return *b.Costs
}

// onlyCost returns the cost of a router's only operating point, missing for others.
func onlyCost(r results.Router) results.PointCost {
	if r.Costs == nil || r.Costs.Point == nil {
		return noCost
	}
	return *r.Costs.Point
}
