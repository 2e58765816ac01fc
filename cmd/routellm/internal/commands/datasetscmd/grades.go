package datasetscmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

func newCmdImportGrades(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, []string, tableOptions) error) *cobra.Command {
	var o tableOptions
	c := &cobra.Command{
		Use:   "grades FILE... --out FILE",
		Short: "Convert grades of several models' answers into a data set",
		Long: `Convert grades of several models' answers, for example by an LLM judge, into a
data set to train on: battles, or one row per prompt. Files and columns are read
as 'datasets import table' reads them. Prompts without enough grades are left
out and counted.

--as battles pairs all models that are graded on a prompt: n models make
n(n-1)/2 battles. Each model wins a share of the battle, model a the share
1/2 + (grade of a - grade of b) / (2 length), where length is that of the scale:
of --range or, without it, the largest grade in the files minus the smallest
one, for which all grades are held in memory. --as wins gives the whole battle
to the higher grade, with the difference as weight, and a tie the weight 1: it
forgets that some wins are narrow, and orders prompts worse. --as grades writes
one row per prompt and one column per model: 'train mf' learns more from it,
'train sw_ranking' as much as from battles, and 'eval' reads it too.

A row is bad if it has no prompt or model, if its grade is not a number or a
word, or if it repeats an id, or a model of the same prompt. A bad row stops the
import unless --skip-bad is given.`,
		Example: `  routellm datasets import grades grades.csv --range 1,10 --out pairs.parquet
  routellm datasets import grades outcomes.csv --prompt question --model big --model small --as grades --out grades.parquet
  routellm datasets import grades outcomes.csv --model small --constant gpt-4=1 --range 0,1 --as grades --out grades.parquet`,
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args, o) },
	}
	c.Flags().StringVar(&o.As, "as", "battles", "what to write: battles, wins or grades")
	o.add(c)
	return c
}

func runImportGrades(ctx context.Context, s cmdutil.Streams, paths []string, o tableOptions) error {
	if !slices.Contains([]string{"battles", "wins", "grades"}, o.As) {
		return fmt.Errorf("--as %q: want battles, wins or grades", o.As)
	}
	m, paths, err := o.mapping(ctx, s, paths)
	if err != nil {
		return err
	}
	chosen := selection{least: 1}
	if o.As != "grades" {
		chosen = selection{least: 2, battles: true, wins: o.As == "wins", stated: m.Min < m.Max}
	}
	return importRows(ctx, s, paths, m, o.target, &chosen)
}
