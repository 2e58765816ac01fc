package plancmd

import (
	"fmt"
	"io"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/cmd/routellm/internal/tidy"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

// writePlan writes the plan in one of the formats of --format.
func writePlan(w io.Writer, d *results.Plan, format string) error {
	switch format {
	case "json":
		return d.Write(w)
	case "csv":
		return planRows(d).CSV(w)
	case "tidy":
		return tidy.Plan(d).CSV(w)
	}
	markdown := format == "markdown"
	for i, b := range d.Benchmarks {
		if i > 0 {
			fmt.Fprintln(w)
		}
		planHeading(w, results.Benchmark{
			Name: b.Name, Title: b.Title, Unit: b.Unit, Pair: b.Pair, Samples: b.Samples, Excluded: b.Excluded,
			StrongQuality: b.StrongQuality, WeakQuality: b.WeakQuality,
		}, markdown)
		for _, t := range tablesOf(d, b) {
			fmt.Fprintln(w)
			if err := render.Table(w, t, format); err != nil {
				return err
			}
		}
		if len(b.Warnings) > 0 {
			fmt.Fprintln(w)
		}
		for _, warning := range b.Warnings {
			render.Footnotes(w, []string{"warning: " + warning}, markdown)
		}
	}
	fmt.Fprintln(w)
	notes := []string{"rho: rank correlation of two routers' scores; detectable on n samples: smallest difference in APGR found with 80 % power at 95 % confidence"}
	if d.Judge != nil {
		notes = append(notes, "gold: number of gold labels, drawn at random, that correct a judge's labels so that they show the difference; r: correlation of both labels")
	}
	if d.Benchmarks[0].Guarantee != nil {
		notes = append(notes, "skill: share of the prompts on which a router decides like the oracle, and at random on the others; samples to guarantee: those that calibrate uses, beside those that it holds out; ?: such a router does not keep the quality")
	}
	render.Footnotes(w, notes, markdown)
	return nil
}

// tablesOf returns the tables of one data set.
func tablesOf(d *results.Plan, b results.PlannedBenchmark) []*table.Table {
	all := []*table.Table{roomTable(b), sizeTable(b), needTable(d, b)}
	if b.Guarantee != nil {
		all = append(all, guaranteeTable(b.Guarantee, float64(b.Headroom)))
	}
	return all
}

// guaranteeTable returns the number of samples that a guarantee needs, with one row per share of
// saved calls and one column per skill, which comes to an APGR.
func guaranteeTable(g *results.PlannedGuarantee, headroom float64) *table.Table {
	t := &table.Table{Header: []string{fmt.Sprintf("samples to guarantee %.4g %%", 100*float64(g.Share))}}
	skills := []string{"APGR"}
	for _, r := range g.Rows {
		if r.Saved == g.Rows[0].Saved {
			t.Header = append(t.Header, fmt.Sprintf("skill %g", float64(r.Skill)))
			skills = append(skills, render.ThreeDecimals(results.Value(0.5+float64(r.Skill)*headroom)))
		}
	}
	t.Add(skills...)
	var row []string
	for i, r := range g.Rows {
		if i == 0 || r.Saved != g.Rows[i-1].Saved {
			row = []string{fmt.Sprintf("%.0f %% of the strong calls saved", 100*float64(r.Saved))}
		}
		row = append(row, countOrNone(r.Samples))
		if i == len(g.Rows)-1 || g.Rows[i+1].Saved != r.Saved {
			t.Add(row...)
		}
	}
	return t
}

// planHeading writes the heading of a data set, or what was guessed.
func planHeading(w io.Writer, b results.Benchmark, markdown bool) {
	if b.Samples > 0 {
		render.Heading(w, b, results.Conventions{Curve: "exact"}, markdown)
		return
	}
	if markdown {
		b.Title = "## " + b.Title
	}
	fmt.Fprintln(w, b.Title)
}

// roomTable returns what routers can gain on the data set, and the noise floor.
func roomTable(b results.PlannedBenchmark) *table.Table {
	u := render.UnitOf(results.Benchmark{Unit: b.Unit})
	t := &table.Table{Header: []string{"what routers can gain", ""}}
	t.Add("gap between the models", u.Quality(b.Gap.Value))
	t.Add("standard error of the gap", u.Quality(b.Gap.SE))
	share := func(v results.Value) string {
		if !v.Exists() {
			return "?"
		}
		return fmt.Sprintf("%.1f %%", 100*float64(v))
	}
	t.Add("samples on which both models tie", share(b.Agreement))
	t.Add("samples on which strong is better", share(b.StrongBetter))
	t.Add("samples on which weak is better", share(b.WeakBetter))
	t.Add("oracle's APGR", render.ThreeDecimals(b.OracleAPGR))
	t.Add("headroom over random", render.ThreeDecimals(b.Headroom))
	t.Add("noise floor: SD of random router's APGR", render.FourDecimals(b.RandomAPGRSD))
	return t
}

// sizeTable returns the detectable difference, with one row per number of samples and one
// column per rank correlation. The data set's own number of samples is marked.
func sizeTable(b results.PlannedBenchmark) *table.Table {
	t := &table.Table{Header: []string{"detectable on"}}
	for _, c := range b.Correlations {
		t.Header = append(t.Header, fmt.Sprintf("rho %g", float64(c.Rho)))
	}
	for i, size := range b.Correlations[0].Sizes {
		name := text.Thousands(size.Samples)
		if size.Samples == b.Samples {
			name += " (these)"
		}
		row := []string{name}
		for _, c := range b.Correlations {
			row = append(row, render.ThreeDecimals(c.Sizes[i].Detectable))
		}
		t.Add(row...)
	}
	return t
}

// needTable returns the number of samples that a difference, or equivalence, of the plan's
// margin needs.
func needTable(d *results.Plan, b results.PlannedBenchmark) *table.Table {
	t := &table.Table{Header: []string{"samples needed for"}}
	difference, equivalence := []string{fmt.Sprintf("a difference of %g", float64(d.Margin))}, []string{fmt.Sprintf("equivalence within %g", float64(d.Margin))}
	for _, c := range b.Correlations {
		t.Header = append(t.Header, fmt.Sprintf("rho %g", float64(c.Rho)))
		difference = append(difference, countOrNone(c.Difference))
		equivalence = append(equivalence, countOrNone(c.Equivalent))
	}
	t.Add(difference...)
	t.Add(equivalence...)
	if d.Judge != nil {
		t.Add(goldRow(d.Judge, b)...)
	}
	return t
}

// goldRow returns the number of gold labels that the difference needs beside a judge's labels.
func goldRow(j *results.PlannedJudge, b results.PlannedBenchmark) []string {
	judged := "any number"
	if j.Judged > 0 {
		judged = text.Thousands(j.Judged)
	}
	row := []string{fmt.Sprintf("the difference, gold (%s judged, r %g)", judged, float64(j.Correlation))}
	for _, c := range b.Correlations {
		row = append(row, countOrNone(c.Gold))
	}
	return row
}

// countOrNone formats a count. 0 stands for one that cannot be computed, shown as "?".
func countOrNone(n int) string {
	if n == 0 {
		return "?"
	}
	return text.Thousands(n)
}

// planRows returns one row per data set, rank correlation and number of samples, for CSV.
func planRows(d *results.Plan) *table.Table {
	t := &table.Table{Header: []string{
		"benchmark", "samples_measured", "gap", "gap_se", "agreement", "oracle_apgr", "random_apgr_sd",
		"rho", "samples", "se", "detectable", "margin",
	}}
	for _, b := range d.Benchmarks {
		for _, c := range b.Correlations {
			for _, x := range c.Sizes {
				t.Add(b.Name, strconv.Itoa(b.Samples), render.Exact(b.Gap.Value), render.Exact(b.Gap.SE), render.Exact(b.Agreement), render.Exact(b.OracleAPGR),
					render.Exact(b.RandomAPGRSD), render.Exact(c.Rho), strconv.Itoa(x.Samples), render.Exact(x.SE), render.Exact(x.Detectable), render.Exact(x.Margin))
			}
		}
	}
	return t
}

// planFigure returns the plot of the detectable difference: one line per rank correlation
// for a single data set, one line per data set at rank correlation 0.5 for several.
func planFigure(d *results.Plan, plans []eval.Plan) plots.Detectable {
	f := plots.Detectable{Title: "smallest difference between two routers that is found with 80 % power", Margin: float64(d.Margin)}
	if len(plans) > 1 {
		f.Title += ", rho 0.5"
	}
	for i, p := range plans {
		if !p.Gap.Measurable() {
			continue
		}
		for _, c := range d.Benchmarks[i].Correlations {
			rho := float64(c.Rho)
			if len(plans) > 1 && rho != 0.5 {
				continue
			}
			name := render.Title(results.Benchmark{Name: d.Benchmarks[i].Name, Title: d.Benchmarks[i].Title})
			if len(plans) == 1 {
				name += fmt.Sprintf(", rho %g", rho)
			}
			f.Lines = append(f.Lines, plots.SizeLine{
				Name: name, Samples: p.Samples, Difference: func(n int) float64 { return p.Detectable(n, rho) },
			})
		}
	}
	return f
}
