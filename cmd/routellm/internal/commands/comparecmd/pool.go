package comparecmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/cmd/routellm/internal/tidy"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// notWithModels lists the flags that have no meaning with --models.
var notWithModels = []string{"at", "flips", "permutations", "pair", "common", "gold-part"}

// checkGiven refuses flags that do not go together.
func (o options) checkGiven(flags *pflag.FlagSet) error {
	for _, name := range notWithModels {
		if o.Models != nil && flags.Changed(name) {
			return fmt.Errorf("--%s does not go with --models: it is about two models", name)
		}
	}
	return nil
}

// runPools compares routers among several models.
func (o *options) runPools(ctx context.Context, s cmdutil.Streams) error {
	sets, err := o.gatherPools(ctx, s)
	if err != nil {
		return err
	}
	doc, err := harness.ComparePools(ctx, sets, harness.CompareOptions{
		Feedback: s.Feedback(), Resamples: o.Resamples, Confidence: o.Confidence, Seed: o.Seed, Margin: o.Margin, At: o.At,
	})
	if err != nil {
		return err
	}
	doc.Settings = o.Settings()
	if err := writePools(s.Out, doc, o.Format); err != nil {
		return err
	}
	return o.poolVerdict(doc)
}

// gatherPools reads the results files and runs the routers, together.
func (o *options) gatherPools(ctx context.Context, s cmdutil.Streams) ([]*harness.PoolSet, error) {
	var sets []*harness.PoolSet
	var routers []string
	for _, arg := range o.Routers {
		a := harness.ParseOperand(arg)
		if a.Path == "" {
			routers = append(routers, arg)
			continue
		}
		set, err := harness.ReadPoolSet(a.Path)
		if err == nil {
			err = set.Keep(a.Router, a.Label)
		}
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	if routers == nil {
		return sets, nil
	}
	here, err := o.scorePools(ctx, s, routers)
	return append(sets, here), err
}

// scorePools runs routers on the benchmarks of --bench.
func (o *options) scorePools(ctx context.Context, s cmdutil.Streams, names []string) (*harness.PoolSet, error) {
	if o.Benches == nil {
		return nil, hint.With(errors.New("--bench is required with --models"), "for example --bench pareto, or a file of outcomes with costs")
	}
	registry, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return nil, err
	}
	ps, err := harness.OpenPredictors(names, registry)
	if err != nil {
		return nil, err
	}
	p := harness.PoolOptions{Models: o.Models}
	if slices.Equal(o.Models, []string{"all"}) {
		p.Models = nil
	}
	p.Feedback, p.Encoder, p.Clusters, p.ExcludeNear = s.Feedback(), o.Options(), o.Clusters, o.ExcludeNear
	if p.Reading, err = o.Reading(); err != nil {
		return nil, err
	}
	if p.Pricing, err = o.Pricing(ctx, &o.ColumnFlags); err != nil {
		return nil, err
	}
	benches, err := o.Joined(o.Benches, true)
	if err != nil {
		return nil, err
	}
	pools, err := harness.LoadPools(ctx, benches, ps, p)
	if err != nil {
		return nil, err
	}
	return harness.ScorePools(ctx, ps, pools, p.Feedback)
}

// poolVerdict returns the error that --strict asks for, nil if every comparison of lifts is
// conclusive.
func (o options) poolVerdict(doc *results.Comparison) error {
	open, all := 0, 0
	for _, b := range doc.Pools {
		for _, p := range b.Pairs {
			all++
			if p.Lift.Verdict == string(eval.Inconclusive) {
				open++
			}
		}
	}
	if !o.Strict || open == 0 {
		return nil
	}
	return cmdutil.Inconclusive(fmt.Errorf("%d of %s %s inconclusive", open, text.Plural(all, "comparison"), text.Agree(open, "is", "are")))
}

// writePools writes a comparison among several models in the format of --format.
func writePools(w io.Writer, d *results.Comparison, format string) error {
	switch format {
	case "json":
		return d.Write(w)
	case "csv":
		return poolRows(d).CSV(w)
	case "tidy":
		return tidy.Comparison(d).CSV(w)
	}
	for i, b := range d.Pools {
		if i > 0 {
			fmt.Fprintln(w)
		}
		heading := fmt.Sprintf("%s: %s, %s", b.Title, text.Plural(b.Samples, "sample"), text.Plural(len(b.Models), "model"))
		if format == "markdown" {
			heading = "## " + heading
		}
		fmt.Fprintln(w, heading)
		for _, t := range poolTables(b) {
			fmt.Fprintln(w)
			if err := render.Table(w, t, format); err != nil {
				return err
			}
		}
	}
	fmt.Fprintln(w)
	render.Footnotes(w, []string{
		fmt.Sprintf("lo, hi: %g %% interval of A - B alone, from %s resamples of clusters; MDD: smallest true difference found with 80 %% power",
			text.Percent(float64(d.Confidence)), text.Thousands(d.Resamples)),
		"p: decides the verdict; adjusted for all comparisons of the metric, for lifts also those with the static mix",
		"log cost: logarithm of the cost that reaches 95 % of the best model's quality; below 0, A is cheaper",
	}, format == "markdown")
	return nil
}

// poolMetrics names the metrics of a comparison in tables and in CSV.
var poolMetrics = []struct {
	name, key string
	of        func(results.ComparedPoolPair) results.PoolDifference
}{
	{"lift", "lift", func(p results.ComparedPoolPair) results.PoolDifference { return p.Lift }},
	{"log lift", "log_lift", func(p results.ComparedPoolPair) results.PoolDifference { return p.LogLift }},
	{"log cost", "log_cost_for_95", func(p results.ComparedPoolPair) results.PoolDifference { return p.LogCostFor95 }},
}

// poolTables returns one table per metric, with one row per pair.
func poolTables(b results.ComparedPool) []*table.Table {
	var out []*table.Table
	for _, m := range poolMetrics {
		t := &table.Table{Header: []string{"A - B", m.name, "lo", "hi", "p", "MDD", "verdict"}, Left: []int{6}}
		for _, p := range b.Pairs {
			d := m.of(p)
			t.Add(pairText(p.A, p.B), fine(d.Difference.Value), fine(d.Difference.Lo), fine(d.Difference.Hi), text.PValue(float64(d.PAdjusted)), strings.TrimPrefix(fine(d.Detectable), "+"), d.Verdict)
		}
		out = append(out, t)
	}
	return out
}

// fine formats a difference with its sign to four places, "?" if it does not exist.
func fine(v results.Value) string {
	if !v.Exists() {
		return "?"
	}
	return text.Unsigned(fmt.Sprintf("%+.4f", float64(v)))
}

// poolRows returns one row per pool, pair and metric.
func poolRows(d *results.Comparison) *table.Table {
	t := &table.Table{Header: []string{"benchmark", "a", "b", "metric", "difference", "lo", "hi", "detectable", "p", "p_adjusted", "verdict"}}
	for _, b := range d.Pools {
		for _, p := range b.Pairs {
			for _, m := range poolMetrics {
				x := m.of(p)
				t.Add(b.Name, p.A, p.B, m.key, render.Exact(x.Difference.Value), render.Exact(x.Difference.Lo), render.Exact(x.Difference.Hi),
					render.Exact(x.Detectable), render.Exact(x.P), render.Exact(x.PAdjusted), x.Verdict)
			}
		}
	}
	return t
}
