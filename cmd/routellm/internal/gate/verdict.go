package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Status is what came of a rule.
type Status string

const (
	Pass         Status = "pass"
	Fail         Status = "fail"
	Inconclusive Status = "inconclusive" // the number is there, but not how sure it is
	Waived       Status = "waived"       // would be one of the two before
)

// Verdict is one rule about one number.
type Verdict struct {
	Rule   Rule
	Target string  // path with the names in it; the rule's own where nothing fits it
	Value  float64 // NaN where there is none
	Status Status
	Reason string // why it does not pass, or passes all the same; "" for Pass
}

// Evidence is what a policy is judged on.
type Evidence struct {
	Results  *Document
	Baseline *Document // nil: none
	// Paired returns the interval of a metric, as in "apgr" or "cpt.50", in the results
	// minus in the baseline, on the same samples; NaN for an end that is not known. nil: no
	// intervals of differences can be had.
	Paired func(benchmark, router, metric string) (lo, hi float64, err error)
	Today  string // as in 2026-12-31; what waivers are valid against
}

// Judge returns a verdict for each number of each rule, in the order of the rules. A
// number that is not there fails.
func (p *Policy) Judge(e Evidence) []Verdict {
	var out []Verdict
	for _, r := range p.Rules {
		targets := e.Results.targets(r.Path)
		if r.Delta {
			targets = e.common(r.Path)
		}
		if len(targets) == 0 {
			v := Verdict{Rule: r, Target: r.Path, Value: math.NaN()}
			out = append(out, p.waive(v.because(Fail, "nothing of that name in "+e.where(r)), target{}, e.Today))
		} else if r.Delta {
			for _, t := range e.gone(r.Path) {
				v := Verdict{Rule: r, Target: t.name(), Value: math.NaN()}
				out = append(out, p.waive(v.because(Fail, "in the baseline, and not in the results"), t, e.Today))
			}
		}
		for _, t := range targets {
			v := Verdict{Rule: r, Target: t.name(), Value: math.NaN()}
			out = append(out, p.waive(e.judge(v, t), t, e.Today))
		}
	}
	return out
}

func (e Evidence) where(r Rule) string {
	if r.Delta {
		return "both documents"
	}
	return "the results"
}

// common are the targets of a difference, of which the baseline knows the benchmark and
// the router. A path without names is about all of them; with "*", those without such a
// number are passed over.
func (e Evidence) common(path string) []target {
	targets := e.Results.targets(path)
	if len(targets) == 0 {
		path = "*.*." + path
		targets = e.Results.targets(path)
	}
	return slices.DeleteFunc(targets, func(t target) bool {
		_, known := e.before(t)
		_, there := lookup(t.among, t.path)
		return !known || !there && strings.HasPrefix(path, "*.")
	})
}

// gone are the numbers of the baseline whose benchmark or router the results lack.
func (e Evidence) gone(path string) []target {
	if e.Baseline == nil {
		return nil
	}
	targets := e.Baseline.targets(path)
	if len(targets) == 0 {
		targets = e.Baseline.targets("*.*." + path)
	}
	return slices.DeleteFunc(targets, func(t target) bool {
		_, number := lookup(t.among, t.path)
		_, there := same(e.Results, t)
		return !number || there
	})
}

// before is the same number of the baseline.
func (e Evidence) before(t target) (target, bool) {
	if e.Baseline == nil {
		return target{}, false
	}
	return same(e.Baseline, t)
}

// same finds the target of the same benchmark and router in a document.
func same(d *Document, t target) (target, bool) {
	for _, other := range d.targets(t.name()) {
		if other.benchmark == t.benchmark && other.router == t.router {
			return other, true
		}
	}
	return target{}, false
}

func (v Verdict) because(s Status, reason string) Verdict {
	v.Status, v.Reason = s, reason
	return v
}

// decide compares the value.
func (v Verdict) decide() Verdict {
	if v.Rule.holds(v.Value) {
		return v.because(Pass, "")
	}
	return v.because(Fail, "")
}

func (e Evidence) judge(v Verdict, t target) Verdict {
	now, ok := lookup(t.among, t.path)
	if !ok {
		return v.because(Fail, "no such number in the results")
	}
	if v.Rule.Delta {
		return e.judgeDelta(v, t, now)
	}
	if status, reason := undecided(now); status != Pass {
		return v.because(status, "the results have "+reason)
	}
	v.Value = now.value
	return v.decide()
}

// undecided is for null: what has no value fails, an interval's end that is not known is
// inconclusive. Pass if there is a number.
func undecided(n number) (Status, string) {
	switch {
	case n.field != "" && n.parent["value"] == nil:
		return Fail, "no value: never reached, or no gap between the models"
	case n.null && n.field != "":
		return Inconclusive, "no such end of the interval"
	case n.null:
		return Fail, "no value"
	}
	return Pass, ""
}

func (e Evidence) judgeDelta(v Verdict, t target, now number) Verdict {
	old, _ := e.before(t)
	before, ok := lookup(old.among, old.path)
	if !ok {
		return v.because(Fail, "no such number in the baseline")
	}
	if reason := e.differ(t.benchmark); reason != "" {
		return v.because(Inconclusive, reason)
	}
	if status, reason := undecided(now); status == Fail {
		return v.because(Fail, "the results have "+reason)
	}
	if status, reason := undecided(before); status == Fail {
		return v.because(Fail, "the baseline has "+reason)
	}
	if now.field == "lo" || now.field == "hi" {
		return e.judgeInterval(v, t, now)
	}
	v.Value = now.value - before.value
	return v.decide()
}

// judgeInterval is about an end of a difference's interval.
func (e Evidence) judgeInterval(v Verdict, t target, now number) Verdict {
	if e.Paired == nil {
		return v.because(Inconclusive, "the difference has no interval")
	}
	lo, hi, err := e.Paired(t.benchmark, t.router, now.metric)
	if err != nil {
		return v.because(Inconclusive, fmt.Sprintf("the difference has no interval: %v", err))
	}
	if v.Value = lo; now.field == "hi" {
		v.Value = hi
	}
	if math.IsNaN(v.Value) {
		return v.because(Inconclusive, "the difference has no such end of the interval")
	}
	return v.decide()
}

// differ says why a benchmark's numbers cannot be taken from each other; "" if they can.
func (e Evidence) differ(benchmark string) string {
	if e.Results.curve != e.Baseline.curve {
		return "results and baseline have curves by different conventions"
	}
	find := func(d *Document) node {
		for _, b := range d.benchmarks {
			if textOf(b, "name") == benchmark {
				return b
			}
		}
		return nil
	}
	now, old := find(e.Results), find(e.Baseline)
	a, _ := now["pair"].(node)
	b, _ := old["pair"].(node)
	if textOf(a, "strong") != textOf(b, "strong") || textOf(a, "weak") != textOf(b, "weak") {
		return "results and baseline are about different models"
	}
	for _, key := range []string{"samples", "strong_quality", "weak_quality"} {
		if now[key] != old[key] {
			return "results and baseline have different samples"
		}
	}
	return ""
}

// waive lets a rule pass whose waiver is valid.
func (p *Policy) waive(v Verdict, t target, today string) Verdict {
	if v.Status == Pass {
		return v
	}
	for _, w := range p.Waivers {
		if w.Rule != v.Rule.Name && w.Rule != v.Rule.Text || w.On != "" && w.On != t.benchmark && w.On != t.benchmark+"."+t.router {
			continue
		}
		if today <= w.Until {
			return v.because(Waived, fmt.Sprintf("until %s: %s", w.Until, w.Reason))
		}
		reason := "its waiver ended on " + w.Until
		if v.Reason != "" {
			reason = v.Reason + "; " + reason
		}
		v.Reason = reason
	}
	return v
}

// Overall is the verdict on all: fail if one does, else inconclusive if one is, else
// pass.
func Overall(all []Verdict) Status {
	worst := Pass
	for _, v := range all {
		switch v.Status {
		case Fail:
			return Fail
		case Inconclusive:
			worst = Inconclusive
		}
	}
	return worst
}
