package tidy

import (
	"math"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/results"
)

// Calibration returns the values of a calibration. Those of an operating point are at its target,
// whose name is the label.
func Calibration(d *results.Calibration) *table.Table {
	r := newRows().of(d.Router)
	r.benchmark = d.Reference.Builtin + d.Reference.Path
	r.number("prompts", results.Value(d.Prompts), count)
	for _, x := range d.Thresholds {
		r.addFraction(x)
	}
	if o := d.Outcomes; o != nil {
		r.addOutcomes(o)
	}
	if o := d.Pool; o != nil {
		r.addPoolOutcomes(o)
	}
	if x := d.Reliability; x != nil {
		r.addReliability(x)
	}
	if x := d.Drift; x != nil {
		r.addDrift(x)
	}
	return r.t
}

// addFraction adds a threshold that was set for a share of strong calls, at that share. Its label says
// which side is always called, if one is.
func (r rows) addFraction(x results.FractionThreshold) {
	at := x.WantedFraction
	r.add("threshold", at, results.NewMetric(float64(x.Score)), score, string(x.Always))
	r.add("strong_fraction", at, results.Metric{Value: x.StrongFraction, Lo: x.FutureLo, Hi: x.FutureHi}, share, "")
	if x.NextLo != nil {
		r.add("next_calls", at, results.Metric{Value: results.Missing, Lo: results.Value(*x.NextLo), Hi: results.Value(*x.NextHi)}, count, "")
	}
	if x.Check != nil {
		r.at("check_strong_fraction", at, x.Check.StrongFraction, share)
	}
}

// addOutcomes adds thresholds that were set with outcomes.
func (r rows) addOutcomes(o *results.Outcomes) {
	r.count("calibration", o.Calibration)
	r.count("held_out", o.HeldOut)
	r.of(o.Pair.Strong).number("quality", o.StrongQuality, quality)
	r.of(o.Pair.Weak).number("quality", o.WeakQuality, quality)
	for _, x := range o.Points {
		r.add("threshold", x.Value, results.NewMetric(float64(x.Score)), score, x.Target)
		r.addMeasures(x.Guarantee, x.Measures)
	}
}

// addPoolOutcomes adds operating points among several models.
func (r rows) addPoolOutcomes(o *results.PoolOutcomes) {
	r.count("calibration", o.Calibration)
	r.count("held_out", o.HeldOut)
	for _, m := range o.Models {
		r.of(m.Name).number("cost", m.Cost, usdPer1000)
		r.of(m.Name).number("quality", m.Quality, quality)
	}
	for _, x := range o.Points {
		r.add("lambda", x.Value, results.NewMetric(float64(x.Policy.Lambda)), index, x.Target)
		r.add("mix", x.Value, results.NewMetric(float64(x.Policy.Mix)), share, x.Target)
		r.addMeasures(x.Guarantee, x.Measures)
	}
}

// addMeasures adds what an operating point does: on the held-out samples, with its interval, and as
// NAME_calibration on those that chose it. The share of the prompts that a model answers is about the
// model.
func (r rows) addMeasures(g results.Guarantee, all []results.Measure) {
	for _, m := range all {
		about, name, unit := r, m.Name, measureUnit(m.Name)
		if model, ok := strings.CutPrefix(m.Name, "share:"); ok {
			about, name = r.of(model), "answered"
		}
		about.add(name, g.Value, results.Metric{Value: m.HeldOut, Lo: m.Lo, Hi: m.Hi}, unit, g.Target)
		if m.Calibration.Exists() {
			about.add(name+"_calibration", g.Value, results.NewMetric(float64(m.Calibration)), unit, g.Target)
		}
	}
	r.add("trivial", g.Value, results.NewMetric(truth(g.Trivial)), index, g.Target)
}

// measureUnit returns the unit of a measure of an operating point.
func measureUnit(name string) string {
	switch name {
	case "quality":
		return quality
	case "cost_usd", "saving_usd":
		return usdPer1000
	case "next_calls":
		return count
	}
	return share
}

// truth returns 1 for true.
func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// addReliability adds the bins of a reliability diagram, at their mean scores, and the Brier score with
// its parts.
func (r rows) addReliability(x *results.Reliability) {
	for _, b := range x.Bins {
		r.add("needed", b.Score, results.Metric{Value: b.Event, Lo: b.Lo, Hi: b.Hi}, share, "")
		r.at("bin_samples", b.Score, results.Value(b.Samples), count)
	}
	for _, m := range []struct {
		name string
		v    results.Value
	}{
		{"brier", x.Brier}, {"miscalibration", x.Miscalibration}, {"resolution", x.Resolution}, {"uncertainty", x.Constant}, {"within_bins", x.Within},
		{"skill", x.Skill}, {"calibration_error", x.Error}, {"ties", x.Ties},
	} {
		r.number(m.name, m.v, map[bool]string{true: share, false: index}[m.name == "ties" || m.name == "skill" || m.name == "calibration_error"])
	}
}

// addDrift adds the test of new scores.
func (r rows) addDrift(d *results.Drift) {
	r.number("ks", d.KS, index)
	r.number("p", d.P, probability)
	r.number("psi", d.PSI, index)
	r.number("strong_before", d.StrongBefore, share)
	r.number("strong_now", d.StrongNow, share)
	drifted := truth(d.Drifted)
	if d.Undecided {
		drifted = math.NaN()
	}
	r.number("drifted", results.Value(drifted), index)
}
