package datasetscmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// target is the flags that both imports of preferences have.
type target struct {
	Name, Source, Licence string
	Out                   string
	SkipBad, DropText     bool
}

func (o *target) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.Name, "name", "", "name of the data set (default the file's)")
	f.StringVar(&o.Source, "source", "", "where the data comes from")
	f.StringVar(&o.Licence, "licence", "", "its licence")
	f.BoolVar(&o.DropText, "drop-text", false, "leave the prompts' text out; their vectors and counts stay")
	f.BoolVar(&o.SkipBad, "skip-bad", false, "leave bad rows out, and say how many, instead of refusing the file")
	f.StringVarP(&o.Out, "out", "o", "", "Parquet `FILE` to write (required)")
}

// complete checks the flags and names the data set.
func (o *target) complete(path string) error {
	if o.Out == "" {
		return hint.With(errors.New("--out is missing"), "for example --out mine.parquet")
	}
	if o.Name == "" {
		o.Name = harness.NameOf(path)
	}
	return nil
}

// battleOptions are the flags of import battles.
type battleOptions struct {
	target
	ID, Prompt, ModelA, ModelB, Winner, Weight string
}

func newCmdImportBattles(s cmdutil.Streams, run func(cmdutil.Streams, string, battleOptions) error) *cobra.Command {
	var o battleOptions
	c := &cobra.Command{
		Use:   "battles FILE --out FILE",
		Short: "Turn votes between two models (CSV, JSONL, Parquet) into a data set",
		Long: `Turn votes between two models, a row a vote, into a data set to train on.

The winner is ` + strings.Join(datasets.Winners()[:3], ", ") + `, "tie (bothbad)",
tie_or_model_a or tie_or_model_b (a tie that cannot be told from a loss of the
other model); or one of the columns winner_model_a, winner_model_b and winner_tie
is 1. A prompt that is a JSON array of strings, as conversations are stored, stands
for its first turn. Prompts that occur twice share a cluster.

A row without a prompt or a model's name, with the same model twice, an unknown
winner, a weight that is not above 0 or a repeated id is bad. Any bad row stops the
import unless --skip-bad.`,
		Example: `  routellm datasets import battles battles.csv --out battles.parquet
  routellm datasets import battles battles.csv --id id --skip-bad --drop-text --out battles.parquet`,
		Args: cmdutil.ExactArgs("FILE"),
		RunE: func(_ *cobra.Command, args []string) error { return run(s, args[0], o) },
	}
	f := c.Flags()
	f.StringVar(&o.ID, "id", "", "column of unique ids (default sample_id, else the row number)")
	f.StringVar(&o.Prompt, "prompt", "prompt", "column of prompts")
	f.StringVar(&o.ModelA, "model-a", "model_a", "column of the first model")
	f.StringVar(&o.ModelB, "model-b", "model_b", "column of the second model")
	f.StringVar(&o.Winner, "winner", "", "column of winners (default winner, else the three columns)")
	f.StringVar(&o.Weight, "weight", "", "column of what each vote counts, above 0")
	o.target.add(c)
	return c
}

func runImportBattles(s cmdutil.Streams, path string, o battleOptions) error {
	if err := o.complete(path); err != nil {
		return err
	}
	t, skipped, err := datasets.ImportBattles(path, datasets.BattleOptions{
		ID: o.ID, Prompt: o.Prompt, ModelA: o.ModelA, ModelB: o.ModelB, Winner: o.Winner, Weight: o.Weight,
		Name: o.Name, Source: o.Source, Licence: o.Licence, SkipBad: o.SkipBad,
	})
	if err != nil {
		return err
	}
	noteSkipped(s, path, skipped)
	return writeImport(s, o.Out, t, o.DropText)
}

// notedRows is how many bad rows a note shows.
const notedRows = 3

// noteSkipped says what an import left out.
func noteSkipped(s cmdutil.Streams, path string, skipped datasets.Skipped) {
	if skipped.Rows > 0 {
		fmt.Fprintf(s.Err, "%s: left out %s\n", path, text.Plural(skipped.Rows, "bad row"))
	}
	for i, line := range skipped.First {
		if i == notedRows {
			fmt.Fprintf(s.Err, "  and %s more\n", text.Thousands(skipped.Rows-i))
			break
		}
		fmt.Fprintf(s.Err, "  %s\n", line)
	}
	if skipped.Ungraded > 0 {
		fmt.Fprintf(s.Err, "%s: left out %s with too few grades\n", path, text.Plural(skipped.Ungraded, "prompt"))
	}
}
