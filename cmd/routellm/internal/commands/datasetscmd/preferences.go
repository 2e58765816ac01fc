package datasetscmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// battleOptions holds the flags of import battles.
type battleOptions struct {
	target
	ID, Prompt, ModelA, ModelB, Winner, Share, Weight string
	Text                                              string
	Null                                              []string
	SkipBad                                           bool
}

func newCmdImportBattles(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, []string, battleOptions) error) *cobra.Command {
	var o battleOptions
	c := &cobra.Command{
		Use:   "battles FILE... --out FILE",
		Short: "Convert votes between two models into a data set",
		Long: `Convert votes between two models into a data set to train on. FILE is CSV, JSON,
Parquet, Arrow or Excel, plain or compressed, a folder or quoted pattern of such
files, or - for standard input, with one row per vote.

The winner is ` + strings.Join(datasets.Winners()[:3], ", ") + `, tie_or_model_a, tie_or_model_b, or written in
another usual way: model_1, A, left, draw, both_bad and "tie (bothbad)" are
known, and so are the numbers 1 and 2 for the first and the second model and 1.5
or 0 for a tie. tie_or_model_a means that the source does not distinguish a tie
from a win of model_a. Instead of a column with the winner, one of the columns
winner_model_a, winner_model_b and winner_tie may be 1. A column of shares says
by how much the first model won, and who won if no column does. Votes without a winner,
such as error, are left out and counted. If a prompt is a conversation, its
first turn is used. Copies of a prompt share a cluster.

A row is bad if it has no prompt or no model name, names the same model twice,
has an unknown winner or a weight that is not above 0, or repeats an id. A bad
row stops the import unless --skip-bad is given, which tells what share of which
kind of rows it leaves out.`,
		Example: `  routellm datasets import battles battles.csv --out battles.parquet
  routellm datasets import battles battles.csv --id id --skip-bad --drop-text --out battles.parquet`,
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args, o) },
	}
	f := c.Flags()
	f.StringVar(&o.ID, "id", "", "`COLUMN` with unique ids (default sample_id, id and the like, else the row number)")
	f.StringVar(&o.Prompt, "prompt", "", "`COLUMN` with the prompts (default prompt, question, conversation_a and the like)")
	f.StringVar(&o.ModelA, "model-a", "", "`COLUMN` with the first model (default model_a, model_1 and the like)")
	f.StringVar(&o.ModelB, "model-b", "", "`COLUMN` with the second model (default model_b, model_2 and the like)")
	f.StringVar(&o.Winner, "winner", "", "`COLUMN` with the winner (default winner, else winner_model_a, winner_model_b and winner_tie)")
	f.StringVar(&o.Share, "share", "", "`COLUMN` with the share of the battle that the first model won, from 0 to 1 (default share_a)")
	f.StringVar(&o.Weight, "weight", "", "`COLUMN` with the weight of each vote, above 0 (default equal weights)")
	f.StringVar(&o.Text, "text", "", "`TEXT` of a conversation that is the prompt: first, last, users, all or raw (default first)")
	f.StringArrayVar(&o.Null, "null", nil, "`TEXT` that means no winner, besides NA, null and the like; repeatable")
	f.BoolVar(&o.SkipBad, "skip-bad", false, "leave out bad rows and count them")
	o.target.add(c)
	return c
}

func runImportBattles(ctx context.Context, s cmdutil.Streams, paths []string, o battleOptions) error {
	if len(paths) == 0 {
		return hint.With(errors.New("no file to import, expected at least one FILE"), "see 'routellm datasets import battles --help'")
	}
	if err := o.complete(paths[0]); err != nil {
		return err
	}
	mode := prompttext.First
	if o.Text != "" {
		var err error
		if mode, err = prompttext.ParseMode(o.Text, true); err != nil {
			return fmt.Errorf("--text: %w", err)
		}
	}
	t, skipped, err := datasets.ImportBattles(ctx, paths, datasets.BattleOptions{
		ID: o.ID, Prompt: o.Prompt, ModelA: o.ModelA, ModelB: o.ModelB, Winner: o.Winner, Share: o.Share, Weight: o.Weight,
		Name: o.Name, Source: o.Source, Licence: o.Licence, SkipBad: o.SkipBad, Null: o.Null, Text: mode,
		Rows: rows.Options{Stdin: cmdutil.Stdin("a table or lines of JSON"), Progress: s.Watch(ctx, "importing")},
	})
	if err != nil {
		return err
	}
	for _, line := range skipped.Notes(text.Sample(paths)) {
		fmt.Fprintln(s.Err, line)
	}
	return writeImport(ctx, s, o.Out, t, o.DropText)
}
