// Package comparecmd implements the compare command, which tests whether one router is
// better than another on the same samples.
//
// [New] returns the command: newCmd parses the flags and run does the work.
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
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// options holds compare's arguments and flags.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	cmdutil.ColumnFlags
	cmdutil.PriceFlags
	cmdutil.ProjectFlags
	cmdutil.SummaryFlags
	Routers      []string // routers or results files
	Models       []string // models of the pool; nil for two models
	Benches      []string // nil for those of the first results file, or all without one
	Pair         string
	Clusters     harness.Clustering
	At           float64
	Margin       float64
	Resamples    int
	Permutations int
	Confidence   float64
	Seed         uint64
	Common       bool
	Flips        bool
	Strict       bool
	ExcludeNear  bool
	Format       string
}

const compareLong = `Compare routers in pairs by their difference in APGR (average performance gap
recovered) on the same samples, and say whether it is more than chance.

Each argument is a router, as in eval --router, or a results.json that eval -o
wrote, with samples.parquet beside it: [LABEL=]FILE.json[@ROUTER], or its
folder in place of the file. Without @ROUTER, every router in the file that
has scores is compared. Routers are run on the data sets among the arguments,
files or benchmarks, or those of --bench. Data sets alone are given to length,
mf, sw_ranking and knn, which score any prompts.

The verdict allows for the number of comparisons on a benchmark: all pairs, and
each router against random. A is better or worse if the p value of the max-|t|
test, adjusted for all of them, is at most 5 %, and the pair's own interval
excludes 0; equivalent if the narrower interval (90 % for 95 %), widened for the
number of pairs, lies within +- --margin; inconclusive otherwise. A footnote
says what a pair would be called alone. All of this comes from one bootstrap
over clusters of samples, with the same resamples for all routers. MDD (minimum
detectable difference) is the smallest true difference that samples like these
show with 80 % power. A permutation test that swaps two routers' ranks cluster
by cluster checks the verdict; a footnote says so if it disagrees.

The more often you compare while you change a router, the likelier it is that
one comparison looks good by chance: compare once, on samples that the work on
the router has not seen.

The second table compares answers when each router sends the share --at of the
prompts to the strong model:

  rescues  samples that A answers better than B
  losses   samples that A answers worse than B
  safe     tied and correct
  hard     tied and wrong

McNemar's p (mid-p) applies to 0/1 quality and assumes independent samples.

--models compares routers among several models by lift, log lift and the cost
that reaches 95 % of the best model's quality (docs/pool.md). Each metric has
its own adjustment for the number of comparisons. The second table, --at,
--flips, --permutations and --pair are for two models.

All results must cover the same samples, benchmarks and models. Samples that
only some results leave out, such as a router's training prompts, are left out
for all routers. A warning counts near copies of training prompts, the same
prompts in another format; --exclude-near leaves them out of what routers are
run on. Results files stay as they are.

--summary A=FILE --summary B=FILE compares routers by sums of the same samples
(routellm sql summary), paired by the buckets of clusters that they share. The
second table needs the samples themselves.`

// New returns the compare command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "compare [DATA...] A B [C...]",
		Short: "Compare routers: which one is better, by more than chance?",
		Long:  compareLong,
		Example: `  routellm compare mf length --bench gsm8k
  routellm compare outcomes.csv length random
  routellm compare knn random --bench mt-bench,gsm8k --margin 0.05
  routellm compare --models all --bench pareto random length
  routellm compare mf sw_ranking --bench gsm8k --at 0.3 --flips --format json
  routellm compare --summary length.csv --summary subject.csv`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.take(c, args); err != nil {
				return err
			}
			o.NoteConfig(s)
			if err := o.checkGiven(c.Flags()); err != nil {
				return err
			}
			if err := o.CheckSummaries(c.Flags(), withSummary...); err != nil {
				return err
			}
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringArrayVarP(&o.Benches, "bench", "b", nil, "`BENCH` to run routers on and to select from results files; repeatable (default all)")
	cmdutil.AddClusterFlag(c, &o.Clusters)
	f.StringVar(&o.Pair, "pair", "", "models to use, `STRONG,WEAK`, instead of the benchmark's own pair")
	o.At = 0.5
	f.StringArrayVar(&o.Models, "models", nil, "compare routers among several `MODELS`: all of the data's, or names separated by commas")
	f.Var((*num.Fraction)(&o.At), "at", "share of strong calls at which the answers are compared, such as 0.3 or 30%")
	o.Margin = 0.02
	f.Var((*num.Fraction)(&o.Margin), "margin", "largest difference in APGR that counts as equivalent")
	f.IntVar(&o.Resamples, "resamples", 2000, "number of bootstrap resamples")
	f.IntVar(&o.Permutations, "permutations", 2000, "number of permutations of the second test; 0 skips it")
	o.Confidence = 0.95
	f.Var((*num.Fraction)(&o.Confidence), "confidence", "confidence of the intervals")
	f.Uint64Var(&o.Seed, "seed", 0, "seed for drawing resamples and permutations")
	f.BoolVar(&o.ExcludeNear, "exclude-near", false, cmdutil.ExcludeNearUsage)
	f.BoolVar(&o.Common, "common", false, "compare only the samples and benchmarks that all results have")
	f.BoolVar(&o.Flips, "flips", false, "also count the samples of the second table by task; JSON and CSV list their ids")
	f.BoolVar(&o.Strict, "strict", false, "exit 3 if a comparison is inconclusive")
	f.StringVar(&o.Format, "format", "table", cmdutil.TidyUsage)
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	o.AddLabels(c)
	o.AddGoldPart(c)
	o.ColumnFlags.Add(c)
	o.PriceFlags.Add(c)
	o.SummaryFlags.Add(c)
	o.AddConfig(c)
	cmdutil.AlsoCalled(c, "data", "bench")
	c.ValidArgsFunction = cmdutil.CompleteRouters
	return c
}

// scoresAny lists the built-in routers that can score any prompts.
func scoresAny() []string { return []string{"length", "mf", "sw_ranking", "knn"} }

// take divides the arguments into data sets, and routers or results, and applies the file of settings.
// Without routers or results, the routers of the file are compared on the data, or else those that
// score any prompts.
func (o *options) take(c *cobra.Command, args []string) error {
	var data []string
	held := c.Flags().Changed("bench") || c.Flags().Changed("outcomes") // or in results
	for _, arg := range args {
		isResults := harness.ParseOperand(arg).Path != ""
		if !isResults && cmdutil.IsData(arg) {
			data = append(data, arg)
			continue
		}
		held = held || isResults
		o.Routers = append(o.Routers, arg)
	}
	if err := onlyResults(o.Routers, data); err != nil {
		return err
	}
	if err := cmdutil.TakeData(c, "bench", data); err != nil {
		return err
	}
	if err := o.ApplyConfig(c, held || data != nil, "summary"); err != nil {
		return err
	}
	if o.Routers == nil {
		o.Routers = o.ConfigRouters()
	}
	if o.Routers == nil && (o.Benches != nil || o.HasOutcomes()) && o.Models == nil {
		o.Routers = scoresAny()
	}
	return nil
}

// onlyResults returns an error for a folder without results beside one result alone: it was to be
// compared with the result, as there is no router to run on it as data.
func onlyResults(given, data []string) error {
	if len(given) != 1 || harness.ParseOperand(given[0]).Path == "" {
		return nil
	}
	for _, name := range data {
		if _, err := harness.FindResults(name); err != nil {
			return err
		}
	}
	return nil
}

// check returns an error for flags that are out of range.
func (o options) check() error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "tidy", "markdown"); err != nil {
		return err
	}
	if o.HasSummaries() && len(o.Routers) > 0 {
		return fmt.Errorf("%q beside --summary: summaries compare with each other alone", o.Routers[0])
	}
	if len(o.Routers) == 0 && !o.HasSummaries() {
		return hint.With(errors.New("nothing to compare: want routers, results or a data set"),
			"routellm compare mf length --bench gsm8k   two routers on a benchmark", "routellm compare outcomes.csv              built-in routers on your data",
			"routellm compare a/results.json b/results.json   two results of eval -o")
	}
	if !(o.Confidence > 0.5 && o.Confidence < 1) {
		return hint.With(fmt.Errorf("--confidence %v: want a number above 0.5 and below 1", o.Confidence), hint.Fraction(o.Confidence)...)
	}
	if least := eval.MinResamples(o.Confidence); o.Resamples < least || o.Resamples > harness.MaxResamples {
		return fmt.Errorf("--resamples %d: want %d to %s at confidence %v", o.Resamples, least, text.Thousands(harness.MaxResamples), o.Confidence)
	}
	if o.Permutations < 0 || o.Permutations > harness.MaxResamples {
		return fmt.Errorf("--permutations %d: want 0 to %s", o.Permutations, text.Thousands(harness.MaxResamples))
	}
	if !(o.Margin > 0 && o.Margin < 1) {
		return fmt.Errorf("--margin %v: want a difference in APGR above 0 and below 1", o.Margin)
	}
	if !(o.At >= 0 && o.At <= 1) {
		return hint.With(fmt.Errorf("--at %v: want a share in [0,1]", o.At), hint.Fraction(o.At)...)
	}
	return o.EncoderFlags.Check()
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	defer o.Close()
	if o.Models != nil {
		return o.runPools(ctx, s)
	}
	compare := o.compare
	if o.HasSummaries() {
		compare = o.compareSummaries
	}
	doc, err := compare(ctx, s)
	if err != nil {
		return err
	}
	doc.Settings = o.Settings()
	if err := writeComparison(s.Out, doc, o); err != nil {
		return err
	}
	return o.verdict(doc)
}

// settings returns how the flags say that routers are compared.
func (o options) settings(s cmdutil.Streams) harness.CompareOptions {
	return harness.CompareOptions{
		Feedback: s.Feedback(), Resamples: o.Resamples, Permutations: o.Permutations, Confidence: o.Confidence, Seed: o.Seed,
		Margin: o.Margin, At: o.At, Common: o.Common, Flips: o.Flips,
	}
}

// compare compares routers and results files.
func (o *options) compare(ctx context.Context, s cmdutil.Streams) (*results.Comparison, error) {
	contenders, sets, err := o.gather(ctx, s)
	if err != nil {
		return nil, err
	}
	return harness.Compare(ctx, sets, contenders, o.settings(s))
}

// verdict returns the error that --strict asks for, nil if every comparison is conclusive.
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
	return cmdutil.Inconclusive(fmt.Errorf("%d of %s %s inconclusive", open, text.Plural(all, "comparison"), text.Agree(open, "is", "are")))
}
