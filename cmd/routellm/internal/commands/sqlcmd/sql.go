// Package sqlcmd implements the sql commands, which print queries with which an engine of the user's
// own summarises tables that are too large to read.
//
// [New] returns the command with its subcommands. Each has a newCmd function, which defines the
// flags, and a run function, which prints the query.
package sqlcmd

import (
	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

// New returns the sql command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "sql",
		Short: "Print queries with which your own engine summarises large tables",
		Long: `Print queries with which your own engine summarises tables that are too large
to read, such as logs of a billion prompts. Each command prints one query
without a semicolon; the engine runs it, and its small result is what
eval --summary and others read. docs/sql.md goes through the queries.

  1. scan counts the rows that can be used and finds the range of scores.
  2. summary sums up the qualities per bin of scores.
  3. refine and threshold ask for the few rows that make a number exact.

--table is text in the engine's own SQL: a name, a subquery with an alias,
read_parquet('s3://...') or dbt's {{ ref('logs') }}.`,
		Example: `  routellm sql scan --dialect duckdb --table logs --pair big,small
  routellm sql summary --dialect spark --table logs --pair big,small --range 0,1`,
		Args: cmdutil.OnlyCommands,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddGroup(&cobra.Group{ID: scoresGroup, Title: "Scores and qualities:"}, &cobra.Group{ID: promptsGroup, Title: "Prompts:"})
	for _, sub := range []*cobra.Command{newCmdScan(s), newCmdSummary(s), newCmdRefine(s), newCmdThreshold(s), newCmdDrift(s), newCmdPool(s)} {
		sub.GroupID = scoresGroup
		c.AddCommand(sub)
	}
	for _, sub := range []*cobra.Command{newCmdDuplicates(s), newCmdLeaks(s)} {
		sub.GroupID = promptsGroup
		c.AddCommand(sub)
	}
	return c
}

// The groups of the commands below sql.
const scoresGroup, promptsGroup = "scores", "prompts"
