// Package comparecmd is the command compare, which compares routers.
package comparecmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// options are the arguments and flags of compare.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	Routers      []string // routers or results files
	Benches      []string // none: all, or what the first results file has
	Pair         string
	At           float64
	Margin       float64
	Resamples    int
	Permutations int
	Confidence   float64
	Seed         uint64
	Common       bool
	Flips        bool
	Strict       bool
	Format       string
}

const compareLong = `Say which of several routers is better, and how sure that is: the difference in
APGR on the same samples, for every pair.

Each argument is a router, as eval --router takes it, or a results.json that eval
-o wrote, with samples.parquet beside it: [LABEL=]FILE.json[@ROUTER], without
@ROUTER every router in it that has scores. Routers are run here, on --bench.

The interval is the percentile bootstrap over clusters of samples, all routers on
the same resamples, and it decides: better or worse where it excludes 0;
equivalent where the narrower interval (90 % for 95 %) lies within +- --margin;
inconclusive otherwise. p is of a permutation test that swaps the two routers'
ranks cluster by cluster, and is adjusted for the number of pairs on a benchmark
(Holm). MDD is the smallest true difference that samples like these show with
80 % power.

The second table routes the share --at with each router: rescue counts the samples
that A answers better than B, loss those it answers worse; safe are as good and
right, hard as good and not right. McNemar's p (mid-p) is for 0/1 quality; it
takes samples as independent.

Results must be of the same samples, benchmarks and models. Samples that only some
leave out, as training prompts of a router, are left out for all.`

// New returns the command compare.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "compare A B [C...]",
		Short: "Say which router is better, by more than chance",
		Long:  compareLong,
		Example: `  routellm compare mf length --bench gsm8k
  routellm compare knn random --bench mt-bench,gsm8k --margin 0.05
  routellm compare mf sw_ranking --bench gsm8k --at 0.3 --flips --format json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.Routers = args
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringArrayVarP(&o.Benches, "bench", "b", nil, "benchmarks to run routers on, and to pick from results (default all)")
	f.StringVar(&o.Pair, "pair", "", "models `STRONG,WEAK` instead of the benchmark's own")
	f.Float64Var(&o.At, "at", 0.5, "strong fraction at which decisions are compared")
	f.Float64Var(&o.Margin, "margin", 0.02, "difference in APGR that does not matter")
	f.IntVar(&o.Resamples, "resamples", 2000, "bootstrap resamples")
	f.IntVar(&o.Permutations, "permutations", 2000, "permutations; 0 for no p values")
	f.Float64Var(&o.Confidence, "confidence", 0.95, "confidence of the intervals")
	f.Uint64Var(&o.Seed, "seed", 0, "seed of resamples and permutations")
	f.BoolVar(&o.Common, "common", false, "compare the samples and benchmarks that all results have")
	f.BoolVar(&o.Flips, "flips", false, "also show by task which samples flip; ids in json and csv")
	f.BoolVar(&o.Strict, "strict", false, "exit 3 if a comparison is inconclusive")
	f.StringVar(&o.Format, "format", "table", "table, json, csv or markdown")
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	c.ValidArgsFunction = cmdutil.CompleteRouters
	return c
}

func (o options) check() error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if len(o.Routers) == 0 {
		return hint.With(errors.New("nothing to compare"), "for example: routellm compare mf length")
	}
	if !(o.Confidence > 0.5 && o.Confidence < 1) {
		return fmt.Errorf("--confidence %v: want a number above 0.5, below 1", o.Confidence)
	}
	if least := eval.MinResamples(o.Confidence); o.Resamples < least || o.Resamples > harness.MaxResamples {
		return fmt.Errorf("--resamples %d: want %d to %s for a confidence of %v", o.Resamples, least, text.Thousands(harness.MaxResamples), o.Confidence)
	}
	if o.Permutations < 0 || o.Permutations > harness.MaxResamples {
		return fmt.Errorf("--permutations %d: want 0 to %s", o.Permutations, text.Thousands(harness.MaxResamples))
	}
	if !(o.Margin > 0 && o.Margin < 1) {
		return fmt.Errorf("--margin %v: want a difference in APGR above 0, below 1", o.Margin)
	}
	if !(o.At >= 0 && o.At <= 1) {
		return hint.With(fmt.Errorf("--at %v: want a share in [0,1]", o.At), cmdutil.FractionHint(o.At)...)
	}
	return o.EncoderFlags.Check()
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	contenders, sets, err := o.gather(ctx, s)
	if err != nil {
		return err
	}
	doc, err := harness.Compare(ctx, sets, contenders, harness.CompareOptions{
		Feedback: s.Feedback(), Resamples: o.Resamples, Permutations: o.Permutations, Confidence: o.Confidence, Seed: o.Seed,
		Margin: o.Margin, At: o.At, Common: o.Common, Flips: o.Flips,
	})
	if err != nil {
		return err
	}
	if err := writeComparison(s.Out, doc, o); err != nil {
		return err
	}
	return o.verdict(doc)
}

// verdict is the error that --strict asks for.
func (o options) verdict(doc *results.Comparison) error {
	open, all := 0, 0
	for _, b := range doc.Benchmarks {
		for _, p := range b.Pairs {
			all++
			if p.Verdict == string(eval.Inconclusive) {
				open++
			}
		}
	}
	if !o.Strict || open == 0 {
		return nil
	}
	return cmdutil.Inconclusive(fmt.Errorf("%d of %d comparisons are inconclusive", open, all))
}
