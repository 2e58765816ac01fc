package tidy

import (
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// Document returns the values of results of two or more models.
func Document(d *results.Document) *table.Table {
	r := newRows()
	for _, b := range d.Benchmarks {
		r.benchmark = b.Name
		r.addBenchmark(b)
	}
	for _, p := range d.Pools {
		r.benchmark = p.Name
		r.addPool(p)
	}
	return r.t
}

// addBenchmark adds the two models and all routers of a benchmark.
func (r rows) addBenchmark(b results.Benchmark) {
	r.count("samples", b.Samples)
	r.count("clusters", b.Clusters)
	r.number("gap", b.Gap.Value, quality)
	r.number("gap_se", b.Gap.SE, quality)
	r.word("gap_state", string(b.Gap.State))
	for _, m := range []struct {
		name    string
		quality results.Value
	}{{b.Pair.Strong, b.StrongQuality}, {b.Pair.Weak, b.WeakQuality}} {
		r.of(m.name).number("quality", m.quality, quality)
	}
	if c := b.Costs; c != nil {
		r.of(b.Pair.Strong).metric("cost", c.Strong, usd)
		r.of(b.Pair.Weak).metric("cost", c.Weak, usd)
	}
	for _, x := range b.Routers {
		r.of(x.Name).addRouter(x)
	}
}

// addRouter adds what was measured of a router between two models.
func (r rows) addRouter(x results.Router) {
	if p := x.Point; p != nil {
		r.number("strong_fraction", p.StrongFraction, share)
		r.number("quality", p.Quality, quality)
		r.number("threshold", p.Score, score)
		if x.Costs != nil && x.Costs.Point != nil {
			r.addCost("", results.Missing, *x.Costs.Point)
		}
		return
	}
	m := x.Metrics
	r.metric("apgr", m.APGR, index)
	r.metric("headroom", m.Headroom, share)
	r.metric("auc", m.AUC, quality)
	r.metric("area_over_random", m.AreaOverRandom, quality)
	costs := results.RouterCosts{}
	if x.Costs != nil {
		costs = *x.Costs
	}
	keyed(m.CPT, 100, func(at results.Value, key string, c results.CPT) {
		r.add("cpt", at, c.Metric, share, "")
		r.addCostAt("cpt_", at, key, costs.CPT)
	})
	keyed(m.QualityAt, 1, func(at results.Value, key string, v results.Metric) {
		r.add("quality_at", at, v, quality, "")
		r.addCostAt("quality_at_", at, key, costs.QualityAt)
	})
	keyed(m.FractionFor, 1, func(at results.Value, key string, v results.Metric) {
		r.add("fraction_for", at, v, share, "")
		r.addCostAt("fraction_for_", at, key, costs.FractionFor)
	})
	if c := x.AsBest; c != nil {
		r.metric(c.Metric+"_as_best", results.Metric{Value: results.Missing, Lo: c.Lo, Hi: c.Hi}, map[bool]string{true: index, false: quality}[c.Metric == "apgr"])
	}
	r.word("standing", string(x.Standing))
	r.test("random", x.AgainstRandom)
	r.test("best", x.AgainstBest)
	r.addCurve(x)
	for _, s := range x.Slices {
		r.task = s.Task
		r.addSlice(s)
	}
}

// addCost adds the cost of an operating point and what it saves.
func (r rows) addCost(prefix string, x results.Value, c results.PointCost) {
	r.add(prefix+"cost", x, c.Cost, usd, "")
	r.add(prefix+"saving_over_strong", x, c.SavingOverStrong, usd, "")
	r.add(prefix+"saving_over_random", x, c.SavingOverRandom, usd, "")
	r.add(prefix+"cost_ratio", x, c.CostRatio, index, "")
}

func (r rows) addCostAt(prefix string, x results.Value, key string, all map[string]results.PointCost) {
	if c, ok := all[key]; ok {
		r.addCost(prefix, x, c)
	}
}

// addCurve adds a curve with the thresholds of its vertices, and its band.
func (r rows) addCurve(x results.Router) {
	for _, p := range x.Curve {
		r.at("curve", p.StrongFraction, p.Quality, quality)
		if p.Score.Exists() {
			r.at("curve_threshold", p.StrongFraction, p.Score, score)
		}
	}
	for _, b := range x.Band {
		r.add("curve_band", b.StrongFraction, results.Metric{Value: results.Missing, Lo: b.Lo, Hi: b.Hi}, quality, "")
	}
}

// addSlice adds what was measured of a router on one task.
func (r rows) addSlice(s results.Slice) {
	r.count("samples", s.Samples)
	r.count("clusters", s.Clusters)
	r.number("strong_quality", s.StrongQuality, quality)
	r.number("weak_quality", s.WeakQuality, quality)
	r.metric("apgr", s.APGR, index)
	r.metric("area_over_random", s.AreaOverRandom, quality)
	r.word("gap_state", string(s.GapState))
}
