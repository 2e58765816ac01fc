package fitcmd

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// conclusion says in one paragraph what was found and what to do.
func conclusion(d *results.Fit) string {
	var said []string
	switch d.Outcome {
	case results.FitNothing:
		return nothing(d)
	case results.FitChance:
		said = []string{chance(d), instead(d), more(d)}
	case results.FitUnproven:
		said = []string{better(d), lucky(d), unproven(d)}
	default:
		said = []string{better(d), lucky(d), saves(d), promise(d)}
	}
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " ")
}

// nothing says why there is nothing to route.
func nothing(d *results.Fit) string {
	call := fmt.Sprintf("Call %s for every prompt.", d.Fallback)
	if d.Pair == nil {
		return fmt.Sprintf("There is nothing to route: on the training part, %s is the cheapest model and no other is better. %s", d.Fallback, call)
	}
	strong, weak := modelNamed(d, d.Pair.Strong), modelNamed(d, d.Pair.Weak)
	switch {
	case d.Fallback == weak.Name:
		return fmt.Sprintf("There is nothing to route: on no training prompt is %s better than %s. %s", strong.Name, weak.Name, call)
	case strong.Cost <= weak.Cost:
		return fmt.Sprintf("There is nothing to route: %s is better than %s and costs no more. %s", strong.Name, weak.Name, call)
	}
	return fmt.Sprintf("There is nothing to route: %s is better than %s by the same on every training prompt. Call %s for every prompt, or %s if that is good enough.",
		strong.Name, weak.Name, strong.Name, weak.Name)
}

// better says by how much the router is better than chance.
func better(d *results.Fit) string {
	row := d.Test.Rows[0]
	return fmt.Sprintf("Route with %s: on %s that neither trained nor chose it, it is better than %s: %s %s%s (%s interval %s).",
		d.Chosen, text.Plural(d.Test.Samples, "prompt"), rival(d), metricName(d.Test.Metric), render.ThreeDecimals(row.Value.Value), chanceLevel(d), percent(d.Confidence), span(row.Value, render.ThreeDecimals))
}

// lucky says that a value is probably too high: if the test finds so small a value in fewer than 80 of
// 100 test parts, those in which it does are the lucky ones.
func lucky(d *results.Fit) string {
	above := d.Test.Rows[0].Value.Value
	if d.Test.Metric == results.MetricAPGR {
		above -= 0.5
	}
	if d.Power == nil || !(above < d.Power.Detectable) {
		return ""
	}
	return fmt.Sprintf("The test part is small for it, and a lower %s would often not have passed the test, so this one is probably too high.", metricName(d.Test.Metric))
}

// rival names what the router is tested against.
func rival(d *results.Fit) string {
	if d.Test.Metric == results.MetricLift {
		return "the static mix of the models, which looks at no prompt"
	}
	return "random routing"
}

// chanceLevel says what a router without skill has.
func chanceLevel(d *results.Fit) string {
	if d.Test.Metric == results.MetricAPGR {
		return ", where random has 0.5"
	}
	return ", where it would have 0 without skill"
}

// saves says what the operating point does on the test part.
func saves(d *results.Fit) string {
	c := d.Calibration
	if c.Pool != nil {
		m := measuresOf(c.Pool.Points[0].Measures)
		return fmt.Sprintf("At its operating point it keeps %s of %s's quality for $%s per 1,000 prompts%s.",
			interval(m["share_of_best"], percent), c.Pool.Best, interval(m["cost_usd"], dollars), savingWords(m["saving_usd"]))
	}
	m, strong := measuresOf(c.Outcomes.Points[0].Measures), d.Pair.Strong
	if c.Outcomes.Points[0].Always == results.Weak {
		return fmt.Sprintf("But no router is needed: %s alone keeps %s of %s's quality, and the operating point always calls it.", d.Pair.Weak, interval(m["share_of_strong"], percent), strong)
	}
	said := fmt.Sprintf("At its threshold it calls %s for %s of the prompts and keeps %s of its quality", strong, interval(m["strong_fraction"], percent), interval(m["share_of_strong"], percent))
	if saving, ok := m["saving_usd"]; ok {
		return said + savingWords(saving) + " per 1,000 prompts."
	}
	called := m["strong_fraction"]
	saved := results.Measure{HeldOut: 1 - called.HeldOut, Lo: 1 - called.Hi, Hi: 1 - called.Lo}
	return said + fmt.Sprintf(": it saves %s of the calls. What that is worth is not known without costs.", interval(saved, percent))
}

// savingWords says what is saved. An interval that holds 0 shows no saving.
func savingWords(m results.Measure) string {
	if m.Lo > 0 {
		return ", which saves $" + interval(m, dollars)
	}
	return ", which is not shown to save anything: $" + interval(m, dollars)
}

// promise says what is guaranteed.
func promise(d *results.Fit) string {
	g, best := guarantee(d)
	what := fmt.Sprintf("it keeps at least %s of %s's quality", percent(g.Value), best)
	if g.Target == "budget_usd" {
		what = fmt.Sprintf("it costs less than $%g per 1,000 prompts", float64(g.Value))
	}
	return fmt.Sprintf("Guarantee: with %s confidence, %s on further prompts like these.", percent(g.Confidence), what)
}

// guarantee returns the guarantee, and the model whose quality is to be kept.
func guarantee(d *results.Fit) (results.Guarantee, string) {
	if p := d.Calibration.Pool; p != nil {
		return p.Points[0].Guarantee, p.Best
	}
	return d.Calibration.Outcomes.Points[0].Guarantee, d.Pair.Strong
}

// unproven says why there is no guarantee, and what would give one.
func unproven(d *results.Fit) string {
	size := text.Plural(d.Parts[1].Samples, "calibration prompt")
	if d.Calibration == nil { // a budget
		return fmt.Sprintf("But there is no guarantee: its %s do not establish the budget for any operating point. Call %s for every prompt, or allow more.", size, d.Fallback)
	}
	g, best := guarantee(d)
	said := fmt.Sprintf("But there is no guarantee: its %s do not establish that any operating point keeps %s of %s's quality, so router.json always calls %s.", size, percent(g.Value), best, best)
	switch n := d.Power.Calibration; {
	case n < 0:
		return said + fmt.Sprintf(" More prompts would not help: on these, it keeps less where it saves a tenth of the calls to %s. Ask for less, such as --quality %.2g.", best, float64(g.Value)-0.05)
	case n > 0:
		return said + fmt.Sprintf(" About %s more would probably establish one that saves a tenth of the calls to %s.", text.Plural(n, "prompt"), best)
	}
	return said + " A larger share for the calibration part (--parts) may establish one."
}

// chance says how the chosen router did.
func chance(d *results.Fit) string {
	row := d.Test.Rows[0]
	tried := 0
	for _, c := range d.Candidates {
		if !c.Control && c.Failed == "" {
			tried++
		}
	}
	return fmt.Sprintf("On these prompts no router beats chance: %s, chosen from %s, has %s %s%s (%s interval %s) on %s that neither trained nor chose it.",
		d.Chosen, text.Plural(tried, "router"), metricName(d.Test.Metric), render.ThreeDecimals(row.Value.Value), chanceLevel(d), percent(d.Confidence), span(row.Value, render.ThreeDecimals), text.Plural(d.Test.Samples, "prompt"))
}

// instead says which model to call.
func instead(d *results.Fit) string {
	best := slices.MaxFunc(d.Models, func(a, b results.FitModel) int { return cmp.Compare(a.Quality, b.Quality) })
	m := modelNamed(d, d.Fallback)
	switch {
	case m.Name == best.Name:
		return fmt.Sprintf("Call %s, the best one, for every prompt.", m.Name)
	case d.Target.Target == "budget_usd":
		return fmt.Sprintf("Call %s, the best one within the budget or else the cheapest, for every prompt.", m.Name)
	}
	return fmt.Sprintf("Call %s for every prompt, the cheapest one that keeps %s of %s's quality (%s confidence, on the training part).",
		m.Name, percent(d.Target.Value), best.Name, percent(d.Confidence))
}

// more says how many prompts would show a difference.
func more(d *results.Fit) string {
	p := d.Power
	if !p.Detectable.Exists() || !p.Effect.Exists() {
		return ""
	}
	said := fmt.Sprintf("The test would have found a difference of %s with 80 %% power", render.ThreeDecimals(p.Detectable))
	if p.More == 0 {
		return said + ", so that little is to be gained by routing these prompts."
	}
	return said + fmt.Sprintf("; to find one of %s, grade about %s more.", render.ThreeDecimals(p.Effect), text.Plural(p.More, "prompt"))
}

// curveWords says whether more labels would help.
func curveWords(d *results.Fit) string {
	c := d.Curve
	switch {
	case c == nil || len(c.Points) < 2:
		return ""
	case !c.Gain.Value.Exists():
		return "The learning curve has too few points to say whether more labels would help."
	}
	gain := fmt.Sprintf("twice as many training prompts would add about %s (%s interval %s) to %s, which would reach %s %s", render.ThreeDecimals(c.Gain.Value), percent(d.Confidence), span(c.Gain, render.ThreeDecimals), metricName(d.Metric), render.ThreeDecimals(c.Reached.Value), span(c.Reached, render.ThreeDecimals))
	if d.LabelsHelp() {
		return "More labels would help: " + gain + "."
	}
	return "The learning curve does not show that more labels would help: " + gain + "."
}

// metricName returns a metric as texts name it.
func metricName(metric string) string {
	return map[string]string{results.MetricAPGR: "APGR", results.MetricArea: "area over random", results.MetricLift: "lift"}[metric]
}

func modelNamed(d *results.Fit, name string) results.FitModel {
	return d.Models[slices.IndexFunc(d.Models, func(m results.FitModel) bool { return m.Name == name })]
}

// measuresOf returns measures by name.
func measuresOf(all []results.Measure) map[string]results.Measure {
	out := map[string]results.Measure{}
	for _, m := range all {
		out[m.Name] = m
	}
	return out
}

// interval writes a measure with its interval.
func interval(m results.Measure, write func(results.Value) string) string {
	return write(m.HeldOut) + " " + span(results.Metric{Lo: m.Lo, Hi: m.Hi}, write)
}

// span writes the interval of a metric, "?" if it does not exist.
func span(m results.Metric, write func(results.Value) string) string {
	if !m.Lo.Exists() || !m.Hi.Exists() {
		return "?"
	}
	return "[" + write(m.Lo) + ", " + write(m.Hi) + "]"
}

// percent writes a share in per cent.
func percent(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return fmt.Sprintf("%.4g %%", math.Round(1e6*float64(v))/1e4)
}

// dollars writes USD per 1,000 prompts.
func dollars(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return render.DollarsFor(math.Abs(float64(v) / 1000)).Amount(v / 1000)
}
