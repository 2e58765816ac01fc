// Package traincmd is the command train, which trains routers.
package traincmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/training"
)

// options are the flags of train.
type options struct {
	cmdutil.EncoderFlags
	Data []string
	Gold []string // NAME|FILE:COUNT
	Pair string
	Seed uint64
	Out  string
	Plot string
}

// New returns the command train.
func New(s cmdutil.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:     "train",
		Short:   "Train a router",
		Example: "  routellm train mf --help",
		Args:    cmdutil.OnlyCommands,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	for _, r := range trainables() {
		c.AddCommand(newCmdTrainRouter(s, r, run))
	}
	return c
}

// trainable is a router that can be trained.
type trainable struct {
	name, title string
	about       string // for the help text
	data        string // for its example
	chooses     bool   // has a setting that cross-validation chooses
}

const exampleData = "--data judge --gold gsm8k:300"

func trainables() []trainable {
	return []trainable{
		{"mf", "matrix factorization", `A regression a source, whose ridge weight is chosen by 10-fold cross-validation,
and a gate between them.`, exampleData, true},
		{"sw_ranking", "similarity-weighted ranking", `The battles themselves are the model: a prompt's win rate comes from those on
similar prompts. Nothing is chosen; each training prompt is predicted from the
others.`, exampleData, false},
		{"knn", "nearest-neighbour", `The mean label of all training prompts, nearer ones weighing more. How fast weights
fall with distance is chosen by predicting each prompt from the others: T is the
temperature, c what differences of counts weigh.`, exampleData, true},
		{"subject", "subject mean", `A baseline, no router: it knows which subject of a benchmark a sample is of. Takes
--gold only.`, "--gold mmlu:1500", false},
	}
}

func newCmdTrainRouter(s cmdutil.Streams, r trainable, run func(context.Context, cmdutil.Streams, trainable, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   r.name + " --data FILE --out FILE",
		Short: "Train the " + r.title + " router",
		Long: fmt.Sprintf(`Train the %s router, in seconds and with the same
result on every machine of a kind.

%s

--data takes the built-in sets arena (votes) and judge (grades) or Parquet files
like them: battles with model_a, model_b and winner, or the grades of several
models. --gold takes a benchmark and how many of its rows to train on; they are
drawn by --seed, and evaluation of the router leaves them out. Prompts that are in
a built-in benchmark, or near copies (cosine of 0.95 at about the same length), are
never taken from --data.

The table shows how well win rates of held-out prompts do: log loss and accuracy
beside those of a constant, and the APGR of the pair's gains.`, r.title, r.about),
		Example: fmt.Sprintf("  routellm train %s %s --out mine.safetensors", r.name, r.data),
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Context(), s, r, o) },
	}
	f := c.Flags()
	f.StringSliceVar(&o.Data, "data", nil, "votes or grades: arena, judge or Parquet `FILE`s")
	f.StringSliceVar(&o.Gold, "gold", nil, "benchmarks and how many rows to train on, `NAME:COUNT`")
	f.StringVar(&o.Pair, "pair", "", "models `STRONG,WEAK` (default those of the benchmarks)")
	f.Uint64Var(&o.Seed, "seed", 1, "of the draw of --gold rows")
	f.StringVarP(&o.Out, "out", "o", "", "model `FILE` to write (required)")
	o.EncoderFlags.Add(c)
	if r.chooses {
		f.StringVar(&o.Plot, "plot", "", "also draw how the settings were chosen: `FILE`.svg, .png or .pdf")
	}
	return c
}

func run(ctx context.Context, s cmdutil.Streams, r trainable, o options) error {
	if o.Out == "" {
		return hint.With(errors.New("--out is missing"), "for example --out mine.safetensors")
	}
	if err := render.CheckPicture("--plot", o.Plot); err != nil {
		return err
	}
	if err := o.EncoderFlags.Check(); err != nil {
		return err
	}
	if len(o.Data)+len(o.Gold) == 0 {
		return hint.With(errors.New("nothing to train on: want --data or --gold"), "built-in: --data arena,judge --gold mmlu:1500,gsm8k:300")
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return err
	}
	m, reports, err := harness.Train(ctx, r.name, harness.TrainOptions{
		Feedback: s.Feedback(), Encoder: o.Options(), Data: o.Data, Gold: o.Gold, Pair: pair, Seed: o.Seed,
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.Out), 0o755); err != nil {
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
	return reportTable(reports).Text(s.Out)
}

func reportTable(reports []training.Report) *table.Table {
	t := &table.Table{Header: []string{"source", "prompts", "chosen", "log loss", "constant", "accuracy", "constant", "APGR"}, Left: []int{2}}
	for _, r := range reports {
		apgr := "-"
		if !math.IsNaN(r.APGR) {
			apgr = fmt.Sprintf("%.3f", r.APGR)
		}
		t.Add(r.Source, text.Thousands(r.Prompts), r.Setting, fmt.Sprintf("%.4f", r.LogLoss), fmt.Sprintf("%.4f", r.Constant),
			fmt.Sprintf("%.1f %%", 100*r.Accuracy), fmt.Sprintf("%.1f %%", 100*r.Majority), apgr)
	}
	return t
}
