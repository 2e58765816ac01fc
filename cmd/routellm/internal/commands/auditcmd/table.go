package auditcmd

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// writeAudit writes the findings of all files in one of the formats of --format.
func writeAudit(w io.Writer, a *results.Audit, format string) error {
	switch format {
	case "json":
		return a.Write(w)
	case "csv":
		return findingRecords(a).CSV(w)
	}
	for i, f := range a.Files {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := writeAudited(w, f, format == "markdown"); err != nil {
			return err
		}
	}
	return nil
}

// writeAudited writes one file's heading, the table of its findings and a note per finding.
func writeAudited(w io.Writer, f results.AuditedFile, markdown bool) error {
	heading, item := fmt.Sprintf("%s: %s, %s", f.Name, text.Plural(f.Rows, "row"), severities(f.Findings)), ""
	if markdown {
		heading, item = "## "+heading, "- "
	}
	fmt.Fprintln(w, heading)
	if len(f.Findings) > 0 {
		fmt.Fprintln(w)
		t := findingTable(f)
		write := t.Text
		if markdown {
			write = t.Markdown
		}
		if err := write(w); err != nil {
			return err
		}
	}
	notes := findingNotes(f)
	if len(notes) > 0 {
		fmt.Fprintln(w)
	}
	for _, note := range notes {
		if !markdown {
			note = text.Wrap(note)
		}
		fmt.Fprintln(w, item+note)
	}
	return nil
}

// severities returns the number of findings per severity in words, most severe first.
func severities(findings []results.AuditFinding) string {
	var parts []string
	for _, severity := range []string{"error", "warning", "note"} {
		n := 0
		for _, f := range findings {
			if f.Severity == severity {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, text.Plural(n, severity))
		}
	}
	if parts == nil {
		return "no findings"
	}
	return strings.Join(parts, ", ")
}

// These limits keep the table of findings within 80 columns.
const (
	maxAbout    = 20 // width of the column "about", in characters
	maxRowsCell = 2  // number of rows in the column "first rows"
)

// findingTable returns one row per finding.
func findingTable(f results.AuditedFile) *table.Table {
	t := &table.Table{Header: []string{"severity", "finding", "rows", "about", "first rows"}, Left: []int{1, 3, 4}}
	for _, x := range f.Findings {
		t.Add(x.Severity, x.Code, text.Thousands(x.Count), render.ClipStart(x.About, maxAbout), firstRows(x, maxRowsCell))
	}
	return t
}

// firstRows lists at most n of the finding's rows. An ellipsis stands for the others.
func firstRows(f results.AuditFinding, n int) string {
	var parts []string
	for _, row := range f.Rows[:min(n, len(f.Rows))] {
		parts = append(parts, strconv.Itoa(row))
	}
	if f.Count > len(parts) {
		parts = append(parts, "…")
	}
	return strings.Join(parts, ", ")
}

// findingNotes returns one note per finding, with its message, the first sample ids and its
// effect, and one note per check that was not possible.
func findingNotes(f results.AuditedFile) []string {
	var notes []string
	u := render.UnitOf(results.Benchmark{Unit: f.Unit})
	for _, x := range f.Findings {
		name := x.Code
		if x.About != "" {
			name += ", " + x.About
		}
		ids := strings.Join(x.IDs, ", ")
		if x.Count > len(x.IDs) {
			ids += ", …"
		}
		note := fmt.Sprintf("%s: %s: %s", name, x.Message, ids)
		if e := effectText(x.Effect, u); e != "" {
			note += "; " + e
		}
		notes = append(notes, note)
	}
	for _, n := range f.NotChecked {
		notes = append(notes, "not checked: "+n)
	}
	return notes
}

// effects maps how a finding is mended to the words that begin its effect.
var effects = map[string]string{"leave out": "without them", "count": "with them", "correct": "with corrected labels"}

// effectText lists the numbers that change when the finding is mended, "" for a finding
// without an effect.
func effectText(e *results.AuditEffect, u render.Unit) string {
	if e == nil {
		return ""
	}
	var parts []string
	add := func(name, before, after string) {
		if before != after {
			parts = append(parts, fmt.Sprintf("%s %s -> %s", name, before, after))
		}
	}
	three := func(v results.Value) string { return render.Number(v, results.Router{}) }
	b, a := e.Before, e.After
	add("samples", text.Thousands(b.Samples), text.Thousands(a.Samples))
	add("strong", u.Quality(b.StrongQuality), u.Quality(a.StrongQuality))
	add("weak", u.Quality(b.WeakQuality), u.Quality(a.WeakQuality))
	add("gap", u.Quality(b.Gap), u.Quality(a.Gap))
	add("oracle's APGR", three(b.OracleAPGR), three(a.OracleAPGR))
	for _, name := range sortedNames(b.APGR) {
		add("APGR of "+name, three(b.APGR[name]), three(a.APGR[name]))
	}
	if parts == nil {
		return effects[e.Mend] + ": no change at this precision"
	}
	return effects[e.Mend] + ": " + strings.Join(parts, ", ")
}

func sortedNames(m map[string]results.Value) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// findingRecords returns one row per finding with nothing shortened, for CSV.
func findingRecords(a *results.Audit) *table.Table {
	t := &table.Table{Header: []string{
		"file", "severity", "finding", "about", "count", "first_rows", "sample_ids", "message", "mend",
		"samples_before", "samples_after", "strong_before", "strong_after", "weak_before", "weak_after", "gap_before", "gap_after",
	}}
	for _, f := range a.Files {
		for _, x := range f.Findings {
			row := []string{f.Name, x.Severity, x.Code, x.About, strconv.Itoa(x.Count), strings.TrimSuffix(firstRows(x, len(x.Rows)), ", …"), strings.Join(x.IDs, ", "), x.Message}
			if e := x.Effect; e != nil {
				row = append(row, e.Mend, strconv.Itoa(e.Before.Samples), strconv.Itoa(e.After.Samples), render.Exact(e.Before.StrongQuality), render.Exact(e.After.StrongQuality),
					render.Exact(e.Before.WeakQuality), render.Exact(e.After.WeakQuality), render.Exact(e.Before.Gap), render.Exact(e.After.Gap))
			}
			t.Add(append(row, make([]string, len(t.Header)-len(row))...)...)
		}
	}
	return t
}
