package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// Marks returns what follows a router's name in a table: * for the best router, ~ for one that
// is not significantly different from the best, and ! for one that is not better than random.
func Marks(r results.Router) string {
	marks := map[results.Standing]string{results.Best: " *", results.Level: " ~"}[r.Standing]
	if r.AgainstRandom != nil && r.AgainstRandom.Verdict != string(eval.Better) {
		marks += " !"
	}
	return marks
}

// Adjusted returns how the verdicts of a benchmark were made, such as "paired, 95 %, adjusted
// for 21 comparisons". One comparison and documents of old releases have no adjustment.
func Adjusted(b results.Benchmark, i results.Intervals) string {
	how := "paired, " + Confidence(i)
	if n := Comparisons(b); n > 1 {
		how += ", adjusted for " + text.Plural(n, "comparison")
	}
	return how
}

// Comparisons returns the number of comparisons behind a benchmark's verdicts: all pairs of
// routers with a curve, and each router with random.
func Comparisons(b results.Benchmark) int {
	curves, all := 0, 0
	for _, r := range b.Routers {
		if r.AgainstRandom == nil {
			continue
		}
		all++
		if r.Point == nil {
			curves++
		}
	}
	return curves*(curves-1)/2 + all
}

// standingNotes explains the marks, and says what would be significant without adjustment and
// what the choice of the best router does to its interval.
func standingNotes(b results.Benchmark, i results.Intervals) []string {
	var notes []string
	how := Adjusted(b, i)
	switch stands := standings(b); {
	case slices.Contains(stands, results.Level):
		notes = append(notes, fmt.Sprintf("*: best; ~: not significantly different from the best (%s)", how))
	case slices.Contains(stands, results.Best):
		notes = append(notes, fmt.Sprintf("*: significantly better than every other router%s (%s)", CurveQualifier(b), how))
	}
	if slices.ContainsFunc(b.Routers, func(r results.Router) bool { return strings.HasSuffix(Marks(r), "!") }) {
		notes = append(notes, fmt.Sprintf("!: not significantly better than random (%s)", how))
	}
	notes = append(notes, unadjustedNotes(b, 1-float64(i.Confidence))...)
	for _, r := range b.Routers {
		if c := r.AsBest; c != nil {
			notes = append(notes, fmt.Sprintf("%s was chosen as the best of %s: allowing for that, its %s interval of %s is %s",
				r.Name, text.Plural(c.Routers, "router"), Confidence(i), map[bool]string{true: "APGR", false: "the area over random"}[c.Metric == "apgr"],
				Interval(results.Metric{Lo: c.Lo, Hi: c.Hi}, r, ShortNumber)))
		}
	}
	return notes
}

// standings returns every router's standing.
func standings(b results.Benchmark) []results.Standing {
	out := make([]results.Standing, len(b.Routers))
	for k, r := range b.Routers {
		out[k] = r.Standing
	}
	return out
}

// unadjustedNotes lists the comparisons with a p value of at most alpha that are not significant:
// because of the adjustment, or because too few samples carry the difference.
func unadjustedNotes(b results.Benchmark, alpha float64) []string {
	var adjusted, few []string
	add := func(t *results.Test, name string) {
		switch {
		case t == nil || t.Verdict != string(eval.Inconclusive) || !(float64(t.P) <= alpha):
		case float64(t.PAdjusted) <= alpha:
			few = append(few, name)
		default:
			adjusted = append(adjusted, name)
		}
	}
	for _, r := range b.Routers {
		add(r.AgainstBest, r.Name+" and the best router")
		add(r.AgainstRandom, r.Name+" and random")
	}
	var notes []string
	if adjusted != nil {
		notes = append(notes, "different only without the adjustment, which may be chance: "+strings.Join(adjusted, ", "))
	}
	if few != nil {
		notes = append(notes, "different by p alone, but so few samples carry the difference that it may be chance: "+strings.Join(few, ", "))
	}
	return notes
}
