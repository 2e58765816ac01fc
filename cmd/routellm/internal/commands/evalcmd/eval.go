// Package evalcmd is the command eval, which evaluates routers on benchmarks. Call [New].
package evalcmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/routers/registry"
)

// options holds the flags of eval.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.LLMFlags
	cmdutil.ColumnFlags
	logFlags
	poolFlags
	cmdutil.PriceFlags
	cmdutil.ProjectFlags
	cmdutil.SummaryFlags
	summariseFlags
	cmdutil.PictureFlags
	Band        string
	Intervals   harness.Intervals
	Routers     []string
	Benches     []string
	Pair        string
	Clusters    harness.Clustering
	By          string
	Format      string
	Out         string
	Formats     cmdutil.Formats
	Artifact    string
	ExcludeNear bool
	Strict      bool
	InSample    bool
	routed      bool     // reports whether --router was given
	benched     bool     // reports whether --bench was given
	points      []string // flags of points of curves that were given
	Compat      string
	NumResults  int
	CPT         []float64 // shares of the gap, in per cent
	At          []float64 // strong fractions, in [0,1]
	Quality     []float64 // shares of the strong model's quality, in [0,1]
}

// compatMode reports whether to follow the reference implementation's conventions.
func (o options) compatMode() bool { return o.Compat != "" && o.Models == nil }

const evalLong = `Evaluate routers on benchmarks: quality against the share of prompts that the
strong model answers, with APGR, CPT, the random baseline and the oracle.

Routers (--router; separate several with commas or repeat the flag; LABEL=ROUTER
names a row):

%s
%s

Data (DATA or --bench): the benchmarks %s, all or pareto, or a file of outcomes:
CSV, JSON, Parquet, Arrow or Excel, a folder of them, the log of an evaluation tool,
or - for standard input. pareto has costs of several models; all leaves it out, unless --models is
given.

--models evaluates routers among any number of models by quality and cost, in
place of two models: the lift over the static mix (the best mixture of models that
looks at no prompt), the cost that reaches shares of the best model's quality, and
operating points. Each model needs costs or a price. See docs/pool.md.

CPT20 is the smallest share of strong calls that recovers 20 %% of the quality gap
between the two models. APGR is the mean share of the gap recovered, over all
shares of strong calls: 0.5 for a random router. Headroom is how far a router gets
on the way from random (0 %%) to the oracle (100 %%). All are exact: every distinct
score is a threshold, and ties count as the expectation over a random order.

Intervals are percentiles of --resamples bootstrap resamples. Each resample draws
whole clusters with replacement and evaluates all routers. --interval influence
computes intervals by formula, but only of APGR. Marks after a name: * is the best
router, ~ is not significantly different from the best, and ! is not significantly
better than random; the best must be better than random. They are adjusted for the
number of comparisons in the table.

Samples that one of the routers was trained on are left out for all of them. Near
copies of training prompts (the same prompt behind a system prompt or examples,
with other labels of the choices, or as the question alone) are counted in a
warning; --exclude-near leaves them out too.

--compat routellm computes the numbers of the reference implementation instead:
--num-results quantile thresholds joined by trapezoids, CPT by numpy's
interpolation (even where the curve falls), and the random router from ten seeded
passes. They differ from the exact numbers in the second or third digit, and equal
scores can make them impossible to compute. The reference implementation never
leaves out a router's training prompts and has no intervals.

On a terminal, the first table also sketches each curve, from the weak model's
quality to the strong model's. If a table is too wide for the terminal, long names
are shortened; then columns are left out: first curve, headroom, calls, quality,
strong and weak, then intervals, then others from the right. NO_COLOR and
TERM=dumb turn colour off, and COLUMNS sets the width. Files and pipes get full
names, all columns and no colour.

--by task takes as many tables as it needs to show every router in 80 columns, and
shows intervals if there is one router; csv and json have them for all. A
task needs 30 independent samples for an APGR; smaller ones are also measured
together, as "other". Intervals are wider where few samples carry the gains, and
left out, with a warning, where they would be wrong too often.

--artifact adds a row with what the threshold that calibrate found does on these
benchmarks. On the data that set the threshold, all routers are evaluated on the
held-out part alone, unless --in-sample is given. It fails if the threshold
belongs to a router that is not evaluated.

--summarise evaluates a data set of any size in constant memory: it sums the samples
up in bins of scores, and says how exact what it prints is (docs/summaries.md).

--log FILE evaluates thresholds on the decisions of serve, without benchmarks.
FILE is a table of routellm log in which answers have feedback. Where serve
explores, each side answers a known share of the requests, so that the log tells
what other thresholds would have done: their quality, and how it differs from
what was logged and from a random choice. ESS is the effective sample size: the
number of equally weighted answers that would tell as much. --threshold and --at
choose the thresholds. A conversation that keeps its side is one decision, with
the mean quality of its answers. Exit code 3 means that the log cannot tell.
Only these flags go with --log: %s.

--summary FILE evaluates a router from sums of its samples, one row per bin of
scores, which your own engine makes of tables of any size (routellm sql summary).
Values that the bins leave open come with the range that the exact value lies in;
--refined FILE makes them exact. With buckets of whole clusters there are
intervals. Files of the same LABEL are added up; see docs/summaries.md. A table
that routellm sql pool makes is evaluated as with --models; see docs/sql.md.`

// New returns the command eval.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:        "eval [DATA...]",
		SuggestFor: []string{"bench", "benchmark", "test", "measure"},
		Short:      "Evaluate routers on benchmarks: curves, APGR, CPT, baselines",
		Long:       fmt.Sprintf(evalLong, routerHelp(), allHelp(), strings.Join(benchmarks.Names(), ", "), logFlagNames()),
		Example: `  routellm eval outcomes.csv
  routellm eval --router random,length --bench mmlu
  routellm eval --router random,length,oracle --bench all -o out
  routellm eval --router length --bench mmlu --by task
  routellm eval --router length --bench gsm8k --pair claude-3-opus-20240229,Meta-Llama-3-8B-Instruct
  routellm eval --router length --bench gsm8k --labels regraded
  routellm eval --router length --bench mmlu --compat routellm --num-results 50
  routellm eval --models all --router length,oracle --bench pareto
  routellm log decisions.jsonl --out traffic.parquet
  routellm eval --log traffic.parquet --at 20%,50%
  routellm eval --summary length.csv --summary subject.csv`,
		Args:        cmdutil.DataArgs,
		Annotations: map[string]string{cmdutil.PlainMemory: "yes"},
		RunE: func(c *cobra.Command, args []string) error {
			if err := cmdutil.TakeData(c, "bench", args); err != nil {
				return err
			}
			f := c.Flags()
			if err := o.ApplyConfig(c, f.Changed("bench") || f.Changed("outcomes"), "log", "summary"); err != nil {
				return err
			}
			if f.NFlag() == 0 || f.NFlag() == 1 && f.Changed("config") {
				return errNothing
			}
			o.NoteConfig(s)
			o.routed, o.benched = c.Flags().Changed("router"), c.Flags().Changed("bench")
			o.points = slices.DeleteFunc([]string{"cpt", "at"}, func(name string) bool { return !c.Flags().Changed(name) })
			if err := o.logFlags.checkGiven(c.Flags()); err != nil {
				return err
			}
			if err := o.poolFlags.checkGiven(c.Flags()); err != nil {
				return err
			}
			if err := o.summariseFlags.checkGiven(c.Flags()); err != nil {
				return err
			}
			if err := o.CheckSummaries(c.Flags(), withSummary...); err != nil {
				return err
			}
			if err := o.CheckPictures(c.Flags(), "out", o.Out); err != nil {
				return err
			}
			if c.Flags().Changed("out") {
				if err := cmdutil.CheckFolder("out", o.Out); err != nil {
					return err
				}
			}
			if c.Flags().Changed("formats") && o.Out == "" {
				return hint.With(errors.New("--formats requires --out"), "--format is the format of what is printed")
			}
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringArrayVarP(&o.Routers, "router", "r", []string{"random,length"}, "`ROUTERS` to evaluate")
	f.StringArrayVarP(&o.Benches, "bench", "b", []string{"all"}, "`BENCHMARKS` to evaluate on")
	f.StringVar(&o.Pair, "pair", "", "models `STRONG,WEAK` instead of the benchmark's own pair")
	cmdutil.AddClusterFlag(c, &o.Clusters)
	f.BoolVar(&o.ExcludeNear, "exclude-near", false, cmdutil.ExcludeNearUsage)
	cmdutil.AddStrictFlag(c, &o.Strict)
	f.StringVar(&o.By, "by", "", "also show slices of each benchmark by `UNIT`: task")
	f.StringVar(&o.Format, "format", "table", cmdutil.TidyUsage)
	f.StringVarP(&o.Out, "out", "o", "", "also write results, samples, tables and figures to the folder `DIR`")
	o.Formats.Add(c, render.FolderFormats, render.UsualFormats)
	f.StringVar(&o.Artifact, "artifact", "", "also show the threshold in `FILE`, as written by calibrate --artifact")
	f.BoolVar(&o.InSample, "in-sample", false, "with --artifact, keep the samples that set the threshold, and warn of its row")
	f.StringVar(&o.Compat, "compat", "", "follow the conventions of another `TOOL`: routellm, the reference implementation; with --models, routerbench or routerarena")
	o.AddLabels(c)
	o.AddGoldPart(c)
	f.IntVar(&o.NumResults, "num-results", 10, "number of quantile bins with --compat routellm")
	o.CPT = []float64{20, 50, 80}
	f.Var((*cmdutil.Percents)(&o.CPT), "cpt", "shares of the quality gap to recover, in per cent")
	o.At = []float64{0.2, 0.5, 0.8}
	f.Var((*num.Fractions)(&o.At), "at", "shares of strong calls to show the quality at, such as 0.2 or 20%")
	o.Quality = []float64{0.9, 0.95, 0.99}
	f.Var((*num.Fractions)(&o.Quality), "quality", "shares of the strong model's quality to reach, such as 0.95 or 95%")
	cmdutil.AddIntervalFlags(c, &o.Intervals)
	o.PictureFlags.Add(c)
	cmdutil.AddFlagGroup(c, cmdutil.PicturesHeading, func(f *pflag.FlagSet) {
		f.StringVar(&o.Band, "band", string(render.BestBand), "`ROUTERS` whose bands figures show: best, all, none, or names separated by commas")
	})
	o.poolFlags.add(c)
	o.logFlags.add(c)
	o.SummaryFlags.Add(c)
	o.summariseFlags.add(c)
	o.EncoderFlags.Add(c)
	o.LLMFlags.Add(c)
	o.ColumnFlags.Add(c)
	o.PriceFlags.Add(c) // after ColumnFlags, whose --alias it shares
	o.AddConfig(c)
	cmdutil.AlsoCalled(c, "data", "bench")
	c.ValidArgsFunction = cmdutil.CompleteData(append(benchmarks.EvalNames(), "all")...)
	return c
}

// errNothing is the error of eval alone, which would evaluate random and length on all benchmarks.
var errNothing = hint.With(errors.New("nothing to evaluate: want a data set of outcomes, or a benchmark"),
	"routellm eval outcomes.csv              your data, one column per model",
	"routellm eval mmlu --router mf,length   a benchmark: "+strings.Join(benchmarks.Names(), ", "),
	"routellm eval --router mf               a router on all of these",
	"routellm init                           write settings down once",
	"see 'routellm eval --help'")

// routerHelp returns one line per router: its name and summary.
func routerHelp() string {
	var b strings.Builder
	for _, e := range registry.Entries() {
		fmt.Fprintf(&b, "  %-12s  %s\n", e.Name, e.Summary)
	}
	return b.String()
}

// allHelp says which routers the name all stands for.
func allHelp() string {
	return "The router all stands for " + strings.Join(registry.All(), ", ") + ". It leaves out subject, which knows what no router of prompts knows,\n" +
		"and on data of your own the routers that have embedded scores only."
}

// check rejects values that no evaluation can have.
func (o options) check() error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "tidy", "markdown"); err != nil {
		return err
	}
	if err := o.Formats.Check(); err != nil {
		return err
	}
	if err := o.EncoderFlags.Check(); err != nil {
		return err
	}
	if err := o.Intervals.Check(); err != nil {
		return err
	}
	if _, err := render.StyleOf(o.PictureFlags); err != nil {
		return err
	}
	if o.By != "" && o.By != "task" {
		return hint.With(fmt.Errorf("--by %q: want task", o.By), "--by task --task COLUMN takes the tasks from a column of your data")
	}
	if err := o.checkCompat(); err != nil {
		return err
	}
	if o.compatMode() && o.GoldPart() != "" {
		return fmt.Errorf("--gold-part does not go with --compat: the reference implementation corrects no labels")
	}
	if o.compatMode() && o.By != "" {
		return fmt.Errorf("--by does not go with --compat: the reference implementation has no slices")
	}
	if o.compatMode() && o.Artifact != "" {
		return fmt.Errorf("--artifact does not go with --compat: the reference implementation has no such threshold")
	}
	if o.InSample && o.Artifact == "" {
		return fmt.Errorf("--in-sample goes with --artifact: without a calibrated threshold, no sample is held out")
	}
	if o.compatMode() && o.ExcludeNear {
		return fmt.Errorf("--exclude-near does not go with --compat: the reference implementation keeps training prompts")
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
				above := map[bool]string{true: "above 0 and at most", false: "from 0 to"}[r.flag == "cpt"]
				err := fmt.Errorf("--%s %v: want values %s %v", r.flag, v, above, r.max)
				if r.max == 1 {
					err = hint.With(err, hint.Fraction(v)...)
				}
				return err
			}
		}
	}
	return nil
}

// checkCompat refuses a tool that does not fit the number of models.
func (o options) checkCompat() error {
	tools := []string{"routellm"}
	if o.Models != nil {
		tools = harness.CompatTools()
	}
	if o.Compat == "" || slices.Contains(tools, o.Compat) {
		return nil
	}
	err := fmt.Errorf("--compat %q: want %s", o.Compat, strings.Join(tools, " or "))
	if slices.Contains(harness.CompatTools(), o.Compat) {
		return hint.With(err, o.Compat+" counts costs of several models: --models all")
	}
	return err
}

// writeFolder writes the files of --out.
func (o *options) writeFolder(e *harness.Evaluation) error {
	style, err := render.StyleOf(o.PictureFlags)
	if err != nil {
		return err
	}
	bands := render.Bands(o.Band)
	if err := bands.Check(e.Document); err != nil {
		return err
	}
	return fault.Wrap(render.Folder(o.Out, e, style, bands, o.Formats.Has))
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	defer o.Close()
	if o.Log != "" {
		return o.runLog(ctx, s)
	}
	if o.Models != nil {
		return o.runPools(ctx, s)
	}
	if several, err := o.summaryOfSeveral(ctx); err != nil || several {
		if err == nil {
			err = o.runPoolSummaries(ctx, s)
		}
		return err
	}
	evaluate := o.evaluate
	switch {
	case o.HasSummaries():
		evaluate = o.evaluateSummaries
	case o.Summarise:
		evaluate = o.summarise
	}
	e, err := evaluate(ctx, s)
	if err != nil {
		return err
	}
	e.Document.Settings = o.Settings()
	if o.Out != "" {
		if err := o.writeFolder(e); err != nil {
			return err
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
	}
	if screen := render.TerminalOf(s.Out); screen.Width > 0 && o.Format == "table" {
		return render.Screen(s.Out, e.Document, screen)
	}
	return render.Document(s.Out, e.Document, o.Format)
}

// evaluate opens the routers and benchmarks and runs each router on each benchmark.
func (o *options) evaluate(ctx context.Context, s cmdutil.Streams) (*harness.Evaluation, error) {
	pricing, err := o.Pricing(ctx, &o.ColumnFlags)
	if err != nil {
		return nil, err
	}
	reading, err := o.Reading()
	if err != nil {
		return nil, err
	}
	if o.Benches, err = o.Joined(o.Benches, o.benched); err != nil {
		return nil, err
	}
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
		if !o.routed { // the default is the artifact's own router
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
	regraded := reading.Labels == harness.Regraded
	if regraded { // beside the data's own labels
		reading.Labels = ""
	}
	benches, err := harness.Load(ctx, o.Benches, routers, harness.LoadOptions{
		Feedback: run.Feedback, Reading: reading, Encoder: o.Options(), Pair: pair, Clusters: o.Clusters, Threshold: run.Threshold, InSample: o.InSample,
		ByTask: o.By == "task", Regraded: regraded, KeepTraining: o.compatMode(), ExcludeNear: o.ExcludeNear, Strict: o.Strict,
		Pricing: pricing, GoldPart: o.GoldPart(),
	})
	if err != nil {
		return nil, err
	}
	return harness.Run(ctx, routers, benches, run)
}
