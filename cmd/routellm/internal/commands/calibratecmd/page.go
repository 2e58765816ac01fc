package calibratecmd

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/cmd/routellm/internal/tidy"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// writeCalibration writes the parts that the document has, in one of the formats of
// --format.
func writeCalibration(w io.Writer, doc *results.Calibration, format string) error {
	switch format {
	case "json":
		return doc.Write(w)
	case "tidy":
		return tidy.Calibration(doc).CSV(w)
	}
	p := &page{w: w, format: format}
	if len(doc.Thresholds) > 0 {
		p.thresholds(doc)
	}
	if doc.Outcomes != nil {
		p.outcomes(doc)
	}
	if doc.Pool != nil {
		p.pool(doc)
	}
	if doc.Reliability != nil {
		p.reliability(doc)
	}
	if doc.Drift != nil {
		p.drift(doc)
	}
	return p.err
}

// page writes headings, tables and notes one after another, as text, Markdown or CSV. Its
// methods do not return errors: err is the first one.
type page struct {
	w      io.Writer
	format string // "table", "markdown" or "csv"
	inside bool   // whether the last line was not empty
	err    error
}

// raw reports whether the page is CSV, which has tables only, with unrounded numbers.
func (p *page) raw() bool { return p.format == "csv" }

// keep records the first error.
func (p *page) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

// gap writes an empty line unless the last line was empty.
func (p *page) gap() {
	if p.inside {
		p.print("")
	}
}

// print writes a line in every format.
func (p *page) print(line string) {
	_, err := fmt.Fprintln(p.w, line)
	p.keep(err)
	p.inside = line != ""
}

// line writes a line of prose, nothing in CSV.
func (p *page) line(prose string) {
	if !p.raw() {
		p.print(prose)
	}
}

// heading writes a heading after an empty line, nothing in CSV.
func (p *page) heading(prose string) {
	if p.raw() {
		return
	}
	p.gap()
	if p.format == "markdown" {
		p.line("## " + prose)
		return
	}
	p.line(text.Wrap(prose))
}

// table writes a table between empty lines. In CSV no empty line follows.
func (p *page) table(t *table.Table) {
	p.gap()
	write := map[string]func(io.Writer) error{"csv": t.CSV, "markdown": t.Markdown}[p.format]
	if write == nil {
		write = t.Text
	}
	p.keep(write(p.w))
	p.inside = true
	p.line("")
}

// note writes a note: a list item in Markdown, a wrapped line in text, nothing in CSV.
func (p *page) note(prose string) {
	if p.format == "markdown" {
		p.line("- " + prose)
		return
	}
	p.line(text.Wrap(prose))
}

// warnings writes the document's warnings as notes.
func (p *page) warnings(doc *results.Calibration) {
	for _, warning := range doc.Warnings {
		p.note("warning: " + warning)
	}
}

// interval returns the header of a column of intervals, for example "95 % interval".
func (p *page) interval(doc *results.Calibration) string {
	return strconv.FormatFloat(100*float64(doc.Confidence), 'g', 6, 64) + " % interval"
}

// span formats an interval, "?" if it does not exist. Both ends are multiplied by scale and
// formatted with format; unit follows.
func span(lo, hi results.Value, scale float64, format, unit string) string {
	if !lo.Exists() || !hi.Exists() {
		return "?"
	}
	return fmt.Sprintf(format+" to "+format, scale*float64(lo), scale*float64(hi)) + unit
}

// thresholds writes the thresholds that were set without outcomes.
func (p *page) thresholds(doc *results.Calibration) {
	p.heading(fmt.Sprintf("%s on %s (%s)", doc.Router, text.Plural(int(doc.Prompts), "reference prompt"), inputName(doc.Reference)))
	p.summary(doc)
	p.table(thresholdTable(doc, p.raw()))
	for _, x := range doc.Thresholds {
		if x.NextLo != nil {
			p.note(fmt.Sprintf("%s: %s to %s strong calls among the next %s", render.Threshold(x.Threshold),
				text.Thousands(int(*x.NextLo)), text.Thousands(int(*x.NextHi)), text.Plural(int(*doc.Next), "request")))
		}
	}
	if least, few := fewest(doc); few {
		p.note(fmt.Sprintf("the %s reference prompts come in clusters and count as about %s independent ones", text.Thousands(int(doc.Prompts)), text.Thousands(int(math.Round(least)))))
	}
	p.warnings(doc)
	p.note(fmt.Sprintf("future: %s of the share of strong calls on further prompts, if they are like the reference prompts (exchangeable)", p.interval(doc)))
}

// summary says from how many bins the scores are known, if they were summed up.
func (p *page) summary(doc *results.Calibration) {
	if doc.Summary != nil {
		p.note(render.SummaryTitle(int(doc.Prompts), doc.Summary))
		for _, note := range render.UnusedNotes(doc.Summary, int(doc.Prompts)) {
			p.note(note)
		}
	}
}

// fewest returns the smallest number of independent prompts that the reference prompts are worth
// at a threshold, and reports whether it is below nine tenths of their number.
func fewest(doc *results.Calibration) (float64, bool) {
	least := float64(doc.Prompts)
	for _, x := range doc.Thresholds {
		least = min(least, float64(x.Effective))
	}
	return least, least < 0.9*float64(doc.Prompts)
}

// thresholdTable returns one row per threshold; raw is for CSV.
func thresholdTable(doc *results.Calibration, raw bool) *table.Table {
	show := shareText
	t := &table.Table{Header: []string{"strong calls", "threshold", "on reference", "future"}}
	check := "check"
	if raw {
		show, check = render.Exact, "check_strong_fraction"
		t.Header = []string{"wanted_fraction", "threshold", "strong_fraction", "future_lo", "future_hi"}
	}
	if doc.Next != nil && raw {
		t.Header = append(t.Header, "next_lo", "next_hi")
	}
	if doc.Check != nil {
		t.Header = append(t.Header, check)
	}
	for _, x := range doc.Thresholds {
		threshold := render.Threshold(x.Threshold)
		if raw {
			threshold = render.Exact(x.Threshold.Score)
		}
		row := []string{show(x.WantedFraction), threshold, show(x.StrongFraction)}
		if raw {
			row = append(row, show(x.FutureLo), show(x.FutureHi))
		} else {
			row = append(row, span(x.FutureLo, x.FutureHi, 100, "%.2f", " %"))
		}
		if x.NextLo != nil && raw {
			row = append(row, fmt.Sprint(*x.NextLo), fmt.Sprint(*x.NextHi))
		}
		if x.Check != nil {
			row = append(row, show(x.Check.StrongFraction))
		}
		t.Add(row...)
	}
	return t
}

// inputName returns the name of a built-in data set or the path of a file.
func inputName(i results.Input) string {
	if i.Builtin == benchmarks.Arena {
		return "Chatbot Arena"
	}
	return i.Builtin + i.Path
}
