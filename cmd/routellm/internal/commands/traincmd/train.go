// Package traincmd implements the train command, which trains routers.
//
// [New] returns the command with one subcommand per router: newCmdTrainRouter parses the
// flags and run does the work.
package traincmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/training"
)

// options holds the flags of train's subcommands.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.ColumnFlags
	cmdutil.PriceFlags
	Data       []string
	Strict     bool
	Gold       []string // each NAME:COUNT
	Pair       string
	Seed       uint64
	WithPrompt bool     // whether a cascade reads the prompt's vector
	Without    []string // signals that a cascade does not read
	Out        string
	Plot       string
	pool       poolOptions
}

// New returns the train command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:     "train",
		Short:   "Train a router on votes, grades or benchmark outcomes",
		Example: "  routellm train mf --help",
		Args:    cmdutil.OnlyCommands,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	for _, r := range trainables() {
		c.AddCommand(newCmdTrainRouter(s, r, run))
	}
	return c
}

// newCmdTrainRouter returns the subcommand for one router.
func newCmdTrainRouter(s cmdutil.Streams, r trainable, run func(context.Context, cmdutil.Streams, trainable, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:     r.name + " --data FILE --out FILE",
		Short:   "Train the " + r.title + " router",
		Long:    r.help(),
		Example: r.example(),
		Args:    cmdutil.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Context(), s, r, o) },
	}
	f := c.Flags()
	f.StringSliceVar(&o.Data, "data", nil, r.dataUsage())
	if r.answers {
		f.BoolVar(&o.WithPrompt, "with-prompt", false, "also read the prompt's vector")
		f.StringSliceVar(&o.Without, "without", nil, "`SIGNALS` of the answers that the router does not read, such as p_true, which costs one more question per prompt")
	} else {
		f.StringSliceVar(&o.Gold, "gold", nil, "benchmark and number of its rows to train on, `NAME:COUNT`; repeatable")
	}
	if r.about != "" {
		f.StringVar(&o.Pair, "pair", "", "models to train for, `STRONG,WEAK` (default the pair of the data sets, else of the built-in benchmarks)")
	}
	cmdutil.AddStrictFlag(c, &o.Strict)
	f.Uint64Var(&o.Seed, "seed", 1, "seed for drawing the gold rows")
	f.StringVarP(&o.Out, "out", "o", "", "model `FILE` to write (required); compressed if named .zst")
	if r.pool != "" {
		o.pool.add(c, r)
	}
	o.EncoderFlags.Add(c)
	o.AddLabels(c)
	o.ColumnFlags.Add(c)
	if r.pool != "" {
		o.PriceFlags.Add(c)
	}
	if r.chooses {
		f.StringVar(&o.Plot, "plot", "", "also plot the settings tried in cross-validation to `FILE` (.svg, .png or .pdf)")
	}
	return c
}

func run(ctx context.Context, s cmdutil.Streams, r trainable, o options) error {
	if o.Out == "" {
		return hint.With(errors.New("--out is required"), "for example --out mine.safetensors")
	}
	if err := render.CheckPicture("--plot", o.Plot); err != nil {
		return err
	}
	if err := o.EncoderFlags.Check(); err != nil {
		return err
	}
	if o.HasOutcomes() && len(o.Data) == 0 {
		o.Data = []string{harness.JoinedOutcomes}
	}
	if len(o.Data)+len(o.Gold) == 0 {
		return hint.With(errors.New("nothing to train on: want --data or --gold"), "for example --data arena,judge --gold mmlu:1500,gsm8k:300, all built in")
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return err
	}
	if o.pool.Pricing, err = o.Pricing(ctx, &o.ColumnFlags); err != nil {
		return err
	}
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	defer o.Close()
	options := harness.TrainOptions{
		Feedback: s.Feedback(), Reading: reading, Encoder: o.Options(), Data: o.Data, Gold: o.Gold, Pair: pair, Seed: o.Seed, Strict: o.Strict, PromptVectors: o.WithPrompt, WithoutSignals: o.Without,
	}
	if o.pool.Models != nil || r.about == "" {
		return runPool(ctx, s, r, o, options)
	}
	m, reports, err := harness.Train(ctx, r.name, options)
	if err != nil {
		return err
	}
	if err := writeModel(s, o.Out, m); err != nil {
		return err
	}
	if o.Plot != "" {
		if err := writePath(o.Plot, reports); err != nil {
			return err
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Plot)
	}
	if len(reports) == 0 {
		return nil
	}
	if err := reportTable(reports).Text(s.Out); err != nil {
		return err
	}
	if notes := reportNotes(reports); len(notes) > 0 {
		fmt.Fprintln(s.Out)
		render.Footnotes(s.Out, notes, false)
	}
	return nil
}

// reportTable returns one row per source of labels: the chosen setting and the quality of
// the held-out win rates.
func reportTable(reports []training.Report) *table.Table {
	t := &table.Table{Header: []string{"source", "prompts", "chosen", "log loss", "constant", "accuracy", "constant", "APGR"}, Left: []int{2}}
	for _, r := range reports {
		t.Add(r.Source, text.Thousands(r.Prompts), r.Setting, known("%.4f", r.LogLoss), known("%.4f", r.Constant),
			known("%.1f %%", 100*r.Accuracy), known("%.1f %%", 100*r.Majority), known("%.3f", r.APGR))
	}
	return t
}

// reportNotes says how APGR was measured, with its standard errors, and on which sources there is no
// skill.
func reportNotes(reports []training.Report) []string {
	var errs, none []string
	for _, r := range reports {
		if math.IsNaN(r.APGR) {
			continue
		}
		errs = append(errs, fmt.Sprintf("%s (%s)", known("%.3f", r.SE), r.Source))
		if !(r.APGR > 0.5 && r.APGR >= 0.5+2*r.SE) { // also without an error, and with one of 0
			none = append(none, r.Source)
		}
	}
	if errs == nil {
		return nil
	}
	notes := []string{fmt.Sprintf("APGR is measured inside each of %d folds by routers trained on the others, and averaged; standard error: %s", training.Folds, strings.Join(errs, ", "))}
	if none != nil {
		notes = append(notes, "no skill was found on "+strings.Join(none, ", ")+": APGR is less than two standard errors above the 0.5 of a random router")
	}
	return notes
}

// known formats a number that may not exist.
func known(format string, x float64) string {
	if math.IsNaN(x) {
		return "?"
	}
	return fmt.Sprintf(format, x)
}
