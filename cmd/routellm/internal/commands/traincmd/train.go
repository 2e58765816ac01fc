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
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/training"
)

// options holds the flags of train's subcommands.
type options struct {
	cmdutil.EncoderFlags
	cmdutil.ColumnFlags
	Data   []string
	Strict bool
	Gold   []string // each NAME:COUNT
	Pair   string
	Seed   uint64
	Out    string
	Plot   string
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

// trainable describes a router that can be trained.
type trainable struct {
	name, title string
	about       string // paragraph of the help text
	data        string // flags of the example
	chooses     bool   // whether cross-validation chooses a setting, which --plot shows
}

const exampleData = "--data judge --gold gsm8k:300"

// trainables lists the routers that can be trained.
func trainables() []trainable {
	return []trainable{
		{"mf", "matrix factorization", `The model has one regression per source of labels, with a ridge weight chosen
by 10-fold cross-validation, and a gate that combines them.`, exampleData, true},
		{"sw_ranking", "similarity-weighted ranking", `The model is the set of battles: a prompt's win rate comes from the battles on
similar prompts. There are no settings to choose. For the table, each training
prompt is predicted from the others.`, exampleData, false},
		{"knn", "nearest-neighbour", `The win rate is the weighted mean label of all training prompts, and nearer
prompts weigh more. How fast the weights fall with distance is chosen by
predicting each training prompt from the others: T is the temperature, c the
weight of differences in text features.`, exampleData, true},
		{"subject", "subject mean", `This is a baseline rather than a router: it needs to know the subject of a
benchmark that a sample belongs to. It is trained on --gold only.`, "--gold mmlu:1500", false},
	}
}

// newCmdTrainRouter returns the subcommand for one router.
func newCmdTrainRouter(s cmdutil.Streams, r trainable, run func(context.Context, cmdutil.Streams, trainable, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   r.name + " --data FILE --out FILE",
		Short: "Train the " + r.title + " router",
		Long: fmt.Sprintf(`Train the %s router. Training takes seconds and
gives the same result on every machine of the same architecture.

%s

--data takes the built-in sets arena (votes) and judge (grades), or files of
the same kind: battles in Parquet with model_a, model_b and winner, or grades of
several models. --gold takes a benchmark, built in or a file with outcomes of
both models, and the number of its rows to train on. The rows are drawn by
--seed; evaluations of the router leave them out and need the others. Prompts
in --data that are in a built-in benchmark, or near-duplicates
(cosine similarity of at least 0.95 and similar length), are never used.

The table shows how good the win rates of held-out prompts are: their log loss
and accuracy beside those of a constant win rate, and the APGR for the pair of
models. An APGR below 0.5 means no skill, not scores that are upside down.`, r.title, r.about),
		Example: fmt.Sprintf("  routellm train %s %s --out mine.safetensors", r.name, r.data),
		Args:    cmdutil.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Context(), s, r, o) },
	}
	f := c.Flags()
	f.StringSliceVar(&o.Data, "data", nil, "votes or grades to train on: arena, judge or a `FILE`; repeatable")
	f.StringSliceVar(&o.Gold, "gold", nil, "benchmark and number of its rows to train on, `NAME:COUNT`; repeatable")
	f.StringVar(&o.Pair, "pair", "", "models to train for, `STRONG,WEAK` (default the pair of the data sets, else of the built-in benchmarks)")
	cmdutil.AddStrictFlag(c, &o.Strict)
	f.Uint64Var(&o.Seed, "seed", 1, "seed for drawing the gold rows")
	f.StringVarP(&o.Out, "out", "o", "", "model `FILE` to write (required)")
	o.EncoderFlags.Add(c)
	o.ColumnFlags.Add(c)
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
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	defer o.Close()
	m, reports, err := harness.Train(ctx, r.name, harness.TrainOptions{
		Feedback: s.Feedback(), Reading: reading, Encoder: o.Options(), Data: o.Data, Gold: o.Gold, Pair: pair, Seed: o.Seed, Strict: o.Strict,
	})
	if err != nil {
		return err
	}
	if err := outfile.MkdirAll(filepath.Dir(o.Out)); err != nil {
		return fault.Wrap(err)
	}
	if err := m.WriteFile(o.Out); err != nil {
		return fault.Wrap(err)
	}
	fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
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

// reportNotes explains an APGR below that of a random router. The prediction of a held-out prompt
// starts from the mean of the others, which is lower the better the strong model does on this one.
// So without skill the order is worse than a random one, though the router is not.
func reportNotes(reports []training.Report) []string {
	var names []string
	for _, r := range reports {
		if r.APGR < 0.5 {
			names = append(names, r.Source)
		}
	}
	if names == nil {
		return nil
	}
	return []string{"APGR below 0.5: no skill was found on " + strings.Join(names, ", ") +
		". A held-out prompt is predicted from the others, whose mean is lower if this one gains more: without skill, that puts APGR below the 0.5 of a random router"}
}

// known formats a number that may not exist.
func known(format string, x float64) string {
	if math.IsNaN(x) {
		return "?"
	}
	return fmt.Sprintf(format, x)
}
