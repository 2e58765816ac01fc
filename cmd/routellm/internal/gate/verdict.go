package gate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// Status is the outcome of a rule.
type Status string

// The outcomes of a rule.
const (
	Pass         Status = "pass"
	Fail         Status = "fail"
	Inconclusive Status = "inconclusive" // the interval that decides is unknown
	Waived       Status = "waived"       // would fail or be inconclusive, but a waiver is valid
)

// Verdict is the outcome of one rule for one number.
type Verdict struct {
	Rule   Rule
	Target string  // path of the number with names for "*"; the rule's own path if nothing matches it
	Value  float64 // NaN if there is no number
	Status Status
	Reason string // why it does not pass, or why it is waived; "" for Pass
}

// Evidence holds the documents that a policy is judged on.
type Evidence struct {
	Results  *Document
	Baseline *Document // nil without a baseline
	// Paired returns the interval of the difference in a metric, such as "apgr" or "cpt.50",
	// between the results and the baseline on the same samples. An unknown end is NaN. If
	// Paired is nil, rules about ends of such intervals are inconclusive. together is the number
	// of intervals that must hold at once, 1 for an interval by itself.
	Paired func(benchmark, router, metric string, together int) (lo, hi float64, err error)
	Today  string // day on which waivers must be valid, such as 2026-12-31
}

// Judge returns a verdict per number of each rule, in the order of the rules. A rule whose
// number does not exist fails.
func (p *Policy) Judge(e Evidence) []Verdict {
	var out []Verdict
	for _, r := range p.Rules {
		targets := e.Results.targets(r.Path)
		if r.Delta {
			targets = e.common(r.Path)
		}
		if len(targets) == 0 {
			v := Verdict{Rule: r, Target: r.Path, Value: math.NaN()}
			out = append(out, p.waive(v.because(Fail, "the path matches nothing in "+where(r)+didYouMean(r.Path, e.Results.paths())), target{}, e.Today))
		} else if r.Delta {
			for _, t := range e.gone(r.Path) {
				v := Verdict{Rule: r, Target: t.name(), Value: math.NaN()}
				out = append(out, p.waive(v.because(Fail, "it is in the baseline but not in the results"), t, e.Today))
			}
		}
		together := 1
		if r.alarms() {
			together = len(targets)
		}
		for _, t := range targets {
			v := Verdict{Rule: r, Target: t.name(), Value: math.NaN()}
			out = append(out, p.waive(e.judge(v, t, together), t, e.Today))
		}
	}
	return out
}

// didYouMean returns the end of a reason that names the path closest to a mistyped one, "" if
// none is near.
func didYouMean(path string, known []string) string {
	if near := hint.Closest(path, known); near != "" {
		return ": did you mean " + near + "?"
	}
	return ""
}

// where names the documents that a rule reads.
func where(r Rule) string {
	if r.Delta {
		return "both the results and the baseline"
	}
	return "the results"
}

// common returns the targets of a difference whose benchmark and router are in the baseline
// too. A path without names means all benchmarks and routers. Under "*", targets without
// such a number are skipped.
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

// gone returns the numbers of the baseline whose benchmark or router the results lack.
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

// before returns the same target in the baseline.
func (e Evidence) before(t target) (target, bool) {
	if e.Baseline == nil {
		return target{}, false
	}
	return same(e.Baseline, t)
}

// same returns the target with the same benchmark and router in a document.
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

// decide compares the value with the rule's bound.
func (v Verdict) decide() Verdict {
	if v.Rule.holds(v.Value) {
		return v.because(Pass, "")
	}
	return v.because(Fail, "")
}

func (e Evidence) judge(v Verdict, t target, together int) Verdict {
	now, ok := lookup(t.among, t.path)
	if !ok {
		path, known := t.path, numbersIn(t.among, "")
		if t.router == "" { // perhaps a mistyped router
			path, known = t.name(), e.Results.paths()
		}
		return v.because(Fail, "the results have no such number"+didYouMean(path, known))
	}
	if v.Rule.Delta {
		return e.judgeDelta(v, t, now, together)
	}
	if status, reason := undecided(now); status != Pass {
		return v.because(status, "the results have "+reason)
	}
	v.Value = now.value
	return v.decide()
}

// undecided handles null. A missing value fails and an unknown end of an interval is
// inconclusive; the reason completes "the results have". The status is Pass if there is a
// number.
func undecided(n number) (Status, string) {
	switch {
	case n.field != "" && n.parent["value"] == nil:
		return Fail, "no value: the target is never reached, or the models have no quality gap"
	case n.null && n.field != "":
		return Inconclusive, fmt.Sprintf("no %q end of the interval", n.field)
	case n.null:
		return Fail, "no value (null)"
	}
	return Pass, ""
}

func (e Evidence) judgeDelta(v Verdict, t target, now number, together int) Verdict {
	old, _ := e.before(t)
	before, ok := lookup(old.among, old.path)
	if !ok {
		return v.because(Fail, "the baseline has no such number")
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
		return e.judgeInterval(v, t, now, together)
	}
	v.Value = now.value - before.value
	return v.decide()
}

// judgeInterval judges an end of the interval of a difference, which is one of several that must
// hold at once.
func (e Evidence) judgeInterval(v Verdict, t target, now number, together int) Verdict {
	if e.Paired == nil {
		return v.because(Inconclusive, "the difference has no interval, as differences were not resampled")
	}
	lo, hi, err := e.Paired(t.benchmark, t.router, now.metric, together)
	if err != nil {
		return v.because(Inconclusive, fmt.Sprintf("the difference has no interval: %v", err))
	}
	if v.Value = lo; now.field == "hi" {
		v.Value = hi
	}
	if math.IsNaN(v.Value) {
		return v.because(Inconclusive, fmt.Sprintf("the difference has no %q end of the interval", now.field))
	}
	return v.decide()
}

// differ returns the reason why a benchmark's numbers in the two documents cannot be
// subtracted, or "".
func (e Evidence) differ(benchmark string) string {
	if e.Results.curve != e.Baseline.curve {
		return "the results and the baseline compute curves by different conventions"
	}
	now, old := e.Results.find(benchmark), e.Baseline.find(benchmark)
	if isPool(now) || isPool(old) {
		return poolsDiffer(now, old)
	}
	a, _ := now["pair"].(node)
	b, _ := old["pair"].(node)
	if textOf(a, "strong") != textOf(b, "strong") || textOf(a, "weak") != textOf(b, "weak") {
		return "the results and the baseline compare different models"
	}
	for _, key := range []string{"samples", "strong_quality", "weak_quality"} {
		if now[key] != old[key] {
			return "the results and the baseline have different samples"
		}
	}
	return ""
}

// waive applies a valid waiver to a verdict that is not Pass. For a waiver that has ended,
// it says so in the reason.
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

// Overall returns Fail if a verdict fails, else Inconclusive if one is inconclusive, else
// Pass.
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
