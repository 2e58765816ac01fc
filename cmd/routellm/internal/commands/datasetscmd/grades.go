package datasetscmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
)

// gradeOptions holds the flags of import grades.
type gradeOptions struct {
	target
	ID, Prompt   string
	Models       []string // each [NAME=]COLUMN
	Nested       string
	Model, Grade string // columns of a table with one row per grade, "" for the defaults
	Range, As    string

	LowerIsBetter bool
}

func newCmdImportGrades(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, string, gradeOptions) error) *cobra.Command {
	var o gradeOptions
	c := &cobra.Command{
		Use:   "grades FILE --out FILE",
		Short: "Convert grades of several models' answers into a data set",
		Long: `Convert grades of several models' answers, for example by an LLM judge, into a
data set to train on: battles, or one row per prompt.

With --model or --models-in, the file has one row per prompt and one column
per model. Otherwise it has one row per grade, with the columns prompt, model,
and grade or score. Empty and null mean not graded. If a prompt is a JSON
array of strings, its first turn is used.

--as battles pairs all models that are graded on a prompt: n models make
n(n-1)/2 battles. The higher grade wins, equal grades tie. The weight of a win
is the difference of the grades, the weight of a tie is 1; if most grades
differ by less than 1, ties therefore outweigh most wins. --as grades writes
one row per prompt and one column per model: 'train mf' learns more from it,
and 'eval' reads it too.

A row is bad if it has no prompt or model, if its grade is not a number or
outside --range, or if it repeats an id, or a model of the same prompt. A bad
row stops the import unless --skip-bad is given.`,
		Example: `  routellm datasets import grades grades.csv --range 1,10 --out pairs.parquet
  routellm datasets import grades outcomes.csv --id id --prompt question --model big --model small --as grades --out grades.parquet`,
		Args: cmdutil.ExactArgs("FILE"),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.ID, "id", "", "`COLUMN` with one id per prompt (default sample_id with one row per prompt, else the row number)")
	f.StringVar(&o.Prompt, "prompt", "prompt", "`COLUMN` with the prompts")
	f.StringArrayVar(&o.Models, "model", nil, "`[NAME=]COLUMN` with a model's grades; repeatable")
	f.StringVar(&o.Nested, "models-in", "", "JSON Lines `FIELD` with an object of grades by model, instead of --model")
	f.StringVar(&o.Model, "model-column", "", "`COLUMN` with the model's name, with one row per grade (default model)")
	f.StringVar(&o.Grade, "grade", "", "`COLUMN` with the grade, with one row per grade (default grade, else score)")
	f.StringVar(&o.Range, "range", "", "lowest and highest grade, `MIN,MAX`; a row with another grade is bad")
	f.BoolVar(&o.LowerIsBetter, "lower-is-better", false, lowerUsage)
	f.StringVar(&o.As, "as", "battles", "what to write: battles or grades")
	o.target.add(c)
	return c
}

func runImportGrades(ctx context.Context, s cmdutil.Streams, path string, o gradeOptions) error {
	if err := o.complete(path); err != nil {
		return err
	}
	lo, hi, err := parseRange(o.Range)
	if err != nil {
		return err
	}
	t, skipped, err := datasets.ImportGrades(path, datasets.GradeOptions{
		ID: o.ID, Prompt: o.Prompt, Models: modelColumns(o.Models), Nested: o.Nested, Model: o.Model, Grade: o.Grade, Min: lo, Max: hi,
		Name: o.Name, Source: o.Source, Licence: o.Licence, SkipBad: o.SkipBad, Battles: o.As == "battles", Progress: s.Watch(ctx, "importing"),
		LowerIsBetter: o.LowerIsBetter,
	})
	if err != nil {
		return err
	}
	noteSkipped(s, path, skipped)
	warnScales(s, t)
	return writeImport(ctx, s, o.Out, t, o.DropText)
}

// complete checks the flags and fills in the defaults that depend on others.
func (o *gradeOptions) complete(path string) error {
	if o.As != "battles" && o.As != "grades" {
		return fmt.Errorf("--as %q: want battles or grades", o.As)
	}
	if o.Nested != "" && len(o.Models) > 0 {
		return errors.New("--model and --models-in are both given: want one of them")
	}
	wide := o.Nested != "" || len(o.Models) > 0
	if wide && o.Model+o.Grade != "" {
		return errors.New("--model-column and --grade are for one row per grade: they cannot be combined with --model or --models-in, which are for one row per prompt")
	}
	if !wide && o.Model == "" {
		o.Model = "model"
	}
	return o.target.complete(path)
}
