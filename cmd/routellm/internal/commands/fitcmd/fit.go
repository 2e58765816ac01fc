// Package fitcmd implements the fit command, which finds the router for a data set.
//
// [New] returns the command: newCmd parses the flags and run does the work.
package fitcmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/fit"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// options holds fit's flags.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.ColumnFlags
	cmdutil.PriceFlags
	Data       string
	Out        string // folder, or path of the router's file
	Quality    float64
	Budget     float64 // USD per 1,000 prompts
	given      struct{ quality, budget bool }
	Models     string
	Pair       string
	Candidates []string
	Split      []float64 // shares of training, calibration, test
	Confidence float64
	Resamples  int
	Seed       uint64
	NoCurve    bool
	Cascades   bool
	Strict     bool
	Force      bool
	Format     string
}

const fitLong = `Find the router for your data: train every kind, choose one, test it, and
calibrate it with a guarantee.

--data has the outcomes of two or more models on your prompts, one column
quality:MODEL per model, as grade and judge write them. The samples are divided
into three parts (--parts); samples that share a cluster or a prompt stay
together.

  training     trains routers of every kind. Cross-validation chooses the
               simplest one that is within one standard error of the best.
  calibration  finds the operating point: the threshold or, among several
               models, lambda, with a guarantee
  test         is looked at once: it tests the chosen router against random
               routing (among several models, against the static mix), and
               measures the operating point

--quality X keeps a share X of the best model's quality. --budget-usd X costs
less than X USD per 1,000 prompts. Both hold for further prompts like these,
with --confidence.

--out DIR gets router.safetensors, router.json (for route, serve and eval),
serve.yaml (for serve --config), report.html and fit.json. --out FILE.safetensors
names the router's file; the others lie beside it and begin with its name.
They appear together, or none of them.

If no router is better than chance, fit says which model to call instead, and how
many more prompts would show a difference, and exits 3. It then writes
report.html and fit.json alone. If the router is better than chance but its
calibration part is too small for a guarantee, all files are written, the
operating point always calls the best model, and fit exits 3 too.`

// New returns the fit command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "fit --data FILE --out DIR",
		Short: "Find the router for your data",
		Long:  fitLong,
		Example: `  routellm fit --data graded.csv --out router
  routellm fit --data graded.csv --quality 0.9 --out cheaper
  routellm fit --data graded.csv --budget-usd 3 --out within
  routellm fit --data graded.csv --pair big,small --candidates length,mf --no-curve --out my.safetensors`,
		Args: cmdutil.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			o.given.quality, o.given.budget = c.Flags().Changed("quality"), c.Flags().Changed("budget-usd")
			return run(c.Context(), s, o)
		},
	}
	o.add(c)
	o.EncoderFlags.Add(c)
	o.ColumnFlags.Add(c)
	o.AddLabels(c)
	o.PriceFlags.Add(c)
	return c
}

// add adds fit's own flags to the command.
func (o *options) add(c *cobra.Command) {
	f, d := c.Flags(), fit.Default()
	f.StringVar(&o.Data, "data", "", "outcomes of the models: a benchmark's name or a `FILE` (required)")
	f.StringVarP(&o.Out, "out", "o", "", "`DIR` to write to, or the router's FILE.safetensors (required)")
	o.Quality = d.Quality
	f.Var((*num.Fraction)(&o.Quality), "quality", "share of the best model's quality to keep, in (0,1]")
	f.Float64Var(&o.Budget, "budget-usd", 0, "upper limit of the cost per 1,000 prompts, in `USD`, in place of a quality")
	f.StringVar(&o.Models, "models", "", "`MODELS` to choose among, separated by commas, or all (default the data's pair, else all)")
	f.StringVar(&o.Pair, "pair", "", "two models to choose between, `STRONG,WEAK`")
	f.StringSliceVar(&o.Candidates, "candidates", nil, "`KINDS` of routers to try (default all): "+strings.Join(fit.Kinds(), ", "))
	o.Split = d.Shares[:]
	f.Var((*num.Fractions)(&o.Split), "parts", "shares of the training, the calibration and the test part")
	o.Confidence = d.Confidence
	f.Var((*num.Fraction)(&o.Confidence), "confidence", "confidence of the guarantee, the test and intervals")
	f.IntVar(&o.Resamples, "resamples", d.Resamples, "number of bootstrap resamples")
	f.Uint64Var(&o.Seed, "seed", d.Seed, "seed of the parts and of resamples")
	f.BoolVar(&o.Cascades, "cascades", false, "also try cascades, which look at the weak model's answer, and compare all routers of two models by cost")
	f.BoolVar(&o.NoCurve, "no-curve", false, "leave out the learning curve, which takes about a third of the time")
	cmdutil.AddStrictFlag(c, &o.Strict)
	f.BoolVar(&o.Force, "force", false, "replace the files of an earlier run")
	f.StringVar(&o.Format, "format", "table", "output `FORMAT`: table, json, csv or markdown")
}

// check returns an error for flags that are missing or do not go together.
func (o *options) check() error {
	see := "see 'routellm fit --help'"
	switch {
	case o.Data == "" && !o.HasOutcomes():
		return hint.With(errors.New("no data given: want --data FILE with the outcomes of two or more models"), "routellm grade and routellm judge write them", see)
	case o.Out == "":
		return hint.With(errors.New("no output given: want --out DIR"), see)
	case o.given.quality && o.given.budget:
		return errors.New("--quality and --budget-usd are both given: want one target")
	case o.given.quality && !(o.Quality > 0 && o.Quality <= 1):
		return hint.With(fmt.Errorf("--quality %v: want a share above 0 and at most 1", o.Quality), hint.Fraction(o.Quality)...)
	case o.given.budget && !(o.Budget > 0 && num.Finite(o.Budget)):
		return fmt.Errorf("--budget-usd %v: want USD per 1,000 prompts, above 0", o.Budget)
	case o.Models != "" && o.Pair != "":
		return errors.New("--models and --pair are both given: want one of them")
	case len(o.Split) != 3:
		return errors.New("--parts: want three shares, of the training, the calibration and the test part, such as 0.6,0.2,0.2")
	}
	return cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown")
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	to := pathsOf(o.Out)
	if !o.Force {
		if err := to.refuse(); err != nil {
			return err
		}
	}
	settings, err := o.settings(ctx, s, to)
	if err != nil {
		return err
	}
	defer o.Close()
	r, err := fit.Run(ctx, settings)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := write(&out, r.Document, o.Format); err != nil {
		return fault.Wrap(err)
	}
	files, err := to.files(r, o.upstreams())
	if err != nil {
		return fault.Wrap(err)
	}
	if err := cmdutil.WriteFiles("", files); err != nil {
		return fault.Wrap(err)
	}
	removed, err := to.removeOthers(files)
	if err != nil {
		return fault.Wrap(err)
	}
	if _, err := s.Out.Write(out.Bytes()); err != nil {
		return fault.Wrap(err)
	}
	for _, f := range files {
		fmt.Fprintf(s.Err, "wrote %s\n", f.Name)
	}
	for _, path := range removed {
		fmt.Fprintf(s.Err, "removed %s of an earlier run\n", path)
	}
	if r.Document.Outcome == results.FitRouter {
		s.Next("routellm serve --check --config " + cmdutil.ShellWord(to.serve))
	}
	return verdict(r.Document)
}

// verdict returns an error unless there is a router with a guarantee.
func verdict(d *results.Fit) error {
	switch d.Outcome {
	case results.FitChance:
		return cmdutil.Inconclusive(errors.New("no router is written: none is better than chance on the test part"))
	case results.FitNothing:
		return cmdutil.Inconclusive(errors.New("no router is written: there is nothing to route"))
	case results.FitUnproven:
		return cmdutil.Inconclusive(errors.New("no guarantee: the calibration part does not establish the target"))
	}
	return nil
}

// settings returns the search that the flags ask for.
func (o *options) settings(ctx context.Context, s cmdutil.Streams, to paths) (fit.Options, error) {
	d := fit.Default()
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return d, err
	}
	if err := o.EncoderFlags.Check(); err != nil {
		return d, err
	}
	pricing, err := o.Pricing(ctx, &o.ColumnFlags)
	if err != nil {
		return d, err
	}
	reading, err := o.Reading()
	if err != nil {
		return d, err
	}
	var data []string
	if o.Data != "" {
		data = []string{o.Data}
	}
	if data, err = o.Joined(data, o.Data != ""); err != nil {
		return d, err
	}
	d.Feedback, d.Reading, d.Encoder, d.Data, d.Pair, d.Pricing = s.Feedback(), reading, o.Options(), data[0], pair, pricing
	if o.Models != "" {
		d.Models = strings.Split(o.Models, ",")
	}
	d.Quality = o.Quality
	if o.given.budget {
		d.Quality, d.Budget = math.NaN(), o.Budget
	}
	d.Shares, d.Confidence, d.Resamples, d.Seed = [3]float64(o.Split), o.Confidence, o.Resamples, o.Seed
	d.Cascades = o.Cascades
	d.Candidates, d.Curve, d.Strict, d.ModelPath, d.Recipe = o.Candidates, !o.NoCurve, o.Strict, to.model, o.recipe()
	return d, nil
}

// recipe returns the command that fits the router again, as far as it matters for the router.
func (o *options) recipe() string {
	out := "routellm fit --data " + o.Data + cmdutil.LabelsFlag(o.Labels())
	for _, x := range []struct{ flag, value string }{{"--models", o.Models}, {"--pair", o.Pair}, {"--candidates", strings.Join(o.Candidates, ",")}} {
		if x.value != "" {
			out += " " + x.flag + " " + x.value
		}
	}
	if o.Cascades {
		out += " --cascades"
	}
	return fmt.Sprintf("%s --parts %s --seed %d", out, (*num.Fractions)(&o.Split), o.Seed)
}
