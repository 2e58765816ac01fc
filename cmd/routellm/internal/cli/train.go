package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/knn"
	"github.com/routellm/routellm/routers/mf"
	"github.com/routellm/routellm/routers/subject"
	"github.com/routellm/routellm/routers/swranking"
	"github.com/routellm/routellm/routers/training"
)

// trainOptions are the flags of train.
type trainOptions struct {
	encoderOptions
	Data []string
	Gold []string // NAME|FILE:COUNT
	Pair string
	Seed uint64
	Out  string
	Plot string
}

func newCmdTrain(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:     "train",
		Short:   "Train a router",
		Example: "  routellm train mf --help",
		Args:    onlyCommands,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	for _, r := range trainables() {
		c.AddCommand(newCmdTrainRouter(s, r, runTrain))
	}
	return c
}

// trainable is a router that can be trained.
type trainable struct {
	name, title string
	about       string // for the help text
	data        string // for its example
	chooses     bool   // has a setting that cross-validation chooses
	// train takes what the vectors are whole multiples of, or 0.
	train func(s []*training.Source, o training.Options, unit float32) (modelFile, []training.Report, error)
}

// modelFile is a trained router.
type modelFile interface{ WriteFile(path string) error }

const exampleData = "--data judge --gold gsm8k:300"

func trainables() []trainable {
	return []trainable{
		{"mf", "matrix factorization", `A regression a source, whose ridge weight is chosen by 10-fold cross-validation,
and a gate between them.`, exampleData, true,
			func(s []*training.Source, o training.Options, _ float32) (modelFile, []training.Report, error) {
				return modelOf(mf.Train(s, o))
			}},
		{"sw_ranking", "similarity-weighted ranking", `The battles themselves are the model: a prompt's win rate comes from those on
similar prompts. Nothing is chosen; each training prompt is predicted from the
others.`, exampleData, false,
			func(s []*training.Source, o training.Options, unit float32) (modelFile, []training.Report, error) {
				return modelOf(swranking.Train(s, o, unit))
			}},
		{"knn", "nearest-neighbour", `The mean label of all training prompts, nearer ones weighing more. How fast weights
fall with distance is chosen by predicting each prompt from the others: T is the
temperature, c what differences of counts weigh.`, exampleData, true,
			func(s []*training.Source, o training.Options, unit float32) (modelFile, []training.Report, error) {
				return modelOf(knn.Train(s, o, unit))
			}},
		{"subject", "subject mean", `A baseline, no router: it knows which subject of a benchmark a sample is of. Takes
--gold only.`, "--gold mmlu:1500", false,
			func(s []*training.Source, o training.Options, _ float32) (modelFile, []training.Report, error) {
				return modelOf(subject.Train(s, o))
			}},
	}
}

// modelOf keeps a nil model from becoming an interface that is not nil.
func modelOf[M modelFile](m M, r []training.Report, err error) (modelFile, []training.Report, error) {
	if err != nil {
		return nil, nil, err
	}
	return m, r, nil
}

func newCmdTrainRouter(s streams, r trainable, run func(context.Context, streams, trainable, trainOptions) error) *cobra.Command {
	var o trainOptions
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
	o.encoderOptions.add(c)
	if r.chooses {
		f.StringVar(&o.Plot, "plot", "", "also draw how the settings were chosen: `FILE`.svg, .png or .pdf")
	}
	return c
}

func runTrain(ctx context.Context, s streams, r trainable, o trainOptions) error {
	if o.Out == "" {
		return hint.With(errors.New("--out is missing"), "for example --out mine.safetensors")
	}
	if err := checkPicture("--plot", o.Plot); err != nil {
		return err
	}
	if err := o.encoderOptions.check(); err != nil {
		return err
	}
	if len(o.Data)+len(o.Gold) == 0 {
		return hint.With(errors.New("nothing to train on: want --data or --gold"), "built-in: --data arena,judge --gold mmlu:1500,gsm8k:300")
	}
	t := trainer{options: o, encoders: newEncoders(s, o.encoderOptions)}
	if err := t.load(ctx, s); err != nil {
		return err
	}
	m, reports, err := r.train(t.sources, training.Options{
		Strong: t.strong, Weak: t.weak, Encoder: t.kind.name, EncoderSHA256: t.kind.sha256,
		Recipe: t.recipe(r.name), Seed: o.Seed, Progress: newProgress(s.err, "training"),
	}, t.kind.unit())
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.Out), 0o755); err != nil {
		return failure{err}
	}
	if err := m.WriteFile(o.Out); err != nil {
		return failure{err}
	}
	fmt.Fprintf(s.err, "wrote %s\n", o.Out)
	if o.Plot != "" {
		if err := writePath(o.Plot, reports); err != nil {
			return err
		}
		fmt.Fprintf(s.err, "wrote %s\n", o.Plot)
	}
	if len(reports) == 0 {
		return nil
	}
	return reportTable(reports).Text(s.out)
}

func reportTable(reports []training.Report) *table.Table {
	t := &table.Table{Header: []string{"source", "prompts", "chosen", "log loss", "constant", "accuracy", "constant", "APGR"}, Left: []int{2}}
	for _, r := range reports {
		apgr := "-"
		if !math.IsNaN(r.APGR) {
			apgr = fmt.Sprintf("%.3f", r.APGR)
		}
		t.Add(r.Source, thousands(r.Prompts), r.Setting, fmt.Sprintf("%.4f", r.LogLoss), fmt.Sprintf("%.4f", r.Constant),
			fmt.Sprintf("%.1f %%", 100*r.Accuracy), fmt.Sprintf("%.1f %%", 100*r.Majority), apgr)
	}
	return t
}

// trainer gathers the sources of one training.
type trainer struct {
	options      trainOptions
	encoders     *encoders
	kind         vectorKind // of the vectors trained on
	sources      []*training.Source
	strong, weak string
}

func (t *trainer) load(ctx context.Context, s streams) (err error) {
	if t.kind, err = t.encoders.kind(); err != nil {
		return err
	}
	pair, err := parsePair(t.options.Pair)
	if err != nil {
		return err
	}
	t.strong, t.weak = pair.Strong, pair.Weak
	if t.strong == "" {
		if t.strong, t.weak, err = defaultPair(); err != nil {
			return failure{err}
		}
	}
	known, err := t.benchmarkRows(ctx)
	if err != nil {
		return failure{err}
	}
	for _, name := range t.options.Data {
		rows, err := t.rows(ctx, name, t.kind)
		if err != nil {
			return err
		}
		looked, err := staticRows(ctx, rows, t.kind)
		if err != nil {
			return err
		}
		rows.Exclude = training.Copies(looked, known)
		if err := t.add(rows); err != nil {
			return err
		}
		if left := len(rows.Prompts) - len(t.sources[len(t.sources)-1].Prompts); left > 0 {
			fmt.Fprintf(s.err, "%s: left out %d prompts that are in a benchmark, or near copies\n", rows.Name, left)
		}
	}
	for _, item := range t.options.Gold {
		if err := t.addGold(ctx, item); err != nil {
			return err
		}
	}
	return nil
}

// add adds votes or grades, whichever the file has.
func (t *trainer) add(rows training.Rows) error {
	var source *training.Source
	var err error
	if rows.Table.Winner != nil {
		source, err = training.FromVotes(rows)
	} else {
		source, err = training.FromGrades(rows, t.strong, t.weak)
	}
	t.sources = append(t.sources, source)
	return err
}

func (t *trainer) addGold(ctx context.Context, item string) error {
	colon := strings.LastIndexByte(item, ':') // a path may have one of its own
	n, err := strconv.Atoi(item[colon+1:])
	if colon < 1 || err != nil || n < 1 {
		return fmt.Errorf("--gold %q: want NAME:COUNT, for example mmlu:1500", item)
	}
	name := item[:colon]
	rows, err := t.rows(ctx, name, t.kind)
	if err != nil {
		return err
	}
	drawn, err := training.DrawGold(rows.Table, n, t.options.Seed)
	if err != nil {
		return fmt.Errorf("--gold %q: %w", item, err)
	}
	source, err := training.FromGold(rows, drawn, t.strong, t.weak)
	t.sources = append(t.sources, source)
	return err
}

// recipe says how to train the model again.
func (t *trainer) recipe(router string) string {
	text := "routellm train " + router
	if len(t.options.Data) > 0 {
		text += " --data " + strings.Join(t.options.Data, ",")
	}
	if len(t.options.Gold) > 0 {
		text += " --gold " + strings.Join(t.options.Gold, ",")
	}
	return fmt.Sprintf("%s --seed %d", text, t.options.Seed)
}

// rows reads everything that a training may need of a data set.
func (t *trainer) rows(ctx context.Context, name string, kind vectorKind) (training.Rows, error) {
	f, input, err := openData(name)
	if err != nil {
		return training.Rows{}, err
	}
	defer f.Close()
	needs := routers.Needs{Vector: true, Features: true}
	sel := selection(f, needs)
	sel.AllModels, sel.Digests, sel.Battles = true, true, true
	table, err := f.Read(sel)
	if err != nil {
		return training.Rows{}, err
	}
	if table.PromptNormSHA256 == nil {
		return training.Rows{}, hint.With(fmt.Errorf("%q: column %q: missing", name, "prompt_norm_sha256"), "routellm datasets import table makes it")
	}
	vectors, err := t.encoders.vectorsOf(ctx, name, table, kind)
	if err != nil {
		return training.Rows{}, fmt.Errorf("%q: %w", name, err)
	}
	return training.Rows{
		Name: shortName(f), SHA256: input.SHA256, Table: table, Prompts: withVectors(promptsOf(table, needs), vectors),
	}, nil
}

// benchmarkRows are the prompts of every built-in benchmark, which no data set is to
// bring into training; none where there is no data set.
func (t *trainer) benchmarkRows(ctx context.Context) ([]training.Rows, error) {
	if len(t.options.Data) == 0 {
		return nil, nil
	}
	var all []training.Rows
	for _, name := range benchmarks.Names() {
		rows, err := t.rows(ctx, name, staticVectors)
		if err != nil {
			return nil, err
		}
		all = append(all, rows)
	}
	return all, nil
}

// staticRows returns rows with the vectors that benchmarks have, to find near copies by.
// Where there is no text to make them of, only equal prompts are found.
func staticRows(ctx context.Context, rows training.Rows, kind vectorKind) (training.Rows, error) {
	if kind == staticVectors {
		return rows, nil
	}
	texts := rows.Table.Prompt
	if !rows.Table.HasPrompt {
		texts = make([]string, len(rows.Prompts)) // vectors without a direction
	}
	vectors, err := encodeStatic(ctx, texts)
	rows.Prompts = withVectors(rows.Prompts, vectors)
	return rows, err
}

// defaultPair is the pair of the built-in benchmarks.
func defaultPair() (strong, weak string, err error) {
	f, _, err := openData(benchmarks.Names()[0])
	if err != nil {
		return "", "", err
	}
	return f.Meta().Strong, f.Meta().Weak, nil
}
