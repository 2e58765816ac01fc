// Package sqlcmd implements the sql commands, which print queries with which an engine of the user's
// own summarises tables that are too large to read.
//
// [New] returns the command with its subcommands. Each has a newCmd function, which defines the
// flags, and a run function, which prints the query.
package sqlcmd

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/sqltext"
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
	for _, sub := range []*cobra.Command{newCmdScan(s), newCmdSummary(s), newCmdRefine(s), newCmdThreshold(s), newCmdDrift(s)} {
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

// query holds the flags of every command: where the query runs, what it reads, where it goes.
type query struct {
	dialect, table, where, out string
}

func (q *query) add(c *cobra.Command) {
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&q.dialect, "dialect", "", "SQL to print: "+strings.Join(sqltext.Names(), ", ")+" (required)")
	f.StringVar(&q.table, "table", "", "what follows FROM, as `TEXT` in the engine's SQL (required)")
	f.StringVar(&q.where, "where", "", "condition of the rows to read, as `TEXT` in the engine's SQL")
	f.StringVarP(&q.out, "out", "o", "", "`FILE` for the query (default standard output)")
	_ = c.RegisterFlagCompletionFunc("dialect", cmdutil.Words(sqltext.Names()...))
}

// check returns the dialect, or an error about the flags.
func (q *query) check() (sqltext.Dialect, error) {
	if q.dialect == "" || q.table == "" {
		return sqltext.Dialect{}, hint.With(errors.New("--dialect and --table are required"), "for example --dialect duckdb --table \"'logs.parquet'\"")
	}
	d, _ := sqltext.Find(q.dialect)
	return d, cmdutil.CheckWord("dialect", q.dialect, sqltext.Names()...)
}

// write writes the query to the file or, without one, to w.
func (q *query) write(w io.Writer, text string) error {
	if q.out != "" {
		return cmdutil.WriteFile(q.out, []byte(text))
	}
	_, err := io.WriteString(w, text)
	return fault.Wrap(err)
}

// scored holds the flags of a query on scores.
type scored struct {
	query
	score, strong, weak, pair string
	weight, task, cluster, id string
	scoresOnly                bool
	buckets                   int
}

// add adds the flags. Without qualities, the query is on scores alone.
func (q *scored) add(c *cobra.Command, qualities bool) {
	q.query.add(c)
	cmdutil.AddFlagGroup(c, "Columns", func(f *pflag.FlagSet) {
		f.StringVar(&q.score, "score", "score", "`COLUMN` of the scores")
		if qualities {
			f.StringVar(&q.pair, "pair", "", "models `STRONG,WEAK`, with qualities in the columns quality:STRONG and quality:WEAK")
			f.StringVar(&q.strong, "strong", "", "`COLUMN` of the strong model's qualities, instead of --pair")
			f.StringVar(&q.weak, "weak", "", "`COLUMN` of the weak model's qualities")
			f.BoolVar(&q.scoresOnly, "scores-only", false, "read no qualities: for thresholds and drift")
			f.StringVar(&q.task, "task", "", "`COLUMN` of the tasks, to sum up each by itself")
		}
		f.StringVar(&q.weight, "weight", "", "`COLUMN` of the samples' weights")
		f.StringVar(&q.cluster, "cluster", "cluster", "`COLUMN` of the clusters, \"\" for none; only read with --buckets")
		f.StringVar(&q.id, "id", "sample_id", "`COLUMN` that names a row without a cluster, \"\" for none")
	})
	q.scoresOnly = !qualities
	c.Flags().IntVar(&q.buckets, "buckets", 0, "number `K` of buckets of clusters, for intervals: 200")
}

// check returns the dialect and the columns, or an error about the flags.
func (q *scored) check() (sqltext.Dialect, sqltext.Source, error) {
	d, err := q.query.check()
	if err != nil {
		return d, sqltext.Source{}, err
	}
	src := sqltext.Source{From: q.table, Where: q.where, Score: q.score, Strong: q.strong, Weak: q.weak, Weight: q.weight, Task: q.task}
	pair, err := cmdutil.ParsePair(q.pair)
	switch {
	case err != nil:
		return d, src, err
	case q.score == "":
		return d, src, errors.New("--score is empty: want the column of the scores")
	case q.buckets < 0 || q.buckets == 1 || q.buckets > maxBuckets:
		return d, src, fmt.Errorf("--buckets %d: want 2 to %d, for example 200", q.buckets, maxBuckets)
	}
	if q.pair != "" {
		if q.strong != "" || q.weak != "" {
			return d, src, errors.New("--pair and --strong or --weak both name the qualities: give one of them")
		}
		src.Strong, src.Weak = "quality:"+pair.Strong, "quality:"+pair.Weak
	}
	if q.buckets > 0 {
		src.Cluster, src.ID = q.cluster, q.id
	}
	return d, src, q.checkQualities(src)
}

// maxBuckets is the largest number of buckets: each multiplies the rows of a summary.
const maxBuckets = 10000

// checkQualities returns an error unless both qualities are named, or neither with --scores-only.
func (q *scored) checkQualities(src sqltext.Source) error {
	switch {
	case q.scoresOnly && src.Strong+src.Weak != "":
		return errors.New("--scores-only and columns of qualities: give one of them")
	case q.buckets > 0 && q.cluster == "" && q.id == "":
		return errors.New("--cluster and --id are both empty: --buckets needs one of them")
	case !q.scoresOnly && (src.Strong == "" || src.Weak == ""):
		return hint.With(errors.New("the columns of the qualities are missing: give --pair, or --strong and --weak"),
			"--pair big,small reads the columns quality:big and quality:small",
			"--strong big_ok --weak small_ok reads the columns big_ok and small_ok",
			"--scores-only reads no qualities, for thresholds and drift")
	}
	return nil
}
