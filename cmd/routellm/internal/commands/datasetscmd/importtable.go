package datasetscmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/importers"
	"github.com/routellm/routellm/datasets/pricelist"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// target holds the flags about the file that an import writes.
type target struct {
	Name, Source, Licence, Out string
	DropText                   bool
}

func (o *target) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Name, "name", "", "name of the data set (default the name of the file)")
	f.StringVar(&o.Source, "source", "", "source of the data, to record in the file")
	f.StringVar(&o.Licence, "licence", "", "licence of the data, to record in the file")
	f.BoolVar(&o.DropText, "drop-text", false, dropTextUsage)
	f.StringVarP(&o.Out, "out", "o", "", "Parquet or CSV `FILE` to write (required)")
}

// complete checks the flags and fills in the default name.
func (o *target) complete(path string) error {
	if o.Name == "" {
		o.Name = harness.NameOf(path)
	}
	return checkOut(o.Out)
}

// tableOptions holds the flags of import table and import grades.
type tableOptions struct {
	target
	Columns   cmdutil.ColumnFlags
	Constants []string // each MODEL=NUMBER
	Pair      string
	Unit      string
	Measured  string
	As        string // grades, or battles of each two models

	ModelA, ModelB, Winner string // a table of battles, as import battles reads it
}

func (o *tableOptions) add(c *cobra.Command) {
	f := c.Flags()
	f.StringArrayVar(&o.Constants, "constant", nil, "`MODEL=NUMBER` for a model with the same quality on every prompt; repeatable")
	f.StringVar(&o.Pair, "pair", "", "default pair of models, `STRONG,WEAK`")
	f.StringVar(&o.Unit, "unit", "", "unit of quality, for example \"accuracy 0-1\"")
	f.StringVar(&o.Measured, "measured", "", "`DATE` when the outcomes were measured, to compare with the date of prices, such as 2026-11-28")
	o.target.add(c)
	o.Columns.AddImport(c)
}

func newCmdImportTable(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, []string, tableOptions) error) *cobra.Command {
	o := tableOptions{As: "grades"}
	c := &cobra.Command{
		Use:   "table FILE... --out FILE",
		Short: "Convert your own tables into a data set",
		Long: `Convert your own tables into a data set. FILE is CSV, JSON, Parquet, Arrow or
Excel, plain or compressed, a folder or quoted pattern of such files, or - for
standard input.

A table is wide, with one row per prompt and one column per model (--model,
--models-from-rest, --models-in), or long, with one row per prompt and model
(--model-column, --quality). Columns are found by their usual names where no
flag names them; the first line on standard error says which. Several files are
parts of one table if they have the same columns, and are else joined by id or,
without ids, by prompt.

A quality is a number, true or false, or a word such as correct or fail. An
empty cell, NA and the like mean not measured. Values outside --range are left
out and counted; more than 5 % of a model's are an error. A repeated answer of a
model to a prompt is an error unless --repeat mean averages them. Without any
quality, the result is a set of prompts, which is enough to calibrate for a
share of strong calls.

Copies of a prompt share a cluster unless there is a column of clusters. The
file also gets the built-in encoder's vector of each prompt, so that most
routers need no text. A name that ends in .csv gives CSV without vectors.`,
		Example: `  routellm datasets import table outcomes.csv --pair big,small --out mine.parquet
  routellm datasets import table outcomes.csv --prompt question --model gpt-4o=big --model llama=small --out mine.parquet
  routellm datasets import table answers.jsonl --model-column model --quality score --repeat mean --out mine.parquet
  routellm datasets import table traffic.jsonl --drop-text --out traffic.parquet`,
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args, o) },
	}
	o.add(c)
	f := c.Flags()
	f.StringVar(&o.ModelA, "model-a", "", "`COLUMN` with a battle's first model")
	f.StringVar(&o.ModelB, "model-b", "", "`COLUMN` with a battle's second model")
	f.StringVar(&o.Winner, "winner", "", "`COLUMN` with a battle's winner: "+strings.Join(datasets.Winners(), ", "))
	for _, name := range []string{"model-a", "model-b", "winner"} {
		f.Lookup(name).Hidden = true // import battles has them
	}
	return c
}

func runImportTable(ctx context.Context, s cmdutil.Streams, paths []string, o tableOptions) error {
	m, paths, err := o.mapping(ctx, s, paths)
	if err != nil {
		return err
	}
	if o.Winner != "" {
		return runImportBattles(ctx, s, paths, battleOptions{
			target: o.target, ID: m.ID, Prompt: m.Prompt, ModelA: o.ModelA, ModelB: o.ModelB, Winner: o.Winner, SkipBad: m.SkipBad,
		})
	}
	return importRows(ctx, s, paths, m, o.target, &selection{})
}

// selection says which samples of an import are written.
type selection struct {
	least   int  // number of models with a quality that a sample needs
	battles bool // write battles of each two models instead
	wins    bool // battles are won as a whole
	// stated reports whether the scale of the grades is; otherwise they are held until all are read.
	stated bool
	held   []*datasets.Table
	lost   int // number of samples with fewer
}

func (c *selection) of(t *datasets.Table) *datasets.Table {
	if c.least == 0 {
		return t
	}
	out := t.Measured(c.least)
	c.lost += t.Rows() - out.Rows()
	switch {
	case c.battles && c.wins:
		return out.GradedWins()
	case c.battles && c.stated:
		return out.GradedBattles(out.QualityRange())
	case c.battles:
		c.held = append(c.held, out)
		return &datasets.Table{}
	}
	return out
}

// rest returns the battles of the grades that were held, by batches: the grades that were seen span
// the scale.
func (c *selection) rest() (out []*datasets.Table) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, t := range c.held {
		for _, q := range t.Quality {
			for _, v := range q.Values {
				if !math.IsNaN(v) {
					lo, hi = min(lo, v), max(hi, v)
				}
			}
		}
	}
	for _, t := range c.held {
		out = append(out, t.GradedBattles(max(hi-lo, 0)))
	}
	return out
}

// none returns the error of an import of which nothing is left.
func (c *selection) none(path string) error {
	if c.battles {
		return hint.With(fmt.Errorf("%q: no prompt has two or more grades", path), "a battle needs the grades of two models on the same prompt")
	}
	return fmt.Errorf("%q: no prompt has a grade", path)
}

// importGC is the garbage, in per cent of what is in use, that an import may pile up: the ids of
// millions of rows are in use.
const importGC = 30

// importRows imports files in batches, and writes the chosen samples.
func importRows(ctx context.Context, s cmdutil.Streams, paths []string, m datasets.Mapping, o target, chosen *selection) error {
	defer debug.SetGCPercent(debug.SetGCPercent(importGC))
	w, err := newImportWriter(ctx, s, o.Out, o.DropText)
	if err != nil {
		return err
	}
	defer w.abort()
	sum := summary{mapping: m}
	reading, err := datasets.ImportFiles(ctx, paths, m, func(t *datasets.Table) error {
		if err := sum.add(t); err != nil {
			return err
		}
		if t = chosen.of(t); t.Rows() == 0 {
			return nil
		}
		return w.write(t)
	})
	if err != nil {
		return hintTool(paths, err)
	}
	for _, t := range chosen.rest() {
		if err := w.write(t); err != nil {
			return err
		}
	}
	if w.rows == 0 {
		return chosen.none(reading.Path)
	}
	reading.Skipped.Ungraded = chosen.lost
	noteReading(s, reading)
	warnScales(s, sum.table())
	if err := w.commit(); err != nil {
		return err
	}
	if !chosen.battles {
		sum.proposePair(s)
	}
	return nil
}

// hintTool adds to an error that the files are those of a tool that has its own command.
func hintTool(paths []string, err error) error {
	tool, none := importers.DetectAll(paths)
	if none != nil || errors.Is(err, context.Canceled) {
		return err
	}
	return hint.With(err, "these are files of "+tool.Title+": routellm datasets import "+tool.Name+" reads them")
}

// mapping returns what the flags say of the columns, and the files to read.
func (o *tableOptions) mapping(ctx context.Context, s cmdutil.Streams, paths []string) (datasets.Mapping, []string, error) {
	m, err := o.Columns.Mapping()
	if err != nil {
		return m, nil, err
	}
	outcomes, err := o.Columns.Outcomes()
	switch {
	case err != nil:
		return m, nil, err
	case len(outcomes) > 0 && len(paths) > 0:
		return m, nil, errors.New("--outcomes names the files to read: give no other FILE")
	case len(outcomes)+len(paths) == 0:
		return m, nil, hint.With(errors.New("no file to import, expected at least one FILE"), "see 'routellm datasets import --help'")
	}
	for _, f := range outcomes {
		paths, m.FileModels = append(paths, f.Path), append(m.FileModels, f.Model)
	}
	if err := o.complete(paths[0]); err != nil {
		return m, nil, err
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return m, nil, err
	}
	if m.Constants, err = parseConstants(o.Constants); err != nil {
		return m, nil, err
	}
	m.Name, m.Unit, m.Source, m.Licence, m.Strong, m.Weak = o.Name, o.Unit, o.Source, o.Licence, pair.Strong, pair.Weak
	if m.Measured = o.Measured; m.Measured != "" {
		if err := pricelist.CheckDate(m.Measured); err != nil {
			return m, nil, fmt.Errorf("--measured: %w", err)
		}
	}
	m.KeepPrompt = true
	m.Rows.Stdin, m.Rows.Progress = cmdutil.Stdin("a table or lines of JSON"), s.Watch(ctx, "importing")
	return m, paths, nil
}

// parseConstants reads values of the form MODEL=NUMBER.
func parseConstants(values []string) ([]datasets.ModelValue, error) {
	var out []datasets.ModelValue
	for _, text := range values {
		k := strings.LastIndex(text, "=")
		v, err := strconv.ParseFloat(text[k+1:], 64)
		if k < 1 || err != nil || v-v != 0 {
			return nil, fmt.Errorf("--constant %q: want MODEL=NUMBER, for example gpt-4=5", text)
		}
		out = append(out, datasets.ModelValue{Model: text[:k], Value: v})
	}
	return out, nil
}

// noteReading reports on standard error how files were read and what was left out of them.
func noteReading(s cmdutil.Streams, r datasets.Reading) {
	lines := []string{}
	if r.Guessed || len(r.About.Notes) > 0 {
		lines = append(lines, r.String())
	}
	lines = append(lines, r.Skipped.Notes(r.Path)...)
	if measured := harness.MeasuredNote(r.Path, r.Coverage); measured != "" {
		lines = append(lines, measured)
	}
	for _, w := range r.Warnings {
		lines = append(lines, "warning: "+r.Path+": "+w)
	}
	for _, line := range lines {
		if strings.HasPrefix(line, " ") { // one of a list
			fmt.Fprintln(s.Err, line)
			continue
		}
		fmt.Fprintln(s.Err, text.Wrap(line))
	}
}
