package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
)

// writeDocument writes the result in one of eval's formats.
func writeDocument(w io.Writer, d *result.Document, format string) error {
	switch format {
	case "json":
		return d.Write(w)
	case "csv":
		return csvTable(d).CSV(w)
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

// writeBenchmark writes one benchmark's heading, tables and footnotes.
func writeBenchmark(w io.Writer, b result.Benchmark, conventions result.Conventions, markdown bool) error {
	writeHeading(w, b, conventions, markdown)
	u := unitOf(b)
	tables := []*table.Table{gapTable(b, u), operatingTable(b, u)}
	if conventions.Curve != "exact" {
		tables = []*table.Table{compatTable(b, u)}
	}
	if t := sliceTable(b, u); len(t.Rows) > 0 {
		tables = append(tables, t)
	}
	for _, t := range tables {
		fmt.Fprintln(w)
		write := t.Text
		if markdown {
			write = t.Markdown
		}
		if err := write(w); err != nil {
			return err
		}
	}
	writeNotes(w, b, conventions, markdown)
	return nil
}

func writeHeading(w io.Writer, b result.Benchmark, conventions result.Conventions, markdown bool) {
	u := unitOf(b)
	title := fmt.Sprintf("%s: %s samples", titleOf(b), thousands(b.Samples))
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
	fmt.Fprintf(w, "%sstrong  %s  %s\n", item, u.quality(b.StrongQuality), b.Pair.Strong)
	fmt.Fprintf(w, "%sweak    %s  %s\n", item, u.quality(b.WeakQuality), b.Pair.Weak)
	if left := leftOut(b.Excluded); left != "" {
		fmt.Fprintf(w, "%sleft out: %s\n", item, left)
	}
}

func leftOut(x result.Excluded) string {
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{x.Contaminated, "contaminated"}, {x.Training, "in training data"}, {x.Missing, "not measured on both models"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", thousands(p.n), p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// gapTable has one row a router: an operating point, then the gap recovered
// and where.
func gapTable(b result.Benchmark, u unit) *table.Table {
	percents := cptKeys(b)
	t := &table.Table{Header: []string{"router", "calls", "quality", "APGR", "headroom"}}
	for _, p := range percents {
		t.Header = append(t.Header, "CPT"+p)
	}
	for _, r := range b.Routers {
		calls, quality := pointOf(r, u)
		row := []string{shorten(r.Name), calls, quality, number(r.Metrics.APGR.Value, r), percent(r.Metrics.Headroom.Value, r)}
		for _, p := range percents {
			row = append(row, percent(r.Metrics.CPT[p].Value, r))
		}
		t.Add(row...)
	}
	return t
}

// compatTable has what the reference prints, one row a router.
func compatTable(b result.Benchmark, u unit) *table.Table {
	t := &table.Table{Header: []string{"router"}}
	percents := cptKeys(b)
	for _, p := range percents {
		t.Header = append(t.Header, p+" % qual")
	}
	t.Header = append(t.Header, "AUC", "APGR")
	for _, r := range b.Routers {
		if r.Point != nil {
			continue // the reference has no constant routers
		}
		row := []string{shorten(r.Name)}
		for _, p := range percents {
			row = append(row, percent(r.Metrics.CPT[p].Value, r))
		}
		t.Add(append(row, u.quality(r.Metrics.AUC.Value), number(r.Metrics.APGR.Value, r))...)
	}
	return t
}

// pointOf is a fixed router's own point, else the one at half the calls.
func pointOf(r result.Router, u unit) (calls, quality string) {
	if r.Point != nil {
		return fmt.Sprintf("%.1f %%", 100*float64(r.Point.StrongFraction)), u.quality(r.Point.Quality)
	}
	if q, ok := r.Metrics.QualityAt["0.5"]; ok {
		return "50.0 %", u.quality(q.Value)
	}
	return "-", "-"
}

// operatingTable has one row a router with a curve: what given shares of calls
// give, and what given shares of quality need.
func operatingTable(b result.Benchmark, u unit) *table.Table {
	t := &table.Table{Header: []string{"router", "AUC"}}
	first := firstCurve(b).Metrics
	at, needs := sortedKeys(first.QualityAt), sortedKeys(first.FractionFor)
	for _, k := range at {
		t.Header = append(t.Header, "at "+percentKey(k))
	}
	for _, k := range needs {
		t.Header = append(t.Header, "for "+percentKey(k))
	}
	for _, r := range b.Routers {
		if r.Point != nil {
			continue
		}
		row := []string{shorten(r.Name), u.quality(r.Metrics.AUC.Value)}
		for _, k := range at {
			row = append(row, u.quality(r.Metrics.QualityAt[k].Value))
		}
		for _, k := range needs {
			row = append(row, percent(r.Metrics.FractionFor[k].Value, r))
		}
		t.Add(row...)
	}
	return t
}

// maxSliceRouters is how many routers a slice table has room for in 80 columns.
const maxSliceRouters = 3

// sliceTable has one row a task with the routers' APGR.
func sliceTable(b result.Benchmark, u unit) *table.Table {
	t := &table.Table{Header: []string{"task", "n", "strong", "weak"}}
	var with []result.Router
	for _, r := range b.Routers {
		if len(r.Slices) > 0 && r.Scores != "closed form" && len(with) < maxSliceRouters {
			with = append(with, r)
			t.Header = append(t.Header, shorten(r.Name))
		}
	}
	if len(with) == 0 {
		return t
	}
	for i, s := range with[0].Slices {
		row := []string{s.Task, thousands(s.Samples), u.quality(s.StrongQuality), u.quality(s.WeakQuality)}
		for _, r := range with {
			row = append(row, number(r.Slices[i].APGR.Value, r))
		}
		t.Add(row...)
	}
	return t
}

// writeNotes writes the footnotes: what the numbers say in words, and all
// warnings.
func writeNotes(w io.Writer, b result.Benchmark, conventions result.Conventions, markdown bool) {
	item := ""
	if markdown {
		item = "- "
	}
	notes := savings(b)
	if conventions.Curve == "exact" {
		notes = append(operatingNote(b), notes...)
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
	fmt.Fprintln(w)
	for _, note := range notes {
		if !markdown {
			note = wrap(note)
		}
		fmt.Fprintln(w, item+note)
	}
}

// maxWidth is the width that tables and notes keep to.
const maxWidth = 80

// wrap breaks a note at spaces, with the further lines set in.
func wrap(note string) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(note) {
		width := utf8.RuneCountInString(word)
		switch {
		case column > 0 && column+1+width > maxWidth:
			b.WriteString("\n  ")
			column = 2
		case column > 0:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += width
	}
	return b.String()
}

// operatingNote explains the second table and the spread of luck.
func operatingNote(b result.Benchmark) []string {
	notes := []string{"at: quality with that share of strong calls; for: calls to reach that share of the strong model's quality"}
	if b.Random.APGRSD.Exists() {
		notes = append(notes, fmt.Sprintf("random: APGR without skill is 0.500 +- %.3f (standard deviation)", float64(b.Random.APGRSD)))
	}
	return notes
}

// embeddedNote names the routers that were not run.
func embeddedNote(b result.Benchmark) []string {
	var names []string
	for _, r := range b.Routers {
		if r.Scores == "embedded" {
			names = append(names, r.Name)
		}
	}
	if names == nil {
		return nil
	}
	return []string{strings.Join(names, ", ") + ": scores that were made beforehand and are built in"}
}

// savings puts each router's CPT50 in words.
func savings(b result.Benchmark) []string {
	var notes []string
	for _, r := range b.Routers {
		c, ok := r.Metrics.CPT["50"]
		if !ok || !c.Value.Exists() || r.Scores == "closed form" {
			continue
		}
		saved, word := 100*float64(c.SavingOverRandom), "fewer"
		if saved < 0 {
			saved, word = -saved, "more"
		}
		notes = append(notes, fmt.Sprintf("%s: half the gap for %.1f %% strong calls, %.1f %% %s than random", r.Name, 100*float64(c.Value), saved, word))
	}
	return notes
}

// firstCurve is the first router with a curve; there is always the random one.
func firstCurve(b result.Benchmark) result.Router {
	i := slices.IndexFunc(b.Routers, func(r result.Router) bool { return r.Point == nil })
	return b.Routers[i]
}

func cptKeys(b result.Benchmark) []string { return sortedKeys(firstCurve(b).Metrics.CPT) }

// sortedKeys orders keys that are numbers by value.
func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return cmp.Compare(parseKey(a), parseKey(b))
	})
	return keys
}

// maxLabel is the width of a router's name in a table.
const maxLabel = 14

func shorten(name string) string {
	if utf8.RuneCountInString(name) <= maxLabel {
		return name
	}
	return string([]rune(name)[:maxLabel-1]) + "…"
}
