package gradecmd

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/datasets/finalanswer"
	"github.com/routellm/routellm/grading"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// write writes what came out in the format of --format, and the warnings.
func write(s cmdutil.Streams, r *grading.Run, o options) error {
	doc := r.Report()
	for _, w := range doc.Warnings {
		fmt.Fprintln(s.Err, text.Wrap("warning: "+w))
	}
	var err error
	switch o.Format {
	case "json":
		err = doc.Write(s.Out)
	case "csv":
		err = records(doc).CSV(s.Out)
	default:
		err = writeTable(s.Out, doc, r.Disagreements(), o)
	}
	return fault.Wrap(err)
}

func writeTable(w io.Writer, doc *results.Grading, shown []grading.Disagreement, o options) error {
	fmt.Fprintf(w, "%s: %s, graded by %s as %s\n\n", o.Out, text.Plural(doc.Rows, "row"), kindOf(doc.Kind), doc.Labels)
	t := models(doc)
	write := t.Text
	if o.Format == "markdown" {
		write = t.Markdown
	}
	if err := write(w); err != nil {
		return err
	}
	for _, m := range doc.Models {
		if m.Agreement != nil {
			fmt.Fprintln(w, "\n"+text.Wrap(agreement(m)))
		}
	}
	for _, d := range shown {
		fmt.Fprintln(w)
		for _, line := range lines(d) {
			fmt.Fprintln(w, line)
		}
	}
	return nil
}

// kindOf returns a kind in a few words.
func kindOf(kind string) string {
	const most = 30
	return render.ClipStart(kind, most)
}

// Widths of names of models: at most maxModel columns, and at least minModel where the table would be
// too wide.
const maxModel, minModel = 24, 8

// models returns one row per model.
func models(doc *results.Grading) *table.Table {
	for width := maxModel; ; width-- {
		t := &table.Table{Header: []string{"model", "quality", "95 %", "graded", "unread", "cut", "missing", "failed"}}
		for _, m := range doc.Models {
			t.Add(render.ClipStart(m.Model, width), render.Share(m.Quality.Value), interval(m.Quality), text.Thousands(m.Graded), text.Thousands(m.Unreadable),
				text.Thousands(m.CutShort), text.Thousands(m.Missing), text.Thousands(m.Failed))
		}
		if width == minModel || t.Width() <= text.Width {
			return t
		}
	}
}

func interval(m results.Metric) string {
	if !m.Lo.Exists() || !m.Hi.Exists() {
		return "?"
	}
	return fmt.Sprintf("[%.1f, %.1f]", 100*float64(m.Lo), 100*float64(m.Hi))
}

// agreement says how new labels differ from old ones.
func agreement(m results.GradedModel) string {
	a := m.Agreement
	return fmt.Sprintf("%s: the new labels equal %q for %s of %s (%.1f %%): %s higher, %s lower", m.Model, a.Labels,
		text.Thousands(a.Equal), text.Plural(a.Both, "answer"), 100*float64(a.Equal)/float64(a.Both), text.Thousands(a.Higher), text.Thousands(a.Lower))
}

// records returns one row per model with all digits.
func records(doc *results.Grading) *table.Table {
	t := &table.Table{Header: []string{"model", "quality", "lo", "hi", "graded", "unreadable", "cut_short", "missing", "failed"}}
	for _, m := range doc.Models {
		cells := []string{m.Model, render.Exact(m.Quality.Value), render.Exact(m.Quality.Lo), render.Exact(m.Quality.Hi)}
		for _, n := range []int{m.Graded, m.Unreadable, m.CutShort, m.Missing, m.Failed} {
			cells = append(cells, strconv.Itoa(n))
		}
		t.Add(cells...)
	}
	return t
}

// lines shows a disagreement in lines of at most 80 columns.
func lines(d grading.Disagreement) []string {
	out := []string{"sample " + finalanswer.Excerpt(d.SampleID, text.Width-7)}
	if d.Reference != "" {
		out = append(out, "  reference: "+finalanswer.Excerpt(d.Reference, text.Width-13))
	}
	for _, a := range d.Answers {
		out = append(out, "  "+render.ClipStart(a.Model, maxModel)+": "+verdict(a))
		if a.Answer != "" {
			out = append(out, "    "+finalanswer.Excerpt(a.Answer, text.Width-4))
		}
	}
	for i := range out {
		out[i] = table.Screen{Width: text.Width}.Cut(text.Printable(out[i])) // where characters take two columns
	}
	return out
}

// verdict says what an answer is worth and why.
func verdict(a grading.Shown) string {
	out := number(a.Value)
	if !math.IsNaN(a.Old) {
		out = number(a.Old) + " -> " + out
	}
	room := text.Width - 2 - maxModel - 2 - len(out) - len(", read as ")
	switch {
	case a.Why != "":
		return out + ", " + finalanswer.Excerpt(a.Why, room)
	case a.Read != "":
		return out + ", read as " + finalanswer.Excerpt(strings.TrimSpace(a.Read), room)
	}
	return out
}

func number(v float64) string {
	if math.IsNaN(v) {
		return "?"
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
