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
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/plots"
	"github.com/routellm/routellm/results"
)

// options holds plan's arguments and flags.
type options struct {
	cmdutil.ColumnFlags
	cmdutil.PriceFlags
	cmdutil.SummaryFlags
	cmdutil.PictureFlags
	Benches  []string
	Models   []string // models of the pool; nil for two models
	Pair     string
	Clusters harness.Clustering
	Strict   bool
	harness.PlanOptions
	Format string
	Out    string    // path of the picture, "" for none
	Guess  []float64 // gap, share of the prompts on which both models are equally good and, if given, the strong model's quality; nil for outcomes
	Judge  []float64 // correlation of a judge's labels with gold labels; nil for no judge
	Judged int       // number of prompts that the judge labels; 0 for any number
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

--guarantee 0.95 adds the number of calibration prompts with which 'calibrate
--quality 0.95' finds, with 80 % power, a threshold that saves a share of the
strong calls. That number depends on the router's skill: the share of the prompts
on which it decides like the oracle, and at random on the others.

--summary FILE takes the place of outcomes: the samples, summed up in bins of scores
(docs/summaries.md).

Before any answer is graded, --guess GAP,ALIKE takes the place of outcomes: by how
much the strong model is right more often, and on which share of the prompts both
are equally good. A guarantee needs a third number, how often the strong model is
right. --judge-correlation adds the number of gold labels that tell as
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
  routellm plan --guess 0.2,0.6,0.8 --guarantee 0.95
  routellm plan all -o plan.svg`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.Benches = args
			if err := o.checkGiven(c.Flags()); err != nil {
				return err
			}
			if err := o.CheckSummaries(c.Flags(), "pair", "margin", "guarantee", "judge-correlation", "judged", "format", "out", "width", "font-size", "no-title", "theme"); err != nil {
				return err
			}
			if err := o.CheckPictures(c.Flags(), "out", o.Out); err != nil {
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
	o.Margin = 0.02
	f.Var((*num.Fraction)(&o.Margin), "margin", "difference in APGR, or with --models in lift, to plan for")
	f.Var((*num.Fractions)(&o.Guess), "guess", "plan without outcomes, from the quality gap, the share of prompts on which both models are equally good and, for --guarantee, the strong model's quality: `GAP,ALIKE[,STRONG]`, such as 0.2,0.6,0.8")
	f.Var((*num.Fraction)(&o.Guarantee), "guarantee", "also show how many prompts it takes to guarantee this `SHARE` of the strong model's quality, such as 0.95")
	f.Var((*cmdutil.Numbers)(&o.Judge), "judge-correlation", "also show how many gold labels are needed beside those of a judge whose labels have this `CORRELATION` with gold ones")
	f.IntVar(&o.Judged, "judged", 0, "number of prompts that the judge labels (default any number)")
	f.StringVar(&o.Format, "format", "table", cmdutil.TidyUsage)
	f.StringVarP(&o.Out, "out", "o", "", "also plot the detectable difference against the number of prompts to `FILE` (.svg, .png or .pdf)")
	o.AddLabels(c)
	o.ColumnFlags.Add(c)
	o.PriceFlags.Add(c)
	o.SummaryFlags.Add(c)
	o.PictureFlags.Add(c)
	c.ValidArgsFunction = cmdutil.CompleteData(append(benchmarks.Names(), "all")...)
	return c
}

// check returns an error for flags that are out of range.
func (o options) check() error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "tidy", "markdown"); err != nil {
		return err
	}
	if err := o.checkGuess(); err != nil {
		return err
	}
	if o.HasSummaries() && len(o.Benches) > 0 {
		return errors.New("--summary takes the place of data sets: give one of them")
	}
	if o.Guess == nil && !o.HasOutcomes() && !o.HasSummaries() && len(o.Benches) == 0 {
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
	if !(o.Guarantee >= 0 && o.Guarantee < 1) {
		return hint.With(fmt.Errorf("--guarantee %v: want a share of the strong model's quality, above 0 and below 1, such as 0.95", o.Guarantee), hint.Fraction(o.Guarantee)...)
	}
	if _, err := render.StyleOf(o.PictureFlags); err != nil {
		return err
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
	if o.Judge != nil {
		if err := harness.PlanGold(doc, o.Judge[0], o.Judged); err != nil {
			return err
		}
	}
	if o.Out != "" {
		style, err := render.StyleOf(o.PictureFlags)
		if err != nil {
			return err
		}
		if err := writePlanPicture(o.Out, style, doc, plans); err != nil {
			return err
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
	}
	return writePlan(s.Out, doc, o.Format)
}

// plan plans with outcomes or from a guess.
func (o *options) plan(ctx context.Context, s cmdutil.Streams, reading harness.Reading, pair results.Pair) (*results.Plan, []eval.Plan, error) {
	if o.HasSummaries() {
		all, err := o.OpenSummaries(ctx, reading.Columns.Rows)
		if err != nil {
			return nil, nil, err
		}
		return harness.PlanSummary(all, pair, o.PlanOptions)
	}
	if o.Guess != nil {
		return harness.PlanGuess(o.guess(), o.PlanOptions)
	}
	benches, err := harness.Load(ctx, o.Benches, nil, harness.LoadOptions{Feedback: s.Feedback(), Reading: reading, Pair: pair, Clusters: o.Clusters, Strict: o.Strict})
	if err != nil {
		return nil, nil, err
	}
	return harness.Plan(benches, o.PlanOptions)
}

// checkGuess returns an error for a guess that does not go with other flags.
func (o options) checkGuess() error {
	switch {
	case o.Judged != 0 && o.Judge == nil:
		return errors.New("--judged goes with --judge-correlation")
	case len(o.Judge) > 1:
		return fmt.Errorf("--judge-correlation: found %s, want one", text.Plural(len(o.Judge), "number"))
	case o.Models != nil && (o.Guess != nil || o.Judge != nil || o.Guarantee != 0):
		return errors.New("--guess, --guarantee and --judge-correlation do not go with --models: they are about two models")
	case o.Guess == nil:
		return nil
	case len(o.Guess) != 2 && len(o.Guess) != 3:
		return fmt.Errorf("--guess: found %s, want the gap, the share of prompts on which both models are equally good and, for a guarantee, the strong model's quality, such as 0.2,0.6,0.8", text.Plural(len(o.Guess), "number"))
	case o.Guarantee != 0 && len(o.Guess) == 2:
		return errors.New("--guarantee with --guess needs a third number: how often the strong model is right, such as --guess 0.2,0.6,0.8")
	case o.HasOutcomes() || len(o.Benches) > 0:
		return errors.New("--guess takes the place of outcomes: give one of them")
	}
	return nil
}

// guess returns what --guess says.
func (o options) guess() harness.Guess {
	g := harness.Guess{Gap: o.Guess[0], Alike: o.Guess[1], Strong: math.NaN()}
	if len(o.Guess) == 3 {
		g.Strong = o.Guess[2]
	}
	return g
}

// writePlanPicture plots the detectable differences to a file. It returns an error if no
// data set has an established gap between its models.
func writePlanPicture(path string, style plots.Style, d *results.Plan, plans []eval.Plan) error {
	figure := planFigure(d, plans)
	if len(figure.Lines) == 0 {
		return errors.New("--out: no gap between the models is established, so there is nothing to plot")
	}
	return render.Picture(path, style, figure)
}
