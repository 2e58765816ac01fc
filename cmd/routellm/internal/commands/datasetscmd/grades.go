package datasetscmd

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
)

// gradeOptions are the flags of import grades.
type gradeOptions struct {
	target
	ID, Prompt   string
	Models       []string // [MODEL=]COLUMN
	Nested       string
	Model, Grade string // columns of the long form, "" by default
	Range, As    string
}

func newCmdImportGrades(s cmdutil.Streams, run func(cmdutil.Streams, string, gradeOptions) error) *cobra.Command {
	var o gradeOptions
	c := &cobra.Command{
		Use:   "grades FILE --out FILE",
		Short: "Turn grades of several models' answers into battles, or into one row a prompt",
		Long: `Turn grades of several models' answers, an LLM judge's for example, into a data
set to train on.

With --model or --models-in a row is a prompt and a column a model; without, a row
is one grade: columns prompt, model, and grade or score. Empty and null mean not
graded. A prompt that is a JSON array of strings stands for its first turn.

--as battles lets every two models graded on a prompt meet: n models make
n(n-1)/2 battles. The higher grade wins, equal ones tie. The weight is the
difference of the grades as they are, and 1 for a tie; where grades are finer than
1, ties weigh more than most wins. --as grades writes a row a prompt and a column a
model, which 'train mf' learns more from and 'eval' reads.

A row without a prompt or model, with a grade that is not a number or outside
--range, or with a repeated id or model of the same prompt is bad. Any bad row stops
the import unless --skip-bad.`,
		Example: `  routellm datasets import grades grades.csv --range 1,10 --out pairs.parquet
  routellm datasets import grades outcomes.csv --id id --prompt question --model big --model small --as grades --out grades.parquet`,
		Args: cmdutil.ExactArgs("FILE"),
		RunE: func(_ *cobra.Command, args []string) error { return run(s, args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.ID, "id", "", "column of ids, one a prompt (default sample_id if a row is a prompt, else row numbers)")
	f.StringVar(&o.Prompt, "prompt", "prompt", "column of prompts")
	f.StringArrayVar(&o.Models, "model", nil, "`[NAME=]COLUMN` of a model's grades; repeatable")
	f.StringVar(&o.Nested, "models-in", "", "JSON Lines: `FIELD` with an object of grades by model, instead of --model")
	f.StringVar(&o.Model, "model-column", "", "column of models, if a row is a grade (default model)")
	f.StringVar(&o.Grade, "grade", "", "column of grades, if a row is a grade (default grade, else score)")
	f.StringVar(&o.Range, "range", "", "lowest and highest grade, `MIN,MAX`; others are bad")
	f.StringVar(&o.As, "as", "battles", "battles or grades")
	o.target.add(c)
	return c
}

func runImportGrades(s cmdutil.Streams, path string, o gradeOptions) error {
	if err := o.complete(path); err != nil {
		return err
	}
	lo, hi, err := parseRange(o.Range)
	if err != nil {
		return err
	}
	t, skipped, err := datasets.ImportGrades(path, datasets.GradeOptions{
		ID: o.ID, Prompt: o.Prompt, Models: modelColumns(o.Models), Nested: o.Nested, Model: o.Model, Grade: o.Grade, Min: lo, Max: hi,
		Name: o.Name, Source: o.Source, Licence: o.Licence, SkipBad: o.SkipBad, Battles: o.As == "battles",
	})
	if err != nil {
		return err
	}
	noteSkipped(s, path, skipped)
	return writeImport(s, o.Out, t, o.DropText)
}

// complete checks the flags and fills in what depends on others.
func (o *gradeOptions) complete(path string) error {
	if o.As != "battles" && o.As != "grades" {
		return fmt.Errorf("--as %q: want battles or grades", o.As)
	}
	if o.Nested != "" && len(o.Models) > 0 {
		return errors.New("--model and --models-in: want one of them")
	}
	wide := o.Nested != "" || len(o.Models) > 0
	if wide && o.Model+o.Grade != "" {
		return errors.New("--model-column and --grade are for a row a grade, --model and --models-in for a row a prompt")
	}
	if !wide && o.Model == "" {
		o.Model = "model"
	}
	return o.target.complete(path)
}
