package datasetscmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/encoder"
)

// importOptions holds the flags of import routellm.
type importOptions struct{ From, Out string }

func newCmdImportRouteLLM(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, importOptions) error) *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "routellm --from DIR --out DIR",
		Short: "Convert RouteLLM's benchmark files into data sets without prompts",
		Long: `Convert RouteLLM's benchmark files into mt-bench.parquet, mmlu.parquet and
gsm8k.parquet: outcomes, digests and text features, but not the text of
prompts. If routellm/gsm8k/test.jsonl has the right answers, also write
gsm8k-regraded.parquet, with the outcomes that follow from the models'
answers, for 'eval --labels regraded'.

--from is a folder with the files routellm/mmlu/*.csv, routellm/gsm8k/*.csv
and routellm/mt-bench/*.jsonl of lm-sys/RouteLLM. Outcomes of other models on
the same prompts may be in outcomes/.`,
		Example: "  routellm datasets import routellm --from ../shared/data --out data",
		Args:    cmdutil.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return run(c.Context(), s, o) },
	}
	c.Flags().StringVar(&o.From, "from", "", "`DIR` with RouteLLM's files (required)")
	c.Flags().StringVarP(&o.Out, "out", "o", "", "`DIR` to write the data sets to (required)")
	return c
}

func runImportRouteLLM(ctx context.Context, s cmdutil.Streams, o importOptions) error {
	if o.From == "" || o.Out == "" {
		return hint.With(errors.New("--from and --out are required"), "see 'routellm datasets import routellm --help'")
	}
	mmlu, gsm8k, mtBench, err := datasets.ImportRouteLLM(o.From, cmdutil.Progress(s.Err, "reading"))
	if err != nil {
		return err
	}
	tables := []*datasets.Table{mtBench, mmlu, gsm8k}
	for _, t := range tables { // nothing is written after an error
		if err := embed(ctx, s, t); err != nil {
			return err
		}
		t.DropPrompts()
	}
	regraded, err := regradeGSM8K(o.From, gsm8k)
	if err != nil {
		return err
	}
	tables = append(tables, regraded...)
	return cmdutil.WriteDatasets(s.Out, o.Out, tables)
}

// regradeGSM8K returns a table with the outcomes that follow from the models' answers. It
// returns no table if the folder has no file of right answers.
func regradeGSM8K(from string, gsm8k *datasets.Table) ([]*datasets.Table, error) {
	dir := filepath.Join(from, "routellm", "gsm8k")
	references := filepath.Join(dir, "test.jsonl")
	if _, err := os.Stat(references); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	answers, err := datasets.ReadAnswers([]string{filepath.Join(dir, "gsm8k_responses.csv"), references}, gsm8k)
	if err != nil {
		return nil, err
	}
	return []*datasets.Table{audit.Regraded(gsm8k, answers)}, nil
}

// embed adds the built-in encoder's vectors of the prompts to a table.
func embed(ctx context.Context, s cmdutil.Streams, t *datasets.Table) error {
	static, err := encoder.Static()
	if err != nil {
		return fault.Wrap(err)
	}
	progress := s.Watch(ctx, "embedding")
	var vectors [][]int8
	for some := range slices.Chunk(t.Prompt, 4096) {
		if err := progress(len(vectors), len(t.Prompt)); err != nil {
			return err
		}
		more, err := static.EncodeQuantised(ctx, some)
		if err != nil {
			return err
		}
		vectors = append(vectors, more...)
	}
	t.SetEmbeddings(encoder.StaticName, encoder.StaticDigest, encoder.Scale, vectors)
	return progress(len(vectors), len(vectors))
}

// tableOptions holds the flags of import table.
type tableOptions struct {
	datasets.TableOptions
	Models []string // each [NAME=]COLUMN
	Costs  []string // each [NAME=]COLUMN
	Range  string
	Pair   string
	Out    string

	DropText bool
}

func newCmdImportTable(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, string, tableOptions) error) *cobra.Command {
	var o tableOptions
	c := &cobra.Command{
		Use:   "table FILE --out FILE",
		Short: "Convert your own table into a data set",
		Long: `Convert your own table into a data set. The file is CSV, JSON Lines or
Parquet, with one row per prompt and one column per model.

--model [NAME=]COLUMN names the column with a model's quality: numbers, or
true and false. An empty cell means not measured. Without --model, the result
is a set of prompts, which is enough to calibrate for a share of strong calls.
Copies of a prompt share a cluster unless --cluster names a column. The file
also gets the built-in encoder's vector of each prompt, so that most routers
need no text.`,
		Example: `  routellm datasets import table outcomes.csv --prompt question --model gpt-4o=big --model llama=small --pair gpt-4o,llama --out mine.parquet
  routellm datasets import table traffic.jsonl --prompt text --drop-text --out traffic.parquet`,
		Args: cmdutil.ExactArgs("FILE"),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], o) },
	}
	f := c.Flags()
	f.BoolVar(&o.DropText, "drop-text", false, dropTextUsage)
	f.StringVar(&o.ID, "id", "", "`COLUMN` with unique ids (default sample_id, else the row number)")
	f.StringVar(&o.Prompt, "prompt", "", "`COLUMN` with the prompts")
	f.StringVar(&o.Task, "task", "", "`COLUMN` with the task, the unit of --by task")
	f.StringVar(&o.ModelA, "model-a", "", "`COLUMN` with a battle's first model")
	f.StringVar(&o.ModelB, "model-b", "", "`COLUMN` with a battle's second model")
	f.StringVar(&o.Winner, "winner", "", "`COLUMN` with a battle's winner: "+strings.Join(datasets.Winners(), ", "))
	f.StringVar(&o.Cluster, "cluster", "", "`COLUMN` with clusters, which group samples that are not independent")
	f.StringArrayVar(&o.Models, "model", nil, "`[NAME=]COLUMN` with a model's quality; repeatable")
	f.StringVar(&o.Nested, "models-in", "", "JSON Lines `FIELD` with an object of qualities by model, instead of --model")
	f.StringArrayVar(&o.Costs, "cost", nil, "`[NAME=]COLUMN` with a model's cost in USD; repeatable")
	f.StringVar(&o.Pair, "pair", "", "default pair of models, `STRONG,WEAK`")
	f.StringVar(&o.Name, "name", "", "name of the data set (default the name of the file)")
	f.StringVar(&o.Unit, "unit", "", "unit of quality, for example \"accuracy 0-1\"")
	f.StringVar(&o.Range, "range", "", "lowest and highest quality, `MIN,MAX`; other values are an error")
	f.BoolVar(&o.LowerIsBetter, "lower-is-better", false, lowerUsage)
	f.StringVar(&o.Source, "source", "", "source of the outcomes, to record in the file")
	f.StringVar(&o.Licence, "licence", "", "licence of the outcomes, to record in the file")
	f.StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write (required)")
	return c
}

func runImportTable(ctx context.Context, s cmdutil.Streams, path string, o tableOptions) error {
	if o.Out == "" {
		return hint.With(errors.New("--out is required"), "for example --out mine.parquet")
	}
	if err := o.complete(path); err != nil {
		return err
	}
	o.KeepPrompt = true
	o.Progress = s.Watch(ctx, "importing")
	t, err := datasets.ImportTable(path, o.TableOptions)
	if err != nil {
		return err
	}
	for _, name := range []string{o.Strong, o.Weak} {
		if _, ok := t.QualityOf(name); !ok && name != "" {
			return fmt.Errorf("--pair names the model %q, which no --model or --models-in provides", name)
		}
	}
	warnScales(s, t)
	return writeImport(ctx, s, o.Out, t, o.DropText)
}

const lowerUsage = "lower values are better, as of an error rate: store MIN + MAX - value, with the bounds of --range"

// warnScales warns of qualities that may mislead every number.
func warnScales(s cmdutil.Streams, t *datasets.Table) {
	for _, message := range audit.Suspicions(t) {
		fmt.Fprintln(s.Err, text.Wrap("warning: "+message))
	}
}

// writeImport adds the prompts' vectors to the table, removes the text if dropText is set,
// and writes the file.
func writeImport(ctx context.Context, s cmdutil.Streams, path string, t *datasets.Table, dropText bool) error {
	if t.HasPrompt {
		if err := embed(ctx, s, t); err != nil {
			return err
		}
	}
	if dropText {
		t.DropPrompts()
	}
	return cmdutil.WriteDataset(s.Out, path, t)
}

// complete fills the importer's options in from the flags.
func (o *tableOptions) complete(path string) error {
	if o.Name == "" {
		o.Name = harness.NameOf(path)
	}
	o.TableOptions.Models, o.TableOptions.Costs = modelColumns(o.Models), modelColumns(o.Costs)
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return err
	}
	o.Strong, o.Weak = pair.Strong, pair.Weak
	o.Min, o.Max, err = parseRange(o.Range)
	return err
}

// parseRange reads MIN,MAX. For "" it returns NaN: the bounds are not known.
func parseRange(text string) (lo, hi float64, err error) {
	if text == "" {
		return math.NaN(), math.NaN(), nil
	}
	if n, err := fmt.Sscanf(text, "%g,%g", &lo, &hi); n != 2 || err != nil || !(lo < hi) {
		return 0, 0, fmt.Errorf("--range %q: want MIN,MAX, for example 0,1", text)
	}
	return lo, hi, nil
}

// modelColumns reads values of the form [NAME=]COLUMN. Without NAME, the column's name is
// the model's.
func modelColumns(values []string) []datasets.ModelColumn {
	var out []datasets.ModelColumn
	for _, v := range values {
		name, column, ok := strings.Cut(v, "=")
		if !ok {
			column = name
		}
		out = append(out, datasets.ModelColumn{Model: name, Column: column})
	}
	return out
}
