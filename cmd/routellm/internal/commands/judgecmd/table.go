package judgecmd

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/judging"
	"github.com/routellm/routellm/results"
)

// write writes the document in one of the formats of --format.
func write(w io.Writer, d *results.Judging, j *judging.Judgement, o options) error {
	switch o.Format {
	case "json":
		return d.Write(w)
	case "csv":
		return checkRows(d).CSV(w)
	}
	markdown := o.Format == "markdown"
	render.Footnotes(w, []string{heading(d, o), replies(d)}, markdown)
	tables := []*table.Table{modelTable(d)}
	if len(d.Pairs) > 0 {
		tables = append(tables, pairTable(d))
	}
	for _, t := range append(tables, checkTable(d)) {
		fmt.Fprintln(w)
		if err := render.Table(w, t, o.Format); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	render.Footnotes(w, meanings(d), markdown)
	fmt.Fprintln(w)
	render.Footnotes(w, append([]string{d.Meaning}, warnings(d)...), markdown)
	return show(w, j, o.Show)
}

func warnings(d *results.Judging) []string {
	var out []string
	for _, warning := range d.Warnings {
		out = append(out, "warning: "+warning)
	}
	return out
}

// heading says what was written.
func heading(d *results.Judging, o options) string {
	what := "grades from 1 to 10"
	if d.Judge.Mode == string(judging.Pair) {
		what = "shares of wins from 0 to 1"
	}
	if d.Judge.Expected {
		what = "expected " + what
	}
	return fmt.Sprintf("%s: %s:MODEL holds %s by %s in %s", o.Out, d.Labels, what, d.Judge.Name, text.Plural(d.Rows, "row"))
}

// replies counts the questions and what they cost.
func replies(d *results.Judging) string {
	r := d.Replies
	out := text.Plural(r.Questions, "question")
	if r.Repeats > 0 {
		out += fmt.Sprintf(" (%s of them repeats)", text.Thousands(r.Repeats))
	}
	out += fmt.Sprintf(": %s sent, %s from the cache", text.Thousands(d.Usage.Asked), text.Thousands(d.Usage.Cached))
	if d.Usage.PaidUSD.Exists() && d.Usage.Asked > 0 {
		out += fmt.Sprintf("; this run spent $%.4f", float64(d.Usage.PaidUSD))
	}
	if lost := r.Questions - r.Judged; lost > 0 {
		var why []string
		for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
			why = append(why, fmt.Sprintf("%s: %s", reason, text.Thousands(r.Reasons[reason])))
		}
		out += fmt.Sprintf("; %s without a label (%s)", text.Thousands(lost), strings.Join(why, "; "))
	}
	if r.Alike > 0 {
		out += fmt.Sprintf("; %s of equal answers are ties without a question", text.Plural(r.Alike, "pair"))
	}
	if r.Plain > 0 {
		out += fmt.Sprintf("; %s as the judge wrote them, because the probability of 10 is not known", text.Plural(r.Plain, "label"))
	}
	return out
}

// modelTable returns one row per model.
func modelTable(d *results.Judging) *table.Table {
	t := &table.Table{Header: []string{"model", "answers", "labelled", "mean label", "95 %", "mean characters"}}
	for _, m := range d.Models {
		chars := "?"
		if m.MeanChars.Exists() {
			chars = fmt.Sprintf("%.0f", float64(m.MeanChars))
		}
		t.Add(m.Model, text.Thousands(m.Answers), text.Thousands(m.Labelled), render.ThreeDecimals(m.Mean.Value), interval(m.Mean), chars)
	}
	return t
}

// pairTable returns one row per pair of models.
func pairTable(d *results.Judging) *table.Table {
	t := &table.Table{Header: []string{"pair", "first wins", "second wins", "ties", "flips", "no verdict"}}
	for _, p := range d.Pairs {
		t.Add(p.A+" - "+p.B, text.Thousands(p.WonByA), text.Thousands(p.WonByB), text.Thousands(p.Ties), text.Thousands(p.Flips), text.Thousands(p.None))
	}
	return t
}

// names are the checks as tables show them.
var names = map[string]string{
	results.CheckAccuracy: "order of two answers", results.CheckAgreement: "agreement (kappa)", results.CheckRelation: "correlation",
	results.CheckVotes: "votes", results.CheckRepeat: "asked again (kappa)", results.CheckPosition: "position bias", results.CheckFlips: "flips",
	results.CheckLength: "length bias", results.CheckDoubling: "per doubled length", results.CheckUnlabelled: "no label",
}

// shares lists the checks that are shown in per cent.
var shares = []string{results.CheckAccuracy, results.CheckVotes, results.CheckFlips, results.CheckUnlabelled}

// checkTable returns one row per check.
func checkTable(d *results.Judging) *table.Table {
	t := &table.Table{Header: []string{"check", "value", "95 %", "items", "clusters", "finding"}, Left: []int{5}}
	for _, c := range d.Checks {
		value, ends := render.ThreeDecimals(c.Value), interval(c.Metric)
		if slices.Contains(shares, c.Name) {
			value, ends = render.Share(c.Value), percentInterval(c.Metric)
		}
		t.Add(names[c.Name], value, ends, text.Thousands(c.Items), text.Thousands(c.Clusters), string(c.State))
	}
	return t
}

// meanings says of each check what it means.
func meanings(d *results.Judging) []string {
	var out []string
	for _, c := range d.Checks {
		out = append(out, names[c.Name]+": "+c.Meaning)
	}
	return out
}

func interval(m results.Metric) string {
	if !m.Lo.Exists() {
		return "?"
	}
	return fmt.Sprintf("%.3f to %.3f", float64(m.Lo), float64(m.Hi))
}

func percentInterval(m results.Metric) string {
	if !m.Lo.Exists() {
		return "?"
	}
	return fmt.Sprintf("%.1f to %.1f %%", 100*float64(m.Lo), 100*float64(m.Hi))
}

// checkRows returns one row per check, for CSV.
func checkRows(d *results.Judging) *table.Table {
	t := &table.Table{Header: []string{"check", "value", "lo", "hi", "items", "clusters", "state", "meaning"}}
	for _, c := range d.Checks {
		t.Add(c.Name, render.Exact(c.Value), render.Exact(c.Lo), render.Exact(c.Hi), strconv.Itoa(c.Items), strconv.Itoa(c.Clusters), string(c.State), c.Meaning)
	}
	return t
}

// show writes the first replies without a label.
func show(w io.Writer, j *judging.Judgement, n int) error {
	for i, r := range j.Replies {
		if n == 0 {
			break
		}
		if r.Kind == judging.Judged {
			continue
		}
		n--
		if _, err := fmt.Fprintf(w, "\n%s\n  %s: %q\n", text.Printable(j.Questions.Name(i)), r.Why, r.Text); err != nil {
			return err
		}
	}
	return nil
}

// writePlan writes what would be asked.
func writePlan(w io.Writer, d *results.JudgingPlan, format string) error {
	if format == "json" {
		return d.Write(w)
	}
	t := &table.Table{Header: []string{"judge", "questions", "repeats", "cached", "tokens in", "least USD", "most USD"}}
	if format == "csv" {
		t.Add(d.Judge.Name, strconv.Itoa(d.Questions), strconv.Itoa(d.Repeats), strconv.Itoa(d.Cached), render.Exact(d.InputTokens), render.Exact(d.LeastUSD), render.Exact(d.MostUSD))
		return t.CSV(w)
	}
	t.Add(d.Judge.Name, text.Thousands(d.Questions), text.Thousands(d.Repeats), text.Thousands(d.Cached), text.Thousands(int(d.InputTokens)), render.FourDecimals(d.LeastUSD), render.FourDecimals(d.MostUSD))
	markdown := format == "markdown"
	note := d.Inputs[0].Path + ": nothing was asked"
	if d.Alike > 0 {
		note += fmt.Sprintf("; %s of equal answers are ties without a question", text.Plural(d.Alike, "pair"))
	}
	render.Footnotes(w, []string{note}, markdown)
	fmt.Fprintln(w)
	if err := render.Table(w, t, format); err != nil {
		return err
	}
	for i, warning := range d.Warnings {
		if i == 0 {
			fmt.Fprintln(w)
		}
		render.Footnotes(w, []string{"warning: " + warning}, markdown)
	}
	return nil
}
