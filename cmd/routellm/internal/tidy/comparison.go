package tidy

import (
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// Comparison returns the values of a comparison. A difference is router minus against.
func Comparison(d *results.Comparison) *table.Table {
	r := newRows()
	for _, b := range d.Benchmarks {
		r.benchmark = b.Name
		r.count("samples", b.Samples)
		for _, x := range b.Routers {
			r.of(x.Name).number(b.Metric, x.Value, areaUnit(b.Metric))
			r.of(x.Name).test("random", x.AgainstRandom)
		}
		for _, p := range b.Pairs {
			pair := r.of(p.A)
			pair.against = p.B
			pair.addPair(b.Metric, p, d.At)
		}
	}
	for _, b := range d.Pools {
		r.benchmark = b.Name
		r.count("samples", b.Samples)
		for _, p := range b.Pairs {
			pair := r.of(p.A)
			pair.against = p.B
			pair.addDifference("lift", p.Lift, quality)
			pair.addDifference("log_lift", p.LogLift, quality)
			pair.addDifference("log_cost_for_95", p.LogCostFor95, index)
		}
	}
	return r.t
}

// areaUnit returns the unit of APGR, or of the area that stands for it.
func areaUnit(metric string) string {
	if metric == "apgr" {
		return index
	}
	return quality
}

// addPair adds what compares two routers. at is the share of strong calls of the counts.
func (r rows) addPair(metric string, p results.ComparedPair, at results.Value) {
	unit := areaUnit(metric)
	r.add(metric+"_difference", results.Missing, p.Difference, unit, p.Verdict)
	r.add(metric+"_equivalence", results.Missing, results.Metric{Value: results.Missing, Lo: p.NarrowLo, Hi: p.NarrowHi}, unit, "")
	r.number("se", p.SE, unit)
	r.number("detectable", p.Detectable, unit)
	r.number("p", p.P, probability)
	r.number("p_holm", p.PHolm, probability)
	r.number("p_adjusted", p.PAdjusted, probability)
	r.word("verdict_alone", p.VerdictAlone)
	x := p.Decisions
	if x == nil {
		return
	}
	r.addCounts(at, x.Rescues, x.Losses, x.Safe, x.Hard)
	r.at("mcnemar", at, x.McNemar, probability)
	for _, task := range x.Tasks {
		r.task = task.Task
		r.addCounts(at, len(task.Rescues), len(task.Losses), len(task.Safe), len(task.Hard))
	}
}

// addCounts adds what becomes of samples.
func (r rows) addCounts(at results.Value, rescues, losses, safe, hard int) {
	for _, x := range []struct {
		name string
		n    int
	}{{"rescues", rescues}, {"losses", losses}, {"safe", safe}, {"hard", hard}} {
		r.at(x.name, at, results.Value(x.n), count)
	}
}

// addDifference adds the difference of a metric of two routers among several models.
func (r rows) addDifference(metric string, d results.PoolDifference, unit string) {
	r.add(metric+"_difference", results.Missing, d.Difference, unit, d.Verdict)
	r.number(metric+"_detectable", d.Detectable, unit)
	r.number(metric+"_p", d.P, probability)
	r.number(metric+"_p_adjusted", d.PAdjusted, probability)
}
