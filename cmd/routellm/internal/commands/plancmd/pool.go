package plancmd

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/cmd/routellm/internal/tidy"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// checkGiven refuses flags that do not go together.
func (o options) checkGiven(flags *pflag.FlagSet) error {
	for _, name := range []string{"pair", "out"} {
		if o.Models != nil && flags.Changed(name) {
			return fmt.Errorf("--%s does not go with --models: it is about two models", name)
		}
	}
	return nil
}

// runPools plans for routers among several models.
func (o *options) runPools(ctx context.Context, s cmdutil.Streams, reading harness.Reading) error {
	p := harness.PoolOptions{LoadOptions: harness.LoadOptions{Feedback: s.Feedback(), Reading: reading, Clusters: o.Clusters, Strict: o.Strict}}
	if !slices.Equal(o.Models, []string{"all"}) {
		p.Models = o.Models
	}
	var err error
	if p.Pricing, err = o.Pricing(ctx, &o.ColumnFlags); err != nil {
		return err
	}
	pools, err := harness.LoadPools(ctx, o.Benches, nil, p)
	if err != nil {
		return err
	}
	doc, err := harness.PlanPools(pools, o.Margin)
	if err != nil {
		return err
	}
	return writePools(s.Out, doc, o.Format)
}

// writePools writes the plan of several models in one of the formats of --format.
func writePools(w io.Writer, d *results.Plan, format string) error {
	switch format {
	case "json":
		return d.Write(w)
	case "csv":
		return poolRows(d).CSV(w)
	case "tidy":
		return tidy.Plan(d).CSV(w)
	}
	markdown := format == "markdown"
	for i, p := range d.Pools {
		if i > 0 {
			fmt.Fprintln(w)
		}
		writePoolHeading(w, p, markdown)
		for _, t := range []*table.Table{poolRoom(p), poolSizes(p), poolNeeds(d, p)} {
			fmt.Fprintln(w)
			if err := render.Table(w, t, format); err != nil {
				return err
			}
		}
		for k, warning := range p.Warnings {
			if k == 0 {
				fmt.Fprintln(w)
			}
			render.Footnotes(w, []string{"warning: " + warning}, markdown)
		}
	}
	fmt.Fprintln(w)
	render.Footnotes(w, []string{
		"detectable on n samples: smallest difference in lift found with 80 % power at 95 % confidence; mix: of one router against the static mix; rho: of two routers, by the correlation of their influences",
	}, markdown)
	return nil
}

// writePoolHeading writes what is planned on.
func writePoolHeading(w io.Writer, p results.PlannedPool, markdown bool) {
	title := p.Title
	if title == "" {
		title = p.Name
	}
	heading := fmt.Sprintf("%s: %s, %s", title, text.Plural(p.Samples, "sample"), text.Plural(len(p.Models), "model"))
	if markdown {
		heading = "## " + heading
	}
	fmt.Fprintln(w, heading)
	if left := render.Exclusions(p.Excluded); left != "" {
		fmt.Fprintln(w, text.Wrap("  left out: "+left))
	}
}

// poolRoom returns what routers can gain, and the noise floor.
func poolRoom(p results.PlannedPool) *table.Table {
	t := &table.Table{Header: []string{"what routers can gain", ""}}
	t.Add("oracle's lift over the static mix", render.FourDecimals(p.OracleLift))
	t.Add("noise floor: SD of the lift without skill", render.FourDecimals(p.LiftSD))
	t.Add("SD of the difference of two such routers", render.FourDecimals(p.DifferenceSD))
	return t
}

// contrasts returns what can be shown against the static mix, and of two routers.
func contrasts(p results.PlannedPool) []results.PlannedCorrelation {
	return append([]results.PlannedCorrelation{p.Static}, p.Correlations...)
}

// contrastNames returns a heading followed by one per contrast.
func contrastNames(p results.PlannedPool, first string) []string {
	out := []string{first, "mix"}
	for _, c := range p.Correlations {
		out = append(out, fmt.Sprintf("rho %g", float64(c.Rho)))
	}
	return out
}

// poolSizes returns the detectable difference, with one row per number of samples.
func poolSizes(p results.PlannedPool) *table.Table {
	t := &table.Table{Header: contrastNames(p, "detectable on")}
	for i, size := range p.Static.Sizes {
		name := text.Thousands(size.Samples)
		if size.Samples == p.Samples {
			name += " (these)"
		}
		row := []string{name}
		for _, c := range contrasts(p) {
			row = append(row, render.FourDecimals(c.Sizes[i].Detectable))
		}
		t.Add(row...)
	}
	return t
}

// poolNeeds returns the number of samples that a difference, or equivalence, of the plan's margin
// needs.
func poolNeeds(d *results.Plan, p results.PlannedPool) *table.Table {
	t := &table.Table{Header: contrastNames(p, "samples needed for")}
	difference, equivalence := []string{fmt.Sprintf("a difference of %g", float64(d.Margin))}, []string{fmt.Sprintf("equivalence within %g", float64(d.Margin))}
	for _, c := range contrasts(p) {
		difference = append(difference, countOrNone(c.Difference))
		equivalence = append(equivalence, countOrNone(c.Equivalent))
	}
	t.Add(difference...)
	t.Add(equivalence...)
	return t
}

// poolRows returns one row per data set, contrast and number of samples, for CSV. An empty rho
// stands for the static mix.
func poolRows(d *results.Plan) *table.Table {
	t := &table.Table{Header: []string{"benchmark", "samples_measured", "oracle_lift", "lift_sd", "difference_sd", "rho", "samples", "se", "detectable", "margin"}}
	for _, p := range d.Pools {
		for _, c := range contrasts(p) {
			for _, x := range c.Sizes {
				t.Add(p.Name, strconv.Itoa(p.Samples), render.Exact(p.OracleLift), render.Exact(p.LiftSD), render.Exact(p.DifferenceSD),
					render.Exact(c.Rho), strconv.Itoa(x.Samples), render.Exact(x.SE), render.Exact(x.Detectable), render.Exact(x.Margin))
			}
		}
	}
	return t
}
