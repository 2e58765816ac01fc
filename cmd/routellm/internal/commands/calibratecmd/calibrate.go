// Package calibratecmd is the command calibrate, which finds thresholds.
package calibratecmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers/registry"
)

// options are the flags of calibrate.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	Router      string
	Fractions   []float64
	Quality     float64
	PGR         float64
	Budget      float64
	given       struct{ quality, pgr, budget bool }
	Exact       bool
	Confidence  float64
	Data        string
	Pair        string
	Holdout     float64
	Seed        uint64
	Prices      []float64
	Next        int64
	Check       string
	Reliability bool
	Plot        string
	Drift       string
	From        string
	Artifact    string
	Format      string
}

const calibrateLong = `Find the threshold for a wanted share of strong-model calls, for a wanted quality,
or for a budget.

Without outcomes: the score that exactly --strong-fraction of the reference prompts
reaches. Reference prompts are %d Chatbot Arena prompts, built in, or --data: a
benchmark's name or a Parquet file with prompts or features. With --router
scores:FILE the scores of FILE are the reference; a Parquet file of scores is read
as a stream, whatever its size. Equal scores can make a share unreachable: the
table then shows what the threshold really calls.

With outcomes, which is --data with what both models scored: prompts are split in
two (--holdout, --seed; the same prompt is never in both). One part sets the
threshold, the other reports strong calls, quality and cost. --quality X is a
threshold that keeps a share X of the strong model's quality, --pgr X one that
recovers X of the gap between the models, --budget-usd X one that costs less than
X a thousand prompts, each with --confidence: thresholds are tested in turn, from
most to least strong calls (for a budget the other way), up to the first that fails.
--exact is a test that holds for any number of samples, and needs more of them.

Intervals and guarantees assume that prompts stay like these (exchangeable).
--drift tells when they do not.`

// arenaPrompts is the number of built-in reference prompts.
const arenaPrompts = 9286

// New returns the command calibrate.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "calibrate",
		Short: "Find the threshold for a share of strong calls, a quality or a budget",
		Long:  fmt.Sprintf(calibrateLong, arenaPrompts),
		Example: `  routellm calibrate --router length --strong-fraction 0.5
  routellm calibrate --router length --strong-fraction 0.2,0.5 --check mmlu
  routellm calibrate --router mf --data mmlu --quality 0.95 --artifact mf.json
  routellm calibrate --router length --data gsm8k --pgr 0.5 --exact --format json
  routellm calibrate --router mf --data mmlu --budget-usd 5 --prices 24.7,0.24
  routellm calibrate --router mf --data mmlu --reliability -o reliability.svg
  routellm calibrate --from mf.json --drift mmlu`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			f := c.Flags()
			o.given.quality, o.given.pgr, o.given.budget = f.Changed("quality"), f.Changed("pgr"), f.Changed("budget-usd")
			return run(c.Context(), s, o)
		},
	}
	o.add(c)
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	return c
}

func (o *options) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVarP(&o.Router, "router", "r", "", "router to calibrate (required, but with --from)")
	f.Var((*cmdutil.Numbers)(&o.Fractions), "strong-fraction", "wanted shares of strong calls, in [0,1]")
	f.Float64Var(&o.Quality, "quality", 0, "share of the strong model's quality to keep")
	f.Float64Var(&o.PGR, "pgr", 0, "share of the gap between the models to recover")
	f.Float64Var(&o.Budget, "budget-usd", 0, "most that a thousand prompts may cost")
	f.Float64Var(&o.Confidence, "confidence", 0.95, "of guarantees and intervals")
	f.BoolVar(&o.Exact, "exact", false, "a guarantee that is exact for any number of samples")
	f.StringVar(&o.Data, "data", "", "reference prompts: a benchmark or Parquet `FILE` (default the Arena prompts)")
	f.StringVar(&o.Pair, "pair", "", "models `STRONG,WEAK` instead of the data's own")
	f.Float64Var(&o.Holdout, "holdout", 0.5, "share of prompts with outcomes that only report; 0 looks at no outcomes")
	f.Uint64Var(&o.Seed, "seed", 0, "seed of the split")
	f.Var((*cmdutil.Numbers)(&o.Prices), "prices", "USD a thousand prompts of the strong and the weak model, for data without costs")
	f.Int64Var(&o.Next, "next", 0, "also foretell the strong calls among the next `M` requests")
	f.StringVar(&o.Check, "check", "", "also show the share on other prompts: a benchmark or `FILE`")
	f.BoolVar(&o.Reliability, "reliability", false, "judge scores as probabilities that the strong model is needed")
	f.StringVarP(&o.Plot, "out", "o", "", "draw the reliability diagram to `FILE` (.svg, .png, .pdf)")
	f.StringVar(&o.Drift, "drift", "", "compare the scores of new prompts, a data set or scores in `FILE`; exit 1 if they drifted")
	f.StringVar(&o.From, "from", "", "with --drift, compare with the artifact in `FILE`")
	f.StringVar(&o.Artifact, "artifact", "", "write the threshold for route and eval to `FILE`")
	f.StringVar(&o.Format, "format", "table", "table, json, csv or markdown")
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	options, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return err
	}
	settings, err := o.settings(s)
	if err != nil {
		return err
	}
	var c *harness.Calibration
	if o.From != "" {
		c, err = harness.Drift(ctx, o.From, o.Router, options, settings)
	} else {
		c, err = calibrate(ctx, o.Router, options, settings)
	}
	if err != nil {
		return err
	}
	return o.write(s, c)
}

// calibrate opens the one router and calibrates it.
func calibrate(ctx context.Context, router string, options registry.Options, o harness.CalibrateOptions) (*harness.Calibration, error) {
	r, err := harness.OpenCalibrated(router, options)
	if err != nil {
		return nil, err
	}
	return harness.Calibrate(ctx, r, o)
}

// settings turns the flags into what is calibrated.
func (o options) settings(s cmdutil.Streams) (harness.CalibrateOptions, error) {
	pair, err := cmdutil.ParsePair(o.Pair)
	return harness.CalibrateOptions{
		Feedback: s.Feedback(), Encoder: o.Options(), Target: o.target(), Exact: o.Exact, Confidence: o.Confidence,
		Data: o.Data, Pair: pair, Holdout: o.Holdout, Seed: o.Seed, Prices: o.Prices, Next: o.Next, Check: o.Check,
		Reliability: o.Reliability, KeepScores: o.Artifact != "", Drift: o.Drift,
	}, err
}

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

// write writes everything that was asked for; drift is an error in the end.
func (o options) write(s cmdutil.Streams, c *harness.Calibration) error {
	var text, diagram bytes.Buffer
	if err := writeCalibration(&text, c.Document, o.Format); err != nil {
		return fault.Wrap(err)
	}
	if o.Plot != "" {
		if err := drawReliability(&diagram, c, render.PictureFormat(o.Plot)); err != nil {
			return fault.Wrap(err)
		}
	}
	if err := o.writeFiles(c, diagram.Bytes()); err != nil {
		return fault.Wrap(err)
	}
	if _, err := s.Out.Write(text.Bytes()); err != nil {
		return fault.Wrap(err)
	}
	if d := c.Document.Drift; d != nil && d.Drifted {
		return fault.Wrap(hint.With(errors.New("the scores have drifted"), "calibrate again on prompts like the new ones"))
	}
	return nil
}

func (o options) writeFiles(c *harness.Calibration, diagram []byte) error {
	if o.Artifact != "" {
		var b bytes.Buffer
		if err := c.Artifact.Write(&b); err != nil {
			return err
		}
		if err := cmdutil.WriteFile(o.Artifact, b.Bytes()); err != nil {
			return err
		}
	}
	if o.Plot == "" {
		return nil
	}
	return cmdutil.WriteFile(o.Plot, diagram)
}
