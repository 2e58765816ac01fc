package pages

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// summaryOf returns the main results of a benchmark in sentences.
func summaryOf(b results.Benchmark, i results.Intervals) []string {
	u := render.UnitOf(b)
	out := []string{fmt.Sprintf("%s scores %s on %s, %s %s.", b.Pair.Strong, u.Quality(b.StrongQuality), text.Plural(b.Samples, "sample"), b.Pair.Weak, u.Quality(b.WeakQuality))}
	switch b.Gap.State {
	case "not established":
		out = append(out, "No gap between the models is established, so APGR and CPT are undefined; use the area over random instead.")
	case "thin":
		out = append(out, fmt.Sprintf("The gap between the models is only %.1f standard errors, so APGR and CPT are unstable.", float64(b.Gap.Value/b.Gap.SE)))
	}
	out = append(out, randomWords(b, i)...)
	r := leader(b)
	if r == nil {
		return append(out, render.Savings(b)...)
	}
	out = append(out, standingWords(b, i)...)
	for _, k := range render.CPTKeys(b) {
		c := r.Metrics.CPT[k]
		if !c.Value.Exists() {
			continue
		}
		saved, word := 100*float64(c.SavingOverRandom.Value), "fewer"
		if saved < 0 {
			saved, word = -saved, "more"
		}
		out = append(out, fmt.Sprintf("To recover %s %% of the gap between the models, %s calls the strong model for %s of the prompts, %.1f %% %s than random routing needs.",
			k, r.Name, withInterval(c.Metric, i), saved, word)+savedWords(b, *r, k, i))
	}
	for _, k := range render.SortedKeys(r.Metrics.FractionFor) {
		if m := r.Metrics.FractionFor[k]; m.Value.Exists() {
			out = append(out, fmt.Sprintf("To reach %s of the strong model's quality, %s calls it for %s of the prompts.", render.KeyPercent(k), r.Name, withInterval(m, i)))
		}
	}
	return out
}

// savedWords says what a router saves in dollars at a CPT, "" if that is not known.
func savedWords(b results.Benchmark, r results.Router, cpt string, i results.Intervals) string {
	if b.Costs == nil || r.Costs == nil || !r.Costs.CPT[cpt].SavingOverStrong.Value.Exists() {
		return ""
	}
	c, d := r.Costs.CPT[cpt], render.DollarsOf(*b.Costs)
	interval := ""
	if c.SavingOverStrong.Lo.Exists() && c.SavingOverStrong.Hi.Exists() {
		interval = fmt.Sprintf(" (%s interval %s to %s)", render.Confidence(i), d.Amount(c.SavingOverStrong.Lo), d.Amount(c.SavingOverStrong.Hi))
	}
	return fmt.Sprintf(" That costs %s USD per 1,000 prompts, %s%s less than always calling the strong model.", d.Amount(c.Cost.Value), d.Amount(c.SavingOverStrong.Value), interval)
}

// withInterval formats a share in per cent with its interval.
func withInterval(m results.Metric, i results.Intervals) string {
	text := fmt.Sprintf("%.1f %%", 100*float64(m.Value))
	switch {
	case !m.Lo.Exists():
		return text
	case !m.Hi.Exists():
		return fmt.Sprintf("%s (%s interval from %.1f %%, unbounded above)", text, render.Confidence(i), 100*float64(m.Lo))
	}
	return fmt.Sprintf("%s (%s interval %.1f to %.1f %%)", text, render.Confidence(i), 100*float64(m.Lo), 100*float64(m.Hi))
}

// leader returns the best router, or the only one with a curve besides random, or nil.
func leader(b results.Benchmark) *results.Router {
	var only *results.Router
	scored := 0
	for k := range b.Routers {
		r := &b.Routers[k]
		if r.Standing == results.Best {
			return r
		}
		if r.Point == nil && r.Scores != results.ClosedForm {
			only = r
			scored++
		}
	}
	if scored == 1 {
		return only
	}
	return nil
}

// standingWords says whether the best router is significantly better than the others. It
// returns nothing if none is best.
func standingWords(b results.Benchmark, i results.Intervals) []string {
	var best string
	var level []string
	for _, r := range b.Routers {
		switch r.Standing {
		case results.Best:
			best = r.Name
		case results.Level:
			level = append(level, r.Name)
		}
	}
	switch {
	case best == "":
		return nil
	case level == nil:
		return []string{fmt.Sprintf("%s is the best router: it is significantly better than every other router%s (%s).", best, render.CurveQualifier(b), render.Adjusted(b, i))}
	}
	return []string{fmt.Sprintf("%s is the best router, but is not significantly different from %s (%s).",
		best, joinWords(level), render.Adjusted(b, i))}
}

// randomWords names the routers that are not better than random.
func randomWords(b results.Benchmark, i results.Intervals) []string {
	by := map[string][]string{}
	for _, r := range b.Routers {
		if r.AgainstRandom != nil {
			by[r.AgainstRandom.Verdict] = append(by[r.AgainstRandom.Verdict], r.Name)
		}
	}
	be := func(names []string) string {
		if len(names) == 1 {
			return joinWords(names) + " is"
		}
		return joinWords(names) + " are"
	}
	var out []string
	if names := by[string(eval.Inconclusive)]; names != nil {
		out = append(out, fmt.Sprintf("%s not significantly better than random (%s).", be(names), render.Adjusted(b, i)))
	}
	if names := by[string(eval.Worse)]; names != nil {
		out = append(out, fmt.Sprintf("%s significantly worse than random (%s): are the scores upside down?", be(names), render.Adjusted(b, i)))
	}
	return out
}

// joinWords joins words as "a, b and c".
func joinWords(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
