package tidy

import (
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// Plan returns the values of a plan. What is detectable is at a number of samples; its label is the
// rank correlation of the two routers, such as "rho 0.5".
func Plan(d *results.Plan) *table.Table {
	r := newRows()
	for _, b := range d.Benchmarks {
		r.benchmark = b.Name
		r.count("samples", b.Samples)
		r.number("gap", b.Gap.Value, quality)
		r.number("gap_se", b.Gap.SE, quality)
		r.number("agreement", b.Agreement, share)
		r.number("strong_better", b.StrongBetter, share)
		r.number("weak_better", b.WeakBetter, share)
		r.number("oracle_apgr", b.OracleAPGR, index)
		r.number("headroom", b.Headroom, index)
		r.number("random_apgr_sd", b.RandomAPGRSD, index)
		for _, c := range b.Correlations {
			r.addCorrelation(c, d.Margin, "rho "+number(c.Rho), index)
		}
		if g := b.Guarantee; g != nil {
			for _, x := range g.Rows {
				r.add("samples_for_guarantee", x.Saved, wanted(x.Samples), count, "skill "+number(x.Skill))
			}
		}
	}
	for _, p := range d.Pools {
		r.benchmark = p.Name
		r.count("samples", p.Samples)
		r.number("oracle_lift", p.OracleLift, quality)
		r.number("lift_sd", p.LiftSD, quality)
		r.number("difference_sd", p.DifferenceSD, quality)
		static := r
		static.against = "static mix"
		static.addCorrelation(p.Static, d.Margin, "", quality)
		for _, c := range p.Correlations {
			r.addCorrelation(c, d.Margin, "rho "+number(c.Rho), quality)
		}
	}
	return r.t
}

// addCorrelation adds what can be shown of two routers.
func (r rows) addCorrelation(c results.PlannedCorrelation, margin results.Value, label, unit string) {
	r.add("samples_for_difference", margin, wanted(c.Difference), count, label)
	r.add("samples_for_margin", margin, wanted(c.Equivalent), count, label)
	if c.Gold > 0 {
		r.add("gold_for_difference", margin, wanted(c.Gold), count, label)
	}
	for _, s := range c.Sizes {
		n := results.Value(s.Samples)
		r.add("se", n, results.NewMetric(float64(s.SE)), unit, label)
		r.add("detectable", n, results.NewMetric(float64(s.Detectable)), unit, label)
		r.add("margin", n, results.NewMetric(float64(s.Margin)), unit, label)
	}
}

// wanted returns a number of samples, missing if 0 stands for none.
func wanted(n int) results.Metric {
	if n == 0 {
		return results.NewMetric(float64(results.Missing))
	}
	return results.NewMetric(float64(n))
}

// Log returns the estimates of an evaluation of logged decisions, at the shares of strong calls of the
// thresholds.
func Log(d *results.LogEvaluation) *table.Table {
	r := newRows().of(d.Router)
	r.benchmark = d.Input.Path
	r.count("decisions", d.Decisions.Estimated)
	r.count("rated", d.Decisions.Rated)
	r.of("logged").metric("quality", d.Logged.Quality, quality)
	r.of("logged").metric("cost", d.Logged.Cost, usd)
	r.of("logged").number("strong_fraction", d.Logged.StrongFraction, share)
	for _, x := range d.Thresholds {
		at := x.StrongFraction
		r.add("threshold", at, results.NewMetric(float64(x.Score)), score, string(x.Always))
		r.add("quality", at, x.Quality, quality, "")
		r.add("quality_less_logged", at, x.AgainstLogged, quality, "")
		r.add("quality_less_random", at, x.OverRandom, quality, "")
		r.add("cost", at, x.Cost, usd, "")
		r.at("effective", at, x.Effective, count)
	}
	for _, v := range d.Curve {
		r.at("curve", v.StrongFraction, v.Quality, quality)
	}
	return r.t
}
