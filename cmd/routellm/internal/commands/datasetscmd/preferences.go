package datasetscmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
)

const dropTextUsage = "leave out the text of the prompts; their vectors, digests and text features stay"

// target holds the flags that import battles and import grades have in common.
type target struct {
	Name, Source, Licence string
	Out                   string
	SkipBad, DropText     bool
}

// add adds the flags to a command.
func (o *target) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Name, "name", "", "name of the data set (default the name of the file)")
	f.StringVar(&o.Source, "source", "", "source of the data, to record in the file")
	f.StringVar(&o.Licence, "licence", "", "licence of the data, to record in the file")
	f.BoolVar(&o.DropText, "drop-text", false, dropTextUsage)
	f.BoolVar(&o.SkipBad, "skip-bad", false, "leave out bad rows and report them, instead of failing")
	f.StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write (required)")
}

// complete checks the flags and fills in the default name.
func (o *target) complete(path string) error {
	if o.Out == "" {
		return hint.With(errors.New("--out is required"), "for example --out mine.parquet")
	}
	if o.Name == "" {
		o.Name = harness.NameOf(path)
	}
	return nil
}

// battleOptions holds the flags of import battles.
type battleOptions struct {
	target
	ID, Prompt, ModelA, ModelB, Winner, Weight string
}

func newCmdImportBattles(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, string, battleOptions) error) *cobra.Command {
	var o battleOptions
	c := &cobra.Command{
		Use:   "battles FILE --out FILE",
		Short: "Convert votes between two models into a data set",
		Long: `Convert votes between two models into a data set to train on. The file is CSV,
JSON Lines or Parquet, with one row per vote.

The winner is ` + strings.Join(datasets.Winners()[:3], ", ") + `, "tie (bothbad)", tie_or_model_a or
tie_or_model_b. tie_or_model_a means that the source does not distinguish a
tie from a win of model_a. Instead of a column with the winner, one of the
columns winner_model_a, winner_model_b and winner_tie may be 1. If a prompt is
a JSON array of strings (a conversation), its first turn is used. Copies of a
prompt share a cluster.

A row is bad if it has no prompt or no model name, names the same model twice,
has an unknown winner or a weight that is not above 0, or repeats an id. A bad
row stops the import unless --skip-bad is given.`,
		Example: `  routellm datasets import battles battles.csv --out battles.parquet
  routellm datasets import battles battles.csv --id id --skip-bad --drop-text --out battles.parquet`,
		Args: cmdutil.ExactArgs("FILE"),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Context(), s, args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.ID, "id", "", "`COLUMN` with unique ids (default sample_id, else the row number)")
	f.StringVar(&o.Prompt, "prompt", "prompt", "`COLUMN` with the prompts")
	f.StringVar(&o.ModelA, "model-a", "model_a", "`COLUMN` with the first model")
	f.StringVar(&o.ModelB, "model-b", "model_b", "`COLUMN` with the second model")
	f.StringVar(&o.Winner, "winner", "", "`COLUMN` with the winner (default winner, else winner_model_a, winner_model_b and winner_tie)")
	f.StringVar(&o.Weight, "weight", "", "`COLUMN` with the weight of each vote, above 0 (default equal weights)")
	o.target.add(c)
	return c
}

func runImportBattles(ctx context.Context, s cmdutil.Streams, path string, o battleOptions) error {
	if err := o.complete(path); err != nil {
		return err
	}
	t, skipped, err := datasets.ImportBattles(path, datasets.BattleOptions{
		ID: o.ID, Prompt: o.Prompt, ModelA: o.ModelA, ModelB: o.ModelB, Winner: o.Winner, Weight: o.Weight,
		Name: o.Name, Source: o.Source, Licence: o.Licence, SkipBad: o.SkipBad, Progress: s.Watch(ctx, "importing"),
	})
	if err != nil {
		return err
	}
	noteSkipped(s, path, skipped)
	return writeImport(ctx, s, o.Out, t, o.DropText)
}

// noteSkipped reports on standard error what an import left out.
func noteSkipped(s cmdutil.Streams, path string, skipped datasets.Skipped) {
	for _, line := range skipped.Notes(path) {
		fmt.Fprintln(s.Err, line)
	}
}
