package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/routers/registry"
)

// evalOptions are the flags of eval.
type evalOptions struct {
	encoderOptions
	llmOptions
	intervalOptions
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
func (o evalOptions) compatMode() bool { return o.Compat != "" }

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

func newCmdEval(s streams, run func(context.Context, streams, evalOptions) error) *cobra.Command {
	var o evalOptions
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
	f.Var((*numbers)(&o.CPT), "cpt", "per cent of the gap to recover")
	o.At = []float64{0.2, 0.5, 0.8}
	f.Var((*numbers)(&o.At), "at", "strong fractions to give the quality at")
	o.Quality = []float64{0.9, 0.95, 0.99}
	f.Var((*numbers)(&o.Quality), "quality", "shares of the strong model's quality to reach")
	o.intervalOptions.add(c)
	o.encoderOptions.add(c)
	o.llmOptions.add(c)
	return c
}

func routerHelp() string {
	var b strings.Builder
	for _, e := range registry.Entries() {
		fmt.Fprintf(&b, "  %-11s %s\n", e.Name, e.Summary)
	}
	return b.String()
}

func (o evalOptions) check() error {
	if err := checkFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if err := o.encoderOptions.check(); err != nil {
		return err
	}
	if err := o.intervalOptions.check(); err != nil {
		return err
	}
	if o.By != "" && o.By != "task" {
		return fmt.Errorf("--by %q: want task", o.By)
	}
	if o.Labels != "published" && o.Labels != regradedLabels {
		return fmt.Errorf("--labels %q: want published or %s", o.Labels, regradedLabels)
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

func (o evalOptions) points() result.Points {
	return result.Points{CPT: o.CPT, Fractions: o.At, Qualities: o.Quality}
}

func runEval(ctx context.Context, s streams, o evalOptions) error {
	run, benches, err := o.prepare(ctx, s)
	if err != nil {
		return err
	}
	doc := o.document()
	for i, b := range benches {
		doc.Inputs = append(doc.Inputs, b.input)
		res, err := run.bench(ctx, b)
		if err != nil {
			return err
		}
		doc.Benchmarks = append(doc.Benchmarks, res)
		run.progress(i+1, len(benches))
	}
	doc.Inputs = append(doc.Inputs, run.files...)
	if run.artifact != nil {
		doc.Inputs = append(doc.Inputs, run.artifact.input)
	}
	if o.Out != "" {
		if err := writeFolder(o.Out, doc, benches, run.scores); err != nil {
			return failure{err}
		}
		fmt.Fprintf(s.err, "wrote %s\n", o.Out)
	}
	if screen := screenOf(s.out); screen.Width > 0 && o.Format == "table" {
		return writeScreen(s.out, doc, screen)
	}
	return writeDocument(s.out, doc, o.Format)
}

// prepare opens routers and benchmarks.
func (o *evalOptions) prepare(ctx context.Context, s streams) (*evaluation, []*bench, error) {
	if err := o.check(); err != nil {
		return nil, nil, err
	}
	options, err := o.llmOptions.routers(s, true)
	if err != nil {
		return nil, nil, err
	}
	artifact, err := openArtifact(o, options)
	if err != nil {
		return nil, nil, err
	}
	entrants, err := o.openRouters(s, options)
	if err != nil {
		return nil, nil, err
	}
	if err := artifact.find(entrants); err != nil {
		return nil, nil, err
	}
	if o.compatMode() {
		o.intervalOptions = intervalOptions{} // the reference has none
		if err := useCompat(entrants); err != nil {
			return nil, nil, err
		}
	}
	benches, err := loadBenches(ctx, s, *o, entrants)
	if err != nil {
		return nil, nil, err
	}
	return &evaluation{
		options: *o, entrants: entrants, artifact: artifact,
		progress: newProgress(s.err, "scoring"), stderr: s.err, scores: map[string]map[string][]float64{},
	}, benches, nil
}

// document is what is known of the results beforehand.
func (o evalOptions) document() *result.Document {
	doc := &result.Document{
		SchemaVersion: result.SchemaVersion,
		Tool:          result.Tool{Name: "routellm", Version: toolVersion()},
		Conventions:   result.Conventions{Curve: "exact", Intervals: o.conventions()},
		Warnings:      []string{},
	}
	if o.bootstraps() {
		doc.Seed = &o.Seed
	}
	if o.compatMode() {
		doc.Conventions.Curve, doc.Conventions.NumResults = "routellm", o.NumResults
		doc.Seed = new(uint64) // the reference seeds its random router with 0
	}
	return doc
}

// openRouters opens the routers of an evaluation.
func (o evalOptions) openRouters(s streams, options registry.Options) ([]entrant, error) {
	entrants, err := openEntrants(o.Routers, options)
	if err != nil {
		return nil, err
	}
	names, err := expandBenches(o.Benches)
	if err != nil {
		return nil, err
	}
	return dropEmbedded(s, entrants, names), nil
}

// loadBenches reads every benchmark with the columns that the routers need.
func loadBenches(ctx context.Context, s streams, o evalOptions, entrants []entrant) ([]*bench, error) {
	pair, err := parsePair(o.Pair)
	if err != nil {
		return nil, err
	}
	names, err := expandBenches(o.Benches)
	if err != nil {
		return nil, err
	}
	d := demand{needs: needsOf(entrants), kinds: kindsOf(entrants), trained: knowledgeOf(entrants), keep: o.compatMode(), byTask: o.By == "task", extras: o.Labels == regradedLabels}
	e := newEncoders(s, o.encoderOptions)
	var benches []*bench
	for _, name := range names {
		b, err := loadBench(ctx, e, name, pair, d)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(benches, func(x *bench) bool { return x.name == b.name }) {
			return nil, fmt.Errorf("two benchmarks are called %q", b.name)
		}
		benches = append(benches, b)
	}
	if err := checkEntrants(entrants, benches); err != nil || o.Labels != regradedLabels {
		return benches, err
	}
	return withRegraded(benches, d)
}

// reversedGap is the error of a pair whose weak model is the better one.
func reversedGap(bench string, pair result.Pair, gap eval.Gap) error {
	return hint.With(
		fmt.Errorf("%s: the weak model %q is better than the strong model %q by %.4g, %.1f standard errors",
			bench, pair.Weak, pair.Strong, -gap.Value, math.Abs(gap.Value/gap.SE)),
		fmt.Sprintf("swap them: --pair %s,%s", pair.Weak, pair.Strong))
}
