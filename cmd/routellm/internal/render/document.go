// Package render writes evaluation results for people and programs. Call [Document] for a
// table, CSV, Markdown or JSON, [Screen] for a terminal, and [Folder] for all files of eval -o.
// Other commands share its number formats, such as [Percent], [Exact] and [Unit].
package render

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/tidy"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// Document writes a result as "json", "csv", "tidy" (CSV with one row per value), "markdown" or, for
// any other format, text.
func Document(w io.Writer, d *results.Document, format string) error {
	switch format {
	case "json":
		return d.Write(w)
	case "csv":
		return csvTable(d).CSV(w)
	case "tidy":
		return tidy.Document(d).CSV(w)
	}
	for i, b := range d.Benchmarks {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := writeBenchmark(w, b, d.Conventions, format == "markdown"); err != nil {
			return err
		}
	}
	return nil
}

// writeBenchmark writes the heading, tables and footnotes of one benchmark.
func writeBenchmark(w io.Writer, b results.Benchmark, conventions results.Conventions, markdown bool) error {
	Heading(w, b, conventions, markdown)
	u := UnitOf(b)
	for _, t := range tablesOf(b, u, conventions) {
		fmt.Fprintln(w)
		write := t.Text
		if markdown {
			write = t.Markdown
		}
		if err := write(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	Footnotes(w, Notes(b, conventions), markdown)
	return nil
}

// Heading writes the title of a benchmark, both models with their quality, and the excluded
// samples.
func Heading(w io.Writer, b results.Benchmark, conventions results.Conventions, markdown bool) {
	u := UnitOf(b)
	title := fmt.Sprintf("%s: %s", Title(b), text.Plural(b.Samples, "sample"))
	if b.Summary != nil {
		title = SummaryTitle(b.Samples, b.Summary)
	}
	switch {
	case b.Weights == nil:
	case b.Weights.Effective.Exists():
		title += fmt.Sprintf(", weighted (effective sample size %.1f)", float64(b.Weights.Effective))
	default:
		title += ", weighted"
	}
	if c := b.Correction; c != nil {
		title += fmt.Sprintf(", corrected by %s", text.Plural(c.Samples, "gold label"))
	}
	if conventions.Curve != "exact" {
		title += fmt.Sprintf(", RouteLLM's conventions with %d bins", conventions.NumResults)
	}
	mark, item := "", "  "
	if markdown {
		mark, item = "## ", "- "
		defer fmt.Fprintln(w)
	}
	fmt.Fprintln(w, mark+title)
	if markdown {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%sstrong  %s  %s\n", item, u.Quality(b.StrongQuality), b.Pair.Strong)
	fmt.Fprintf(w, "%sweak    %s  %s\n", item, u.Quality(b.WeakQuality), b.Pair.Weak)
	if x := b.Unmeasured; x.Many() {
		fmt.Fprintf(w, "%sgap     %s  %s\n", item, u.Quality(b.StrongQuality-b.WeakQuality), GapWithUnmeasured(x, u))
	}
	if left := Exclusions(b.Excluded); left != "" {
		fmt.Fprintf(w, "%sleft out: %s\n", item, left)
	}
}

// GapWithUnmeasured says what the gap would be with the samples that were not measured.
func GapWithUnmeasured(x *results.Unmeasured, u Unit) string {
	return fmt.Sprintf("between %s and %s with those not measured", u.Quality(x.GapLo), u.Quality(x.GapHi))
}

// Exclusions lists the number of excluded samples by reason, "" if there are none.
func Exclusions(x results.Excluded) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{x.Contaminated, "contaminated"}, {x.Training, "in training data"}, {x.NearCopies, "near copies of training data"}, {x.Missing, "not measured on both models"},
		{x.Calibration, "that set the threshold"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", text.Thousands(p.n), p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// Notes returns the footnotes of a benchmark: what marks and columns mean, what each CPT50 says
// in words, and all warnings.
func Notes(b results.Benchmark, conventions results.Conventions) []string {
	notes := Savings(b)
	if conventions.Curve == "exact" {
		notes = append(append(columnNotes(b), dollarNotes(b)...), notes...)
		notes = append(SliceNotes(b), notes...)
		notes = append(exactNotes(b), notes...)
		notes = append(intervalNotes(b, conventions.Intervals), notes...)
	}
	if b.Correction != nil {
		notes = append([]string{CorrectionNote(b.Correction, b.Samples)}, notes...)
	}
	notes = append(notes, embeddedNote(b)...)
	for _, warning := range b.Warnings {
		notes = append(notes, "warning: "+warning)
	}
	for _, r := range b.Routers {
		for _, warning := range r.Warnings {
			notes = append(notes, "warning: "+r.Name+": "+warning)
		}
	}
	return notes
}

// CorrectionNote says how the labels of some samples were corrected.
func CorrectionNote(c *results.Correction, samples int) string {
	gold := fmt.Sprintf("the gold labels %q", c.Gold)
	if c.File != nil {
		gold = "the gold labels of " + c.File.Path
	}
	note := fmt.Sprintf("the labels %q are corrected by %s of %s of %s", c.Labels, gold, text.Thousands(c.Samples), text.Plural(samples, "sample"))
	if c.Effective.Exists() {
		note += fmt.Sprintf(", which together tell as much about the gap as %s alone", text.Plural(int(math.Round(float64(c.Effective))), "gold label"))
	}
	return note + "; headroom and hulls would need the gold labels of all"
}

// columnNotes explains the columns of the quality and calls tables, and how far APGR varies
// by luck.
func columnNotes(b results.Benchmark) []string {
	notes := []string{"quality @: quality with that share of strong calls; calls for: share of strong calls that reaches that share of the strong model's quality"}
	if b.Random.APGRSD.Exists() && b.Random.APGRSD > 1e-9 { // 0 if the gain is the same on every sample
		notes = append(notes, fmt.Sprintf("random: APGR without skill is 0.500 +- %.3f (standard deviation)", float64(b.Random.APGRSD)))
	}
	return notes
}

// embeddedNote names the routers that were not run because their scores are built in.
func embeddedNote(b results.Benchmark) []string {
	var names []string
	for _, r := range b.Routers {
		if r.Scores == "embedded" {
			names = append(names, r.Name)
		}
	}
	if names == nil {
		return nil
	}
	return []string{strings.Join(names, ", ") + ": scores made beforehand and built in"}
}

// intervalNotes explains the marks and the intervals.
func intervalNotes(b results.Benchmark, i results.Intervals) []string {
	if i.Method == "none" {
		return nil
	}
	level, notes := Confidence(i), standingNotes(b, i)
	if i.Method == "influence" {
		return append(notes, fmt.Sprintf("[]: %s interval from the influence function", level))
	}
	of := "resamples"
	if b.Summary != nil {
		of += " of the buckets"
	}
	text := fmt.Sprintf("[]: %s interval from %s %s; for random: the %[1]s range of a single random ordering", level, text.Thousands(i.Resamples), of)
	if len(slicedRouters(b)) == 1 { // several have no intervals in the table
		text += "; for tasks: from the influence function"
	}
	return append(notes, text)
}

// Savings says in words what each router's CPT50 means.
func Savings(b results.Benchmark) []string {
	var notes []string
	for _, r := range b.Routers {
		c, ok := r.Metrics.CPT["50"]
		if !ok || !c.Value.Exists() || r.Scores == results.ClosedForm {
			continue
		}
		saved, word := 100*float64(c.SavingOverRandom.Value), "fewer"
		if saved < 0 {
			saved, word = -saved, "more"
		}
		notes = append(notes, fmt.Sprintf("%s recovers half the quality gap with %.1f %% strong calls, %.1f %% %s than random routing needs", r.Name, 100*float64(c.Value), saved, word))
	}
	return notes
}

// CurveQualifier qualifies "every other router" in a comparison. It returns " with a curve" if
// the benchmark has routers that only make decisions, which are not compared, and else "".
func CurveQualifier(b results.Benchmark) string {
	decides := func(r results.Router) bool { return r.Point != nil && r.Scores != results.NoScores }
	if slices.ContainsFunc(b.Routers, decides) {
		return " with a curve"
	}
	return ""
}
