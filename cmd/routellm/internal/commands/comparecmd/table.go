package comparecmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/cmd/routellm/internal/tidy"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// writeComparison writes the comparison in the format of --format.
func writeComparison(w io.Writer, d *results.Comparison, o options) error {
	switch {
	case o.Format == "json":
		return d.Write(w)
	case o.Format == "csv" && o.Flips:
		return flipRows(d).CSV(w)
	case o.Format == "csv":
		return pairRows(d).CSV(w)
	case o.Format == "tidy":
		return tidy.Comparison(d).CSV(w)
	}
	for i, b := range d.Benchmarks {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := writeCompared(w, d, b, o); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	render.Footnotes(w, comparedNotes(d), o.Format == "markdown")
	return nil
}

// writeCompared writes one benchmark's heading, tables and notes.
func writeCompared(w io.Writer, d *results.Comparison, b results.ComparedBenchmark, o options) error {
	markdown := o.Format == "markdown"
	render.Heading(w, results.Benchmark{
		Name: b.Name, Title: b.Title, Unit: b.Unit, Pair: b.Pair, Samples: b.Samples, Summary: b.Summary,
		StrongQuality: b.StrongQuality, WeakQuality: b.WeakQuality, Unmeasured: b.Unmeasured, Correction: b.Correction,
	}, results.Conventions{Curve: "exact"}, markdown)
	differences, notes := differenceTable(b)
	tables := []*table.Table{differences}
	if b.Summary == nil { // of which single samples are not known
		tables = append(tables, decisionTable(d, b))
	}
	if o.Flips {
		for _, p := range b.Pairs {
			tables = append(tables, taskTable(p))
		}
	}
	for _, t := range tables {
		fmt.Fprintln(w)
		if err := render.Table(w, t, o.Format); err != nil {
			return err
		}
	}
	if b.Summary != nil {
		notes = append(notes, render.SummaryNotes(b.Summary, b.Samples)...)
		notes = append(notes, differenceBounds(b)...)
	}
	for _, warning := range b.Warnings {
		notes = append(notes, "warning: "+warning)
	}
	if len(notes) > 0 {
		fmt.Fprintln(w)
	}
	render.Footnotes(w, notes, markdown)
	return nil
}

// differenceTable returns one row per pair. Letters behind the verdict refer to the notes; pairs
// with the same note share its letter.
func differenceTable(b results.ComparedBenchmark) (t *table.Table, notes []string) {
	t = &table.Table{Header: []string{"A - B", metricName(b), "lo", "hi", "p", "MDD", "verdict"}, Left: []int{6}}
	var said []string
	for _, p := range b.Pairs {
		verdict := p.Verdict
		for _, note := range p.Notes {
			k := slices.Index(said, note)
			if k < 0 {
				k, said = len(said), append(said, note)
				notes = append(notes, letters(k)+": "+note)
			}
			verdict += " " + letters(k)
		}
		t.Add(pairText(p.A, p.B), signed(p.Difference.Value), signed(p.Difference.Lo), signed(p.Difference.Hi),
			text.PValue(float64(p.PAdjusted)), render.ThreeDecimals(p.Detectable), verdict)
	}
	return t, notes
}

// differenceBounds says how exact the differences of summaries are.
func differenceBounds(b results.ComparedBenchmark) []string {
	var list []string
	for _, p := range b.Pairs {
		if p.Difference.Within != nil {
			list = append(list, pairText(p.A, p.B)+" "+render.Bounded(p.Difference, false))
		}
	}
	if list == nil {
		return []string{"all differences are exact"}
	}
	return []string{"range of the exact differences: " + strings.Join(list, ", ")}
}

// metricName returns the header of the column of differences.
func metricName(b results.ComparedBenchmark) string {
	if b.Metric == "apgr" {
		return "APGR"
	}
	return "area"
}

// decisionTable returns one row per pair with the number of samples per outcome at the share
// of strong calls of --at.
func decisionTable(d *results.Comparison, b results.ComparedBenchmark) *table.Table {
	at := fmt.Sprintf("at %g %% strong calls", text.Percent(float64(d.At)))
	t := &table.Table{Header: []string{at, "rescues", "losses", "safe", "hard", "McNemar p"}}
	for _, p := range b.Pairs {
		x := p.Decisions
		t.Add(pairText(p.A, p.B), text.Thousands(x.Rescues), text.Thousands(x.Losses), text.Thousands(x.Safe), text.Thousands(x.Hard), text.PValue(float64(x.McNemar)))
	}
	return t
}

// family says how many comparisons the p values of a benchmark are adjusted for.
func family(b results.ComparedBenchmark) string {
	pairs, random := text.Plural(len(b.Pairs), "pair"), 0
	for _, r := range b.Routers {
		if r.AgainstRandom != nil {
			random++
		}
	}
	if random < len(b.Routers) { // random is one of the routers, or nothing was tested
		return pairs
	}
	return fmt.Sprintf("%s and %s with random", pairs, text.Plural(random, "comparison"))
}

// taskTable returns one row per task with the number of samples per outcome for one pair.
func taskTable(p results.ComparedPair) *table.Table {
	t := &table.Table{Header: []string{pairText(p.A, p.B), "n", "rescues", "losses", "safe", "hard"}}
	for _, x := range p.Decisions.Tasks {
		counts := []int{len(x.Rescues), len(x.Losses), len(x.Safe), len(x.Hard)}
		row, n := []string{x.Task, ""}, 0
		for _, count := range counts {
			row = append(row, text.Thousands(count))
			n += count
		}
		row[1] = text.Thousands(n)
		t.Add(row...)
	}
	return t
}

// comparedNotes returns notes that explain the columns of the tables.
func comparedNotes(d *results.Comparison) []string {
	of := map[bool]string{true: "buckets", false: "clusters"}[d.Benchmarks[0].Summary != nil]
	notes := []string{
		fmt.Sprintf("lo, hi: %g %% interval of A - B alone, from %s resamples of %s; MDD: smallest true difference found with 80 %% power",
			text.Percent(float64(d.Confidence)), text.Thousands(d.Resamples), of),
		"p: decides the verdict; adjusted for " + family(d.Benchmarks[0]),
	}
	if slices.ContainsFunc(d.Benchmarks, func(b results.ComparedBenchmark) bool { return b.Metric != "apgr" }) {
		notes = append(notes, "area: area between the curve and the random line, in units of quality; it replaces APGR because no gap between the models is established")
	}
	if d.Benchmarks[0].Summary != nil {
		return notes
	}
	return append(notes, "rescues: A answers better than B; losses: A answers worse; safe: tied and correct; hard: tied and wrong")
}
