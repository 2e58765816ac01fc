package reportcmd

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// summaryOf says in sentences what the numbers do.
func summaryOf(b results.Benchmark, i results.Intervals) []string {
	u := render.UnitOf(b)
	out := []string{fmt.Sprintf("%s scores %s on %s samples, %s %s.", b.Pair.Strong, u.Quality(b.StrongQuality), text.Thousands(b.Samples), b.Pair.Weak, u.Quality(b.WeakQuality))}
	switch b.Gap.State {
	case "not established":
		out = append(out, "No gap between the models is established, so that APGR and CPT do not exist; the area over random does.")
	case "thin":
		out = append(out, fmt.Sprintf("The gap between the models is only %.1f standard errors, so that APGR and CPT are unstable.", float64(b.Gap.Value/b.Gap.SE)))
	}
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
		out = append(out, fmt.Sprintf("To recover %s %% of the gap between the models, %s calls the strong one for %s of the prompts, %.1f %% %s than a random router.",
			k, r.Name, withInterval(c.Metric, i), saved, word))
	}
	for _, k := range render.SortedKeys(r.Metrics.FractionFor) {
		if m := r.Metrics.FractionFor[k]; m.Value.Exists() {
			out = append(out, fmt.Sprintf("To reach %s of the strong model's quality, %s calls it for %s.", render.KeyPercent(k), r.Name, withInterval(m, i)))
		}
	}
	return out
}

// withInterval writes a share in per cent with its interval.
func withInterval(m results.Metric, i results.Intervals) string {
	text := fmt.Sprintf("%.1f %%", 100*float64(m.Value))
	switch {
	case !m.Lo.Exists():
		return text
	case !m.Hi.Exists():
		return fmt.Sprintf("%s (%s interval from %.1f %% without an upper end)", text, render.Confidence(i), 100*float64(m.Lo))
	}
	return fmt.Sprintf("%s (%s interval %.1f to %.1f %%)", text, render.Confidence(i), 100*float64(m.Lo), 100*float64(m.Hi))
}

// leader is the best router, or the only one; nil where none stands out.
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
		return []string{fmt.Sprintf("%s is the best router%s: no %s interval of its paired difference from another holds 0.", best, render.CurveQualifier(b), render.Confidence(i))}
	}
	return []string{fmt.Sprintf("%s has the largest area under its curve, but cannot be told from %s: the %s interval of the paired difference holds 0.",
		best, joinWords(level), render.Confidence(i))}
}

// joinWords writes a, b and c.
func joinWords(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
