package datasetscmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/audit"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers/encoder"
)

// importOptions are the flags of import routellm.
type importOptions struct{ From, Out string }

func newCmdImportRouteLLM(s cmdutil.Streams, run func(cmdutil.Streams, importOptions) error) *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "routellm --from DIR --out DIR",
		Short: "Turn RouteLLM's benchmark files into data sets, without prompts",
		Long: `Turn RouteLLM's benchmark files into mt-bench.parquet, mmlu.parquet and
gsm8k.parquet: outcomes, digests and counts, no prompt's text. With the right answers
in routellm/gsm8k/test.jsonl, also into gsm8k-regraded.parquet: the outcomes that
follow from the models' answers, for 'eval --labels regraded'.

--from is a folder with routellm/mmlu/*.csv, routellm/gsm8k/*.csv and
routellm/mt-bench/*.jsonl as in lm-sys/RouteLLM, and optionally other models'
outcomes on the same prompts in outcomes/.`,
		Example: "  routellm datasets import routellm --from ../shared/data --out data",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return run(s, o) },
	}
	c.Flags().StringVar(&o.From, "from", "", "`DIR` with the originals (required)")
	c.Flags().StringVarP(&o.Out, "out", "o", "", "`DIR` to write to (required)")
	return c
}

func runImportRouteLLM(s cmdutil.Streams, o importOptions) error {
	if o.From == "" || o.Out == "" {
		return hint.With(errors.New("--from and --out are required"), "see 'routellm datasets import routellm --help'")
	}
	mmlu, gsm8k, mtBench, err := datasets.ImportRouteLLM(o.From, cmdutil.Progress(s.Err, "reading"))
	if err != nil {
		return err
	}
	tables := []*datasets.Table{mtBench, mmlu, gsm8k}
	for _, t := range tables { // nothing is written after an error
		if err := embed(t); err != nil {
			return err
		}
		t.DropPrompts()
	}
	regraded, err := regradeGSM8K(o.From, gsm8k)
	if err != nil {
		return err
	}
	tables = append(tables, regraded...)
	for _, t := range tables {
		if err := cmdutil.WriteDataset(s.Out, filepath.Join(o.Out, t.Meta.Name+".parquet"), t); err != nil {
			return err
		}
	}
	return nil
}

// regradeGSM8K grades the stored answers anew; nothing where the right ones are not there.
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

// embed gives a table the built-in encoder's vectors of its prompts.
func embed(t *datasets.Table) error {
	static, err := encoder.Static()
	if err != nil {
		return fault.Wrap(err)
	}
	vectors, err := static.EncodeQuantised(context.Background(), t.Prompt)
	if err != nil {
		return err
	}
	t.SetEmbeddings(encoder.StaticName, encoder.StaticDigest, encoder.Scale, vectors)
	return nil
}

// tableOptions are the flags of import table.
type tableOptions struct {
	datasets.TableOptions
	Models []string // [MODEL=]COLUMN
	Costs  []string
	Range  string
	Pair   string
	Out    string

	DropText bool
}

func newCmdImportTable(s cmdutil.Streams, run func(cmdutil.Streams, string, tableOptions) error) *cobra.Command {
	var o tableOptions
	c := &cobra.Command{
		Use:   "table FILE --out FILE",
		Short: "Turn your own table (CSV, JSONL, Parquet) into a data set",
		Long: `Turn your own wide table into a data set: one row a prompt, one column a model.

--model [NAME=]COLUMN says which column holds what a model scored: numbers, or
true and false; an empty cell was not measured. Without --model the result is a
set of prompts, good for calibration. Prompts that occur twice share a cluster
unless --cluster names one. The built-in encoder's vector of each prompt goes
into the file, so that routers need no text.`,
		Example: `  routellm datasets import table outcomes.csv --prompt question --model gpt-4o=big --model llama=small --pair gpt-4o,llama --out mine.parquet
  routellm datasets import table traffic.jsonl --prompt text --drop-text --out traffic.parquet`,
		Args: cmdutil.ExactArgs("FILE"),
		RunE: func(_ *cobra.Command, args []string) error { return run(s, args[0], o) },
	}
	f := c.Flags()
	f.BoolVar(&o.DropText, "drop-text", false, "leave the prompts' text out; their vectors and counts stay")
	f.StringVar(&o.ID, "id", "", "column of unique ids (default sample_id, else the row number)")
	f.StringVar(&o.Prompt, "prompt", "", "column of prompts")
	f.StringVar(&o.Task, "task", "", "column of tasks, the unit of --by task")
	f.StringVar(&o.ModelA, "model-a", "", "column of a battle's first model")
	f.StringVar(&o.ModelB, "model-b", "", "column of a battle's second model")
	f.StringVar(&o.Winner, "winner", "", "column of a battle's winner: "+strings.Join(datasets.Winners(), ", "))
	f.StringVar(&o.Cluster, "cluster", "", "column of clusters: samples that are not independent share one")
	f.StringArrayVar(&o.Models, "model", nil, "`[NAME=]COLUMN` of a model's quality; repeatable")
	f.StringVar(&o.Nested, "models-in", "", "JSON Lines: `FIELD` with an object of qualities by model, instead of --model")
	f.StringArrayVar(&o.Costs, "cost", nil, "`[NAME=]COLUMN` of a model's cost in USD; repeatable")
	f.StringVar(&o.Pair, "pair", "", "default pair of models, `STRONG,WEAK`")
	f.StringVar(&o.Name, "name", "", "name of the data set (default the file's)")
	f.StringVar(&o.Unit, "unit", "", "what quality is, for example \"accuracy 0-1\"")
	f.StringVar(&o.Range, "range", "", "lowest and highest quality, `MIN,MAX`; others are refused")
	f.StringVar(&o.Source, "source", "", "where the outcomes come from")
	f.StringVar(&o.Licence, "licence", "", "their licence")
	f.StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write (required)")
	return c
}

func runImportTable(s cmdutil.Streams, path string, o tableOptions) error {
	if o.Out == "" {
		return hint.With(errors.New("--out is missing"), "for example --out mine.parquet")
	}
	if err := o.complete(path); err != nil {
		return err
	}
	o.KeepPrompt = true
	t, err := datasets.ImportTable(path, o.TableOptions)
	if err != nil {
		return err
	}
	for _, name := range []string{o.Strong, o.Weak} {
		if _, ok := t.QualityOf(name); !ok && name != "" {
			return fmt.Errorf("--pair names %q, which no --model gives", name)
		}
	}
	return writeImport(s, o.Out, t, o.DropText)
}

// writeImport adds the prompts' vectors, drops the text if asked to, and writes.
func writeImport(s cmdutil.Streams, path string, t *datasets.Table, dropText bool) error {
	if t.HasPrompt {
		if err := embed(t); err != nil {
			return err
		}
	}
	if dropText {
		t.DropPrompts()
	}
	return cmdutil.WriteDataset(s.Out, path, t)
}

// complete turns the flags' texts into what the importer takes.
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

// parseRange reads MIN,MAX; "" is unknown bounds, NaN.
func parseRange(text string) (lo, hi float64, err error) {
	if text == "" {
		return math.NaN(), math.NaN(), nil
	}
	if n, err := fmt.Sscanf(text, "%g,%g", &lo, &hi); n != 2 || err != nil || !(lo < hi) {
		return 0, 0, fmt.Errorf("--range %q: want MIN,MAX, for example 0,1", text)
	}
	return lo, hi, nil
}

// modelColumns reads [NAME=]COLUMN; a column stands for its own name.
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
