// Package plancmd implements the plan command, which shows how large a difference between
// two routers must be for a data set to detect it.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package plancmd

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// options holds plan's arguments and flags.
type options struct {
	cmdutil.ColumnFlags
	cmdutil.PriceFlags
	Benches  []string
	Models   []string // models of the pool; nil for two models
	Pair     string
	Clusters harness.Clustering
	Strict   bool
	Margin   float64
	Format   string
	Out      string    // path of the picture, "" for none
	Guess    []float64 // gap, and share of the prompts on which both models are equally good; nil for outcomes
	Judge    float64   // correlation of a judge's labels with gold labels; -1 for no judge
	Judged   int       // number of prompts that the judge labels; 0 for any number
}

const planLong = `Show how large a difference between two routers must be for a data set to
detect it, before any router is run. Only the outcomes of the two models are
needed: a built-in benchmark or a file of outcomes, of which a pilot with few
prompts is enough.

The noise floor is the standard deviation of a random router's APGR (average
performance gap recovered). The difference between two routers has a standard
error of sqrt(2 (1 - rho)) times the noise floor, where rho is the rank
correlation of their scores: 0 for unrelated routers, 0.8 for a router and its
next version. A 95 % interval detects a difference of 2.80 standard errors
with 80 % power. Equal routers are shown to be equivalent within a margin of
2.93 standard errors with 80 % power.

The last table shows the number of prompts needed to detect a difference of
--margin, or to show equivalence within it. All numbers are exact for routers
without skill and approximate for others.

Before any answer is graded, --guess GAP,ALIKE takes the place of outcomes: by how
much the strong model is right more often, and on which share of the prompts both
are equally good. --judge-correlation adds the number of gold labels that tell as
much beside a language model's labels, which eval --gold-part corrects: a pilot
with both labels shows the correlation (results.json has it).

--models plans for routers among several models, in lift: the mean quality above
that of the static mix, over the budgets. The noise floor is then the standard
deviation of the lift of routers without skill: what an oracle predicts, dealt
to the prompts at random, on 1,000 resamples of the prompts. It falls with the
square root of the number of prompts. Routers that stray less from the static
mix vary less, so the numbers are cautious.`

// New returns the plan command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "plan FILE|BENCH...",
		Short: "Show which differences between routers a data set can detect",
		Long:  planLong,
		Example: `  routellm plan mmlu
  routellm plan gsm8k --pair claude-3-opus-20240229,Meta-Llama-3-8B-Instruct --margin 0.05
  routellm plan pareto --models all --margin 0.005
  routellm plan --guess 0.2,0.6 --margin 0.05 --judge-correlation 0.7 --judged 5000
  routellm plan all -o plan.svg`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.Benches = args
			if err := o.checkGiven(c.Flags()); err != nil {
				return err
			}
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&o.Models, "models", nil, "plan for routers among several `MODELS`: all of the data's, or names separated by commas")
	f.StringVar(&o.Pair, "pair", "", "models to use, `STRONG,WEAK`, instead of the benchmark's own pair")
	cmdutil.AddClusterFlag(c, &o.Clusters)
	cmdutil.AddStrictFlag(c, &o.Strict)
	f.Float64Var(&o.Margin, "margin", 0.02, "difference in APGR, or with --models in lift, to plan for")
	f.Var((*cmdutil.Numbers)(&o.Guess), "guess", "plan without outcomes, from the quality gap and the share of prompts on which both models are equally good: `GAP,ALIKE`, such as 0.2,0.6")
	o.Judge = -1
	f.Float64Var(&o.Judge, "judge-correlation", -1, "also show how many gold labels are needed beside those of a judge whose labels have this `CORRELATION` with gold ones")
	f.IntVar(&o.Judged, "judged", 0, "number of prompts that the judge labels (default any number)")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT`: table, json, csv or markdown")
	f.StringVarP(&o.Out, "out", "o", "", "also plot the detectable difference against the number of prompts to `FILE` (.svg, .png or .pdf)")
	o.AddLabels(c)
	o.ColumnFlags.Add(c)
	o.PriceFlags.Add(c)
	c.ValidArgsFunction = cmdutil.CompleteData(append(benchmarks.Names(), "all")...)
	return c
}

// check returns an error for flags that are out of range.
func (o options) check() error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if err := o.checkGuess(); err != nil {
		return err
	}
	if o.Guess == nil && !o.HasOutcomes() && len(o.Benches) == 0 {
		return hint.With(errors.New("no data set given: want a built-in benchmark or a file of outcomes"), "for example: routellm plan mmlu")
	}
	if o.Models != nil {
		if !(o.Margin > 0) || math.IsInf(o.Margin, 0) {
			return fmt.Errorf("--margin %v: want a difference in lift above 0", o.Margin)
		}
		return nil
	}
	if !(o.Margin > 0 && o.Margin < 1) {
		return fmt.Errorf("--margin %v: want a difference in APGR above 0 and below 1", o.Margin)
	}
	return render.CheckPicture("--out", o.Out)
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return err
	}
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	defer o.Close()
	if o.Benches, err = o.Joined(o.Benches, len(o.Benches) > 0); err != nil {
		return err
	}
	if o.Models != nil {
		return o.runPools(ctx, s, reading)
	}
	doc, plans, err := o.plan(ctx, s, reading, pair)
	if err != nil {
		return err
	}
	if o.Judge != -1 {
		if err := harness.PlanGold(doc, o.Judge, o.Judged); err != nil {
			return err
		}
	}
	if o.Out != "" {
		if err := writePlanPicture(o.Out, doc, plans); err != nil {
			return err
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
	}
	return writePlan(s.Out, doc, o.Format)
}

// plan plans with outcomes or from a guess.
func (o *options) plan(ctx context.Context, s cmdutil.Streams, reading harness.Reading, pair results.Pair) (*results.Plan, []eval.Plan, error) {
	if o.Guess != nil {
		return harness.PlanGuess(o.Guess[0], o.Guess[1], o.Margin)
	}
	benches, err := harness.Load(ctx, o.Benches, nil, harness.LoadOptions{Feedback: s.Feedback(), Reading: reading, Pair: pair, Clusters: o.Clusters, Strict: o.Strict})
	if err != nil {
		return nil, nil, err
	}
	return harness.Plan(benches, o.Margin)
}

// checkGuess returns an error for a guess that does not go with other flags.
func (o options) checkGuess() error {
	switch {
	case o.Judged != 0 && o.Judge == -1:
		return errors.New("--judged goes with --judge-correlation")
	case o.Models != nil && (o.Guess != nil || o.Judge != -1):
		return errors.New("--guess and --judge-correlation do not go with --models: they are about two models")
	case o.Guess == nil:
		return nil
	case len(o.Guess) != 2:
		return fmt.Errorf("--guess: found %s, want the gap and the share of prompts on which both models are equally good, such as 0.2,0.6", text.Plural(len(o.Guess), "number"))
	case o.HasOutcomes() || len(o.Benches) > 0:
		return errors.New("--guess takes the place of outcomes: give one of them")
	}
	return nil
}

// writePlanPicture plots the detectable differences to a file. It returns an error if no
// data set has an established gap between its models.
func writePlanPicture(path string, d *results.Plan, plans []eval.Plan) error {
	figure := planFigure(d, plans)
	if len(figure.Lines) == 0 {
		return errors.New("--out: no gap between the models is established, so there is nothing to plot")
	}
	return render.Picture(path, figure.Curves())
}
