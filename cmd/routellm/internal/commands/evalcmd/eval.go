// Package evalcmd is the command eval, which evaluates routers on benchmarks.
package evalcmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/routers/registry"
)

// options are the flags of eval.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	Intervals  harness.Intervals
	Routers    []string
	Benches    []string
	Pair       string
	By         string
	Format     string
	Out        string
	Artifact   string
	routed     bool // --router was given
	Compat     string
	Labels     string
	NumResults int
	CPT        []float64 // per cent
	At         []float64 // strong fractions
	Quality    []float64 // shares of the strong model's quality
}

// compatMode reports whether the reference's conventions are asked for.
func (o options) compatMode() bool { return o.Compat != "" }

const evalLong = `Evaluate routers on benchmarks: quality against the share of prompts that the
strong model answers, with APGR, CPT, the random baseline and the oracle.

Routers (--router, repeatable, comma lists; LABEL=... names a row; all is every one
that is built in):
%s
Benchmarks (--bench): %s, all, or a Parquet file.

Metrics are exact: every distinct score is a threshold, ties count as their
expectation over random order. CPT20 is the smallest share of strong calls that
recovers 20 %% of the quality gap; APGR is the mean share of the gap recovered,
0.5 for a random router; headroom is the share of the way from random to the
oracle.

Intervals are percentiles of --resamples bootstrap resamples, whole clusters drawn
with replacement, the same for all routers; --interval influence gives APGR alone
one, by formula. Of several routers the best is marked, and which others it
cannot be told from.

--compat routellm computes the numbers of the reference implementation instead:
--num-results quantile thresholds joined by trapezoids, CPT by numpy's
interpolation (also where the curve falls), the random router from ten seeded
passes. They differ from the exact ones in the second or third digit, and equal
scores can make them impossible. The reference never leaves out a router's
training prompts, and has no intervals.

On a terminal, the first table also sketches each curve from weak to strong. Where a table
does not fit, long names are shortened, then columns left out: first the curve, headroom,
calls, quality and what a task is made of, then intervals, then the last. NO_COLOR and
TERM=dumb turn colour off, COLUMNS sets the width. Elsewhere names and columns are
written in full, without colour.

--artifact adds a row for the threshold that calibrate found, with what it does on
these benchmarks, and refuses another router's.`

// New returns the command eval.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "eval",
		Short: "Evaluate routers on benchmarks: curves, APGR, CPT, baselines",
		Long:  fmt.Sprintf(evalLong, routerHelp(), strings.Join(benchmarks.Names(), ", ")),
		Example: `  routellm eval --router random,length --bench mmlu
  routellm eval --router random,length,oracle --bench all -o out
  routellm eval --router length --bench mmlu --by task
  routellm eval --router length --bench gsm8k --pair claude-3-opus-20240229,Meta-Llama-3-8B-Instruct
  routellm eval --router length --bench gsm8k --labels regraded
  routellm eval --router length --bench mmlu --compat routellm --num-results 50`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o.routed = c.Flags().Changed("router")
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringArrayVarP(&o.Routers, "router", "r", []string{"random,length"}, "routers to evaluate")
	f.StringArrayVarP(&o.Benches, "bench", "b", []string{"all"}, "benchmarks to evaluate on")
	f.StringVar(&o.Pair, "pair", "", "models `STRONG,WEAK` instead of the benchmark's own")
	f.StringVar(&o.By, "by", "", "also show slices: task")
	f.StringVar(&o.Format, "format", "table", "table, json, csv or markdown")
	f.StringVarP(&o.Out, "out", "o", "", "also write results, samples, tables and plots to `DIR`")
	f.StringVar(&o.Artifact, "artifact", "", "also show the threshold in a `FILE` of calibrate")
	f.StringVar(&o.Compat, "compat", "", "conventions of the reference implementation: routellm")
	f.StringVar(&o.Labels, "labels", "published", "regraded: also evaluate on labels that follow from the stored answers")
	f.IntVar(&o.NumResults, "num-results", 10, "quantile bins with --compat routellm")
	o.CPT = []float64{20, 50, 80}
	f.Var((*cmdutil.Numbers)(&o.CPT), "cpt", "per cent of the gap to recover")
	o.At = []float64{0.2, 0.5, 0.8}
	f.Var((*cmdutil.Numbers)(&o.At), "at", "strong fractions to give the quality at")
	o.Quality = []float64{0.9, 0.95, 0.99}
	f.Var((*cmdutil.Numbers)(&o.Quality), "quality", "shares of the strong model's quality to reach")
	cmdutil.AddIntervalFlags(c, &o.Intervals)
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	return c
}

func routerHelp() string {
	var b strings.Builder
	for _, e := range registry.Entries() {
		fmt.Fprintf(&b, "  %-11s %s\n", e.Name, e.Summary)
	}
	return b.String()
}

func (o options) check() error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if err := o.EncoderFlags.Check(); err != nil {
		return err
	}
	if err := o.Intervals.Check(); err != nil {
		return err
	}
	if o.By != "" && o.By != "task" {
		return fmt.Errorf("--by %q: want task", o.By)
	}
	if o.Labels != "published" && o.Labels != harness.Regraded {
		return fmt.Errorf("--labels %q: want published or %s", o.Labels, harness.Regraded)
	}
	if o.Compat != "" && o.Compat != "routellm" {
		return fmt.Errorf("--compat %q: want routellm", o.Compat)
	}
	if o.compatMode() && o.By != "" {
		return fmt.Errorf("--by does not go with --compat: the reference has no slices")
	}
	if o.compatMode() && o.Artifact != "" {
		return fmt.Errorf("--artifact does not go with --compat: the reference has no threshold of its own")
	}
	if o.NumResults < 1 {
		return fmt.Errorf("--num-results %d: want at least 1", o.NumResults)
	}
	for _, r := range []struct {
		flag   string
		values []float64
		max    float64
	}{{"cpt", o.CPT, 100}, {"at", o.At, 1}, {"quality", o.Quality, 1}} {
		for _, v := range r.values {
			if !(v >= 0 && v <= r.max) || r.flag == "cpt" && v == 0 {
				return fmt.Errorf("--%s %v: want values up to %v", r.flag, v, r.max)
			}
		}
	}
	return nil
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	e, err := o.evaluate(ctx, s)
	if err != nil {
		return err
	}
	if o.Out != "" {
		if err := render.Folder(o.Out, e); err != nil {
			return fault.Wrap(err)
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
	}
	if screen := render.TerminalOf(s.Out); screen.Width > 0 && o.Format == "table" {
		return render.Screen(s.Out, e.Document, screen)
	}
	return render.Document(s.Out, e.Document, o.Format)
}

// evaluate opens routers and benchmarks, and runs the ones on the others.
func (o options) evaluate(ctx context.Context, s cmdutil.Streams) (*harness.Evaluation, error) {
	options, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return nil, err
	}
	run := harness.RunOptions{
		Feedback:  s.Feedback(),
		Points:    eval.Points{CPT: o.CPT, Fractions: o.At, Qualities: o.Quality},
		Intervals: o.Intervals,
	}
	if o.compatMode() {
		run.CompatBins = o.NumResults
	}
	if o.Artifact != "" {
		threshold, router, err := harness.OpenThreshold(o.Artifact, options)
		if err != nil {
			return nil, err
		}
		run.Threshold = threshold
		if !o.routed { // without --router the table is about the artifact's router alone
			o.Routers = []string{router}
		}
	}
	routers, err := harness.OpenFor(o.Benches, o.Routers, options, run.Feedback)
	if err != nil {
		return nil, err
	}
	if err := run.CheckThreshold(routers); err != nil {
		return nil, err
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return nil, err
	}
	benches, err := harness.Load(ctx, o.Benches, routers, harness.LoadOptions{
		Feedback: run.Feedback, Encoder: o.Options(), Pair: pair,
		ByTask: o.By == "task", Regraded: o.Labels == harness.Regraded, KeepTraining: o.compatMode(),
	})
	if err != nil {
		return nil, err
	}
	return harness.Run(ctx, routers, benches, run)
}
