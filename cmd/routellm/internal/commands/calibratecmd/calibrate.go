// Package calibratecmd implements the calibrate command, which finds a router's threshold
// for a share of strong calls, a quality or a budget, and tests scores for drift.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package calibratecmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/registry"
)

// options holds calibrate's flags. Shares are in [0,1].
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	cmdutil.ColumnFlags
	cmdutil.PriceFlags
	cmdutil.ProjectFlags
	cmdutil.SummaryFlags
	cmdutil.PictureFlags
	Router      string
	Models      []string // models of the pool; nil for two models
	Fractions   []float64
	Quality     float64
	PGR         float64
	Budget      float64                             // USD per 1,000 prompts
	given       struct{ quality, pgr, budget bool } // whether the flag was on the command line
	Exact       bool
	Confidence  float64
	Data        string
	Pair        string
	Clusters    harness.Clustering
	Holdout     float64
	Seed        uint64
	Prices      []float64 // USD per 1,000 prompts: strong, weak
	PriceFile   string    // prices by model, instead of Prices
	Next        int64
	Check       string
	Reliability bool
	Plot        string
	Drift       string
	From        string
	Artifact    string
	ExcludeNear bool
	Strict      bool
	Format      string
}

const calibrateLong = `Find the threshold for a share of strong-model calls, a quality or a budget.

Without outcomes, --strong-fraction X finds the score that a share X of the
reference prompts reaches. The reference prompts are %s built-in prompts of
the Chatbot Arena, or DATA (or --data): a benchmark's name or a file with prompts
or features. With --router scores:FILE, the scores in FILE are the
reference; a Parquet file of scores is read as a stream, whatever its size.
Equal scores can make a share unreachable: the table then shows the share that
the threshold really calls.

With outcomes, DATA also holds what both models scored on each prompt. The
prompts are split in two (--holdout, --seed); copies of a prompt stay on one
side. One part sets the threshold, the other reports strong calls, quality and
cost. The target is one of:

  --strong-fraction X  call the strong model for a share X of the prompts
  --quality X          keep a share X of the strong model's quality
  --pgr X              recover a share X of the quality gap between the models
  --budget-usd X       cost less than X USD per 1,000 prompts

The last three are guaranteed with --confidence: thresholds are tested in
order, from the most strong calls to the fewest (for a budget, from the
fewest), and the last one before the first failure is taken. --exact uses a
test that is valid for any number of samples, but needs more of them to reach
the same threshold. If no threshold passes, calibrate falls back to always
calling the strong model, says so and exits 3.

--models calibrates a router among several models (docs/pool.md): --quality keeps
a share of the best model's quality, and --budget-usd keeps a budget. The artifact
then holds the models and lambda, the quality that a US dollar more per prompt
must bring.

With --models, the target is a quality or a budget of a router among several
models: the best one takes the place of the strong one, and operating points
that of thresholds.

Samples of one cluster, such as the turns of a conversation, count together:
many short and a few long ones tell less than as many of equal size.

--summary FILE takes the place of prompts: their scores, and both models' qualities,
summed up in bins by eval --summarise or by the query of routellm sql summary. Then
--drift names a summary of new scores (docs/summaries.md).

Intervals and guarantees assume that future prompts are like these
(exchangeable). --drift tests whether new prompts still are.`

// arenaPrompts is the number of built-in reference prompts.
const arenaPrompts = 9286

// New returns the calibrate command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:        "calibrate [DATA]",
		SuggestFor: []string{"threshold", "tune"},
		Short:      "Find the threshold for a strong-call share, quality or budget",
		Long:       fmt.Sprintf(calibrateLong, text.Thousands(arenaPrompts)),
		Example: `  routellm calibrate --router length --strong-fraction 0.5
  routellm calibrate outcomes.csv --router length --strong-fraction 30%
  routellm calibrate --router length --strong-fraction 0.2,0.5 --check mmlu
  routellm calibrate --router mf --data mmlu --quality 0.95 --artifact mf.json
  routellm calibrate --router length --data gsm8k --pgr 0.5 --exact --format json
  routellm calibrate --router mf --data mmlu --budget-usd 5 --prices 24.7,0.24
  routellm calibrate --router mf --data mmlu --reliability -o reliability.svg
  routellm calibrate --from mf.json --drift mmlu
  routellm calibrate --router length --models all --data pareto --quality 0.9
  routellm eval --summarise --bench mmlu --router length --summary-out summary.parquet
  routellm calibrate --summary summary.parquet --strong-fraction 0.2,0.5`,
		Args: cmdutil.DataArgs,
		RunE: func(c *cobra.Command, args []string) error {
			f := c.Flags()
			if len(args) > 1 || len(args) == 1 && f.Changed("data") {
				return fmt.Errorf("%q: calibrate takes one data set, and has another one", args[len(args)-1])
			}
			if err := cmdutil.TakeData(c, "data", args); err != nil {
				return err
			}
			if err := o.ApplyConfig(c, f.Changed("data") || f.Changed("outcomes"), "summary", "from"); err != nil {
				return err
			}
			o.NoteConfig(s)
			if err := o.CheckSummaries(f, withSummary...); err != nil {
				return err
			}
			if err := o.CheckPictures(f, "out", o.Plot); err != nil {
				return err
			}
			o.given.quality, o.given.pgr, o.given.budget = f.Changed("quality"), f.Changed("pgr"), f.Changed("budget-usd")
			return run(c.Context(), s, o)
		},
	}
	o.add(c)
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	o.SummaryFlags.Add(c)
	o.AddLabels(c)
	o.ColumnFlags.Add(c)
	o.PriceFlags.Add(c)
	o.AddConfig(c)
	o.PictureFlags.Add(c)
	cmdutil.AlsoCalled(c, "bench", "data")
	c.ValidArgsFunction = cmdutil.CompleteData(benchmarks.AllNames()...)
	return c
}

// add adds calibrate's own flags to the command.
func (o *options) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&o.Router, "router", "r", "", "`ROUTER` to calibrate (required unless --from is given)")
	f.StringArrayVar(&o.Models, "models", nil, "calibrate among several `MODELS`: all of the data's, or names separated by commas")
	f.Var((*num.Fractions)(&o.Fractions), "strong-fraction", "target shares of strong calls, such as 0.3 or 30%, separated by commas")
	f.Var((*num.Fraction)(&o.Quality), "quality", "share of the strong model's quality to keep, such as 0.95 or 95%")
	f.Var((*num.Fraction)(&o.PGR), "pgr", "share of the quality gap between the models to recover, such as 0.5 or 50%")
	f.Float64Var(&o.Budget, "budget-usd", 0, "upper limit of the cost per 1,000 prompts, in `USD`")
	o.Confidence = 0.95
	f.Var((*num.Fraction)(&o.Confidence), "confidence", "confidence of guarantees and intervals")
	f.BoolVar(&o.Exact, "exact", false, "base the guarantee on a test that is valid for any number of samples")
	f.StringVar(&o.Data, "data", "", "reference prompts: a benchmark's name or a `FILE` (default the built-in Arena prompts)")
	f.StringVar(&o.Pair, "pair", "", "models to use, `STRONG,WEAK`, instead of the data set's own pair")
	cmdutil.AddClusterFlag(c, &o.Clusters)
	o.Holdout = 0.5
	f.Var((*num.Fraction)(&o.Holdout), "holdout", "share of the prompts held out for reporting; 0 ignores the outcomes")
	f.Uint64Var(&o.Seed, "seed", 0, "seed for splitting the prompts")
	f.Var(cmdutil.PricesFlag(&o.Prices, &o.PriceFile, nil), "prices", "prices of the two models, for data without costs: `STRONG,WEAK|FILE`, USD per 1,000 prompts, or a file: of prices per token, or one that datasets import wrote")
	cmdutil.AddStrictFlag(c, &o.Strict)
	f.BoolVar(&o.ExcludeNear, "exclude-near", false, cmdutil.ExcludeNearUsage)
	f.Int64Var(&o.Next, "next", 0, "also predict the number of strong calls among the next `M` requests")
	f.StringVar(&o.Check, "check", "", "also show the share of strong calls on other prompts: a benchmark's name or a `FILE`")
	f.BoolVar(&o.Reliability, "reliability", false, "assess the scores as probabilities that the strong model is needed")
	f.StringVarP(&o.Plot, "out", "o", "", "draw the reliability diagram to `FILE` (.svg, .png or .pdf)")
	f.StringVar(&o.Drift, "drift", "", "test whether scores have drifted on new prompts, from a data set or a `FILE` of scores; exit 1 if so")
	f.StringVar(&o.From, "from", "", "with --drift, compare with the calibration in the artifact `FILE`")
	f.StringVar(&o.Artifact, "artifact", "", "write the threshold to `FILE`, for route, serve and eval")
	f.StringVar(&o.Format, "format", "table", cmdutil.TidyUsage)
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	options, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return err
	}
	defer o.Close()
	pricing, means, err := o.pricing(ctx)
	if err != nil {
		return err
	}
	settings, err := o.settings(s)
	if err != nil {
		return err
	}
	settings.Pricing, settings.ModelPrices = pricing, means
	var c *harness.Calibration
	switch {
	case o.HasSummaries():
		c, err = o.calibrateSummary(ctx, options, settings)
	case o.Models != nil:
		c, err = o.calibratePool(ctx, options, settings)
	case o.From != "":
		c, err = harness.Drift(ctx, o.From, o.Router, options, settings)
	default:
		c, err = calibrate(ctx, o.Router, options, settings)
	}
	if errors.As(err, new(harness.NoGuarantee)) {
		return cmdutil.Inconclusive(err)
	}
	if err != nil {
		return err
	}
	return o.write(s, c)
}

// pricing returns where costs come from: prices per token, or the mean costs of models.
func (o *options) pricing(ctx context.Context) (p harness.Pricing, means map[string]float64, err error) {
	switch {
	case o.PriceFile == "":
	case cmdutil.HasMeanCosts(ctx, o.PriceFile):
		if means, err = cmdutil.ReadPrices(ctx, o.PriceFile); err != nil {
			return p, nil, err
		}
	default:
		o.SetList(o.PriceFile)
	}
	p, err = o.Pricing(ctx, &o.ColumnFlags)
	return p, means, err
}

// calibrate opens the router and calibrates it.
func calibrate(ctx context.Context, router string, options registry.Options, o harness.CalibrateOptions) (*harness.Calibration, error) {
	r, err := harness.OpenCalibrated(router, options)
	if err != nil {
		return nil, err
	}
	return harness.Calibrate(ctx, r, o)
}

// settings returns the calibration that the flags ask for.
func (o *options) settings(s cmdutil.Streams) (harness.CalibrateOptions, error) {
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return harness.CalibrateOptions{}, err
	}
	reading, err := o.Reading()
	if err != nil {
		return harness.CalibrateOptions{}, err
	}
	var data []string
	if o.Data != "" {
		data = []string{o.Data}
	}
	if data, err = o.Joined(data, o.Data != ""); err != nil {
		return harness.CalibrateOptions{}, err
	}
	if len(data) > 0 {
		o.Data = data[0]
	}
	return harness.CalibrateOptions{
		Feedback: s.Feedback(), Reading: reading, Encoder: o.Options(), Target: o.target(), Exact: o.Exact, Confidence: o.Confidence,
		Data: o.Data, Pair: pair, Clusters: o.Clusters, Holdout: o.Holdout, Seed: o.Seed, Prices: o.Prices, Next: o.Next, Check: o.Check,
		Reliability: o.Reliability, KeepScores: o.Artifact != "", Drift: o.Drift, ExcludeNear: o.ExcludeNear, Strict: o.Strict,
	}, err
}

// target returns the target that the flags give, the zero Target if they give none.
func (o options) target() harness.Target {
	switch {
	case len(o.Fractions) > 0:
		return harness.StrongFractions(o.Fractions...)
	case o.given.quality:
		return harness.KeepQuality(o.Quality)
	case o.given.pgr:
		return harness.RecoverGap(o.PGR)
	case o.given.budget:
		return harness.StayBelow(o.Budget)
	}
	return harness.Target{}
}

// write writes the files that the flags ask for, then the document to s. Afterwards it
// returns an error if the scores have drifted, or if no threshold is guaranteed to reach the
// target.
func (o options) write(s cmdutil.Streams, c *harness.Calibration) error {
	var document, diagram bytes.Buffer
	c.Document.Settings = o.Settings()
	if c.Artifact != nil {
		c.Artifact.Settings = o.Settings()
	}
	if err := writeCalibration(&document, c.Document, o.Format); err != nil {
		return fault.Wrap(err)
	}
	if o.Plot != "" {
		style, err := render.StyleOf(o.PictureFlags)
		if err != nil {
			return err
		}
		if err := drawReliability(&diagram, style, c, render.PictureFormat(o.Plot)); err != nil {
			return fault.Wrap(err)
		}
	}
	if err := o.writeFiles(c, diagram.Bytes()); err != nil {
		return fault.Wrap(err)
	}
	if _, err := s.Out.Write(document.Bytes()); err != nil {
		return fault.Wrap(err)
	}
	if d := c.Document.Drift; d != nil && d.Undecided {
		return cmdutil.Inconclusive(hint.With(errors.New("the bins do not tell whether the scores have drifted"), "more bins in both summaries do"))
	}
	if d := c.Document.Drift; d != nil && d.Drifted {
		return fault.Wrap(hint.With(errors.New("the scores have drifted"), "calibrate again on prompts like the new ones"))
	}
	return trivial(c.Document)
}

// trivial returns an error if the calibration fell back to always calling the strong or best model.
func trivial(doc *results.Calibration) error {
	if o := doc.Pool; o != nil && o.Points[0].Trivial {
		return cmdutil.Inconclusive(hint.With(fmt.Errorf("no operating point is guaranteed to %s: the fallback always calls %s", poolAim(o, o.Points[0]), o.Best),
			"more samples, a lower target or a lower --confidence may find one"))
	}
	if doc.Outcomes == nil || len(doc.Outcomes.Points) == 0 || !doc.Outcomes.Points[0].Trivial {
		return nil
	}
	x := doc.Outcomes.Points[0]
	return cmdutil.Inconclusive(hint.With(fmt.Errorf("no threshold is guaranteed to %s: the fallback always calls %s", aim(x), doc.Outcomes.Pair.Strong),
		"more samples, a lower target or a lower --confidence may find a threshold"))
}

// writeFiles writes the artifact and the reliability diagram to the files of the flags.
func (o options) writeFiles(c *harness.Calibration, diagram []byte) error {
	var files []cmdutil.File
	if o.Artifact != "" {
		var b bytes.Buffer
		if err := c.Artifact.Write(&b); err != nil {
			return err
		}
		files = append(files, cmdutil.File{Name: o.Artifact, Data: b.Bytes()})
	}
	if o.Plot != "" {
		files = append(files, cmdutil.File{Name: o.Plot, Data: diagram})
	}
	return cmdutil.WriteFiles("", files)
}
