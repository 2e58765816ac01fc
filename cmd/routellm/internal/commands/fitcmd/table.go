package fitcmd

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/report"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// write writes the document in one of the formats of --format.
func write(w io.Writer, d *results.Fit, format string) error {
	switch format {
	case "json":
		return d.Write(w)
	case "csv":
		return rawTable(d).CSV(w)
	}
	fmt.Fprintln(w, text.Wrap(partsWords(d)))
	for _, b := range blocks(d) {
		fmt.Fprintf(w, "\n%s\n", text.Wrap(b.Caption))
		if format == "markdown" {
			fmt.Fprintln(w)
			if err := b.Table.Markdown(w); err != nil {
				return err
			}
			continue
		}
		if err := b.Table.Text(w); err != nil {
			return err
		}
	}
	for _, said := range append([]string{curveWords(d), conclusion(d)}, warnings(d)...) {
		if said != "" {
			fmt.Fprintf(w, "\n%s\n", text.Wrap(said))
		}
	}
	return nil
}

// warnings returns the document's warnings as sentences.
func warnings(d *results.Fit) []string {
	var out []string
	for _, w := range d.Warnings {
		out = append(out, "warning: "+w)
	}
	return out
}

// partsWords says how the data was divided.
func partsWords(d *results.Fit) string {
	words := fmt.Sprintf("%s: %s for training, %s for calibration, %s for the test (seed %d)", d.Data,
		text.Plural(d.Parts[0].Samples, "sample"), text.Thousands(d.Parts[1].Samples), text.Thousands(d.Parts[2].Samples), d.Seed)
	if d.Weights != nil {
		words += fmt.Sprintf(", weighted (effective sample size %.1f)", float64(d.Weights.Effective))
	}
	return words
}

// blocks returns the tables that the document has.
func blocks(d *results.Fit) []report.Block {
	out := []report.Block{{Caption: "models on the training part", Table: modelTable(d)}}
	if len(d.Candidates) > 0 {
		out = append(out, report.Block{Caption: "cross-validation on the training part, from the simplest router to the most complicated one", Table: candidateTable(d)})
	}
	if d.Test != nil {
		out = append(out, report.Block{Caption: fmt.Sprintf("test, on %s: %s", text.Plural(d.Test.Samples, "sample"), claimWords(d)), Table: testTable(d)})
	}
	if c := d.Curve; c != nil && len(c.Points) > 1 {
		out = append(out, report.Block{Caption: fmt.Sprintf("learning curve of %s, cross-validated", c.Router), Table: curveTable(d)})
	}
	if d.Calibration != nil {
		out = append(out, report.Block{Caption: "operating point, on the test part", Table: pointTable(d)})
	}
	return out
}

// modelTable returns one row per model.
func modelTable(d *results.Fit) *table.Table {
	t := &table.Table{Header: []string{"model", "samples", "quality", "USD per 1,000"}}
	u := unitOf(d)
	for _, m := range d.Models {
		t.Add(m.Name, text.Thousands(m.Samples), u.Quality(m.Quality), dollars(m.Cost))
	}
	return t
}

// unitOf returns how qualities are shown.
func unitOf(d *results.Fit) render.Unit { return render.UnitOf(results.Benchmark{Unit: d.Unit}) }

// candidateTable returns one row per candidate.
func candidateTable(d *results.Fit) *table.Table {
	t := &table.Table{Header: []string{"router", metricName(d.Metric), percent(d.Confidence) + " interval", "behind best", ""}, Left: []int{4}}
	for _, c := range d.Candidates {
		note := ""
		switch {
		case c.Failed != "":
			note = table.Clip("not trained: "+c.Failed, 34)
		case c.Name == d.Chosen:
			note = "chosen"
		case c.Control:
			note = "control"
		}
		behind := "?"
		if c.Behind.Exists() && c.BehindSE.Exists() {
			behind = fmt.Sprintf("%s ± %s", render.ThreeDecimals(c.Behind), render.ThreeDecimals(c.BehindSE))
		}
		t.Add(c.Name, render.ThreeDecimals(c.Value.Value), span(c.Value, render.ThreeDecimals), behind, note)
	}
	return t
}

// testTable returns one row per router on the test part.
func testTable(d *results.Fit) *table.Table {
	t := &table.Table{Header: []string{"router", metricName(d.Test.Metric), percent(d.Confidence) + " interval", "chosen is better by"}}
	for _, r := range d.Test.Rows {
		by := ""
		if i := slices.IndexFunc(d.Test.Differences, func(x results.FitDifference) bool { return x.From == r.Name }); i >= 0 {
			x := d.Test.Differences[i].Value
			by = render.ThreeDecimals(x.Value) + " " + span(x, render.ThreeDecimals)
		}
		t.Add(r.Name, render.ThreeDecimals(r.Value.Value), span(r.Value, render.ThreeDecimals), by)
	}
	return t
}

// claimWords says what the test of the chosen router decided.
func claimWords(d *results.Fit) string {
	c, p := d.Test.Claim, "p = "+text.PValue(float64(d.Test.Claim.P))
	p = strings.Replace(p, "= <", "< ", 1)
	if c.Verdict == "inconclusive" {
		return fmt.Sprintf("%s is not shown to be better than chance (%s)", d.Chosen, p)
	}
	return fmt.Sprintf("%s is %s than chance (%s)", d.Chosen, c.Verdict, p)
}

// curveTable returns one row per point of the learning curve.
func curveTable(d *results.Fit) *table.Table {
	t := &table.Table{Header: []string{"training samples", metricName(d.Metric), percent(d.Confidence) + " interval"}}
	for _, p := range d.Curve.Points {
		t.Add(text.Thousands(p.Samples), render.ThreeDecimals(p.Value.Value), span(p.Value, render.ThreeDecimals))
	}
	return t
}

// pointTable returns one row per measure of the operating point.
func pointTable(d *results.Fit) *table.Table {
	t := &table.Table{Header: []string{"measure", "value", percent(d.Confidence) + " interval"}}
	var measures []results.Measure
	if p := d.Calibration.Pool; p != nil {
		measures = p.Points[0].Measures
	} else {
		measures = d.Calibration.Outcomes.Points[0].Measures
	}
	u := unitOf(d)
	for _, m := range measures {
		show, name := percent, m.Name
		switch m.Name {
		case "quality":
			show = u.Quality
		case "cost_usd", "saving_usd":
			show = dollars
		}
		if long, ok := measureNames[m.Name]; ok {
			name = long
		}
		t.Add(name, show(m.HeldOut), span(results.Metric{Lo: m.Lo, Hi: m.Hi}, show))
	}
	return t
}

// measureNames has the names of measures in tables.
var measureNames = map[string]string{
	"strong_fraction": "strong calls", "share_of_strong": "share of the strong model's quality", "share_of_best": "share of the best model's quality",
	"pgr": "gap recovered", "cost_usd": "USD per 1,000 prompts", "saving_usd": "saved, USD per 1,000 prompts",
}

// rawTable returns the values of all routers for CSV.
func rawTable(d *results.Fit) *table.Table {
	t := &table.Table{Header: []string{"part", "router", "metric", "value", "lo", "hi"}}
	for _, c := range d.Candidates {
		t.Add("training", c.Name, d.Metric, render.Exact(c.Value.Value), render.Exact(c.Value.Lo), render.Exact(c.Value.Hi))
	}
	if d.Test != nil {
		for _, r := range d.Test.Rows {
			t.Add("test", r.Name, d.Test.Metric, render.Exact(r.Value.Value), render.Exact(r.Value.Lo), render.Exact(r.Value.Hi))
		}
	}
	return t
}
