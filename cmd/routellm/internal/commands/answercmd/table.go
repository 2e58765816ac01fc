package answercmd

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// write writes the document in one of the formats of --format.
func write(w io.Writer, d *results.Answers, format string) error {
	tables, heading := answerTable(d, format == "csv"), answerHeading(d)
	if d.DryRun {
		tables, heading = planTable(d, format == "csv"), planHeading(d)
	}
	switch format {
	case "json":
		return d.Write(w)
	case "csv":
		return tables.CSV(w)
	}
	markdown := format == "markdown"
	render.Footnotes(w, []string{heading}, markdown)
	fmt.Fprintln(w)
	if err := render.Table(w, tables, format); err != nil {
		return err
	}
	if len(d.Warnings) > 0 {
		fmt.Fprintln(w)
	}
	for _, warning := range d.Warnings {
		render.Footnotes(w, []string{"warning: " + warning}, markdown)
	}
	return nil
}

// promptsOf says which prompts are asked.
func promptsOf(d *results.Answers) string {
	out := text.Plural(d.Asked, "prompt")
	if d.Asked < d.Prompts {
		out += " of " + text.Thousands(d.Prompts)
	}
	if d.Samples > 1 {
		out += fmt.Sprintf(", %d answers each", d.Samples)
	}
	return out
}

func answerHeading(d *results.Answers) string {
	out := fmt.Sprintf("%s: %s, %s with answers of all models", d.Out, promptsOf(d), text.Plural(d.Complete, "row"))
	if d.SpentUSD > 0 {
		out += fmt.Sprintf("; this run spent $%s", usd(d.SpentUSD))
	}
	return out
}

func planHeading(d *results.Answers) string {
	out := fmt.Sprintf("%s: %s; nothing was asked", d.Inputs[0].Path, promptsOf(d))
	if d.Seconds > 0 {
		out += "; asking takes about " + duration(float64(d.Seconds))
	}
	return out
}

// answerTable returns one row per model.
func answerTable(d *results.Answers, plain bool) *table.Table {
	t := &table.Table{Header: []string{"model", "answers", "none", "cached", "tokens in", "tokens out", "USD", "median s", "95 % s"}}
	for _, m := range d.Models {
		t.Add(m.Label, count(float64(m.Answered), plain), count(float64(m.Failed+m.NotAsked), plain), count(float64(m.FromCache), plain),
			count(float64(m.InputTokens), plain), count(float64(m.OutputTokens), plain), amount(m.USD, plain), seconds(m.LatencyMedian), seconds(m.LatencyP95))
	}
	return t
}

// planTable returns one row per model, and their sum.
func planTable(d *results.Answers, plain bool) *table.Table {
	t := &table.Table{Header: []string{"model", "questions", "cached", "tokens in", "least USD", "typical USD", "most USD"}}
	sum := results.PlannedModel{Label: "all"}
	for _, m := range d.Planned {
		addPlan(t, m, plain)
		sum.Questions += m.Questions
		sum.FromCache += m.FromCache
		sum.InputTokens += m.InputTokens
		sum.LeastUSD, sum.TypicalUSD, sum.MostUSD = sum.LeastUSD+m.LeastUSD, sum.TypicalUSD+m.TypicalUSD, sum.MostUSD+m.MostUSD
	}
	if len(d.Planned) > 1 && !plain {
		addPlan(t, sum, plain)
	}
	return t
}

func addPlan(t *table.Table, m results.PlannedModel, plain bool) {
	t.Add(m.Label, count(float64(m.Questions), plain), count(float64(m.FromCache), plain), count(float64(m.InputTokens), plain),
		amount(m.LeastUSD, plain), amount(m.TypicalUSD, plain), amount(m.MostUSD, plain))
}

// count writes a whole number.
func count(n float64, plain bool) string {
	if plain {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return text.Thousands(int(n))
}

// amount writes dollars for people or, if plain, for programs.
func amount(v results.Value, plain bool) string {
	if !plain {
		return usd(v)
	}
	if !v.Exists() {
		return ""
	}
	return strconv.FormatFloat(float64(v), 'g', -1, 64)
}

// usd writes dollars: "?" if they are not known, "no limit" if they have none.
func usd(v results.Value) string {
	switch x := float64(v); {
	case math.IsInf(x, 1):
		return "no limit"
	case math.IsNaN(x):
		return "?"
	case x > 0 && x < 0.00005:
		return "<0.0001"
	case x >= 100:
		return fmt.Sprintf("%.2f", x)
	}
	return fmt.Sprintf("%.4f", float64(v))
}

func seconds(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return fmt.Sprintf("%.2f", float64(v))
}

// duration writes a time in the unit that suits it.
func duration(seconds float64) string {
	switch {
	case seconds < 120:
		return fmt.Sprintf("%.0f s", math.Ceil(seconds))
	case seconds < 7200:
		return fmt.Sprintf("%.0f min", math.Ceil(seconds/60))
	}
	return fmt.Sprintf("%.1f h", seconds/3600)
}
