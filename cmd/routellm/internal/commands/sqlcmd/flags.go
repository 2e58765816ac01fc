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

// groups holds the flags that say how much rows count and by what they are summed up.
type groups struct {
	weight, task, cluster, id string
	buckets                   int
}

// add adds the flags, with columns among f.
func (g *groups) add(c *cobra.Command, f *pflag.FlagSet, tasks bool) {
	if tasks {
		f.StringVar(&g.task, "task", "", "`COLUMN` of the tasks, to sum up each by itself")
	}
	f.StringVar(&g.weight, "weight", "", "`COLUMN` of the samples' weights")
	f.StringVar(&g.cluster, "cluster", "cluster", "`COLUMN` of the clusters, \"\" for none; only read with --buckets")
	f.StringVar(&g.id, "id", "sample_id", "`COLUMN` that names a row without a cluster, \"\" for none")
	c.Flags().IntVar(&g.buckets, "buckets", 0, "number `K` of buckets of clusters, for intervals: 200")
}

// maxBuckets is the largest number of buckets: each multiplies the rows of a summary.
const maxBuckets = 10000

// check returns what the flags say, or an error.
func (g *groups) check() (sqltext.Groups, error) {
	out := sqltext.Groups{Weight: g.weight, Task: g.task, Buckets: g.buckets, Cluster: g.cluster, ID: g.id}
	switch {
	case g.buckets < 0 || g.buckets == 1 || g.buckets > maxBuckets:
		return out, fmt.Errorf("--buckets %d: want 2 to %d, for example 200", g.buckets, maxBuckets)
	case g.buckets > 0 && g.cluster == "" && g.id == "":
		return out, errors.New("--cluster and --id are both empty: --buckets needs one of them")
	}
	return out, nil
}

// scored holds the flags of a query on scores.
type scored struct {
	query
	groups
	score, strong, weak, pair string
	scoresOnly                bool
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
		}
		q.groups.add(c, f, qualities)
	})
	q.scoresOnly = !qualities
}

// check returns the dialect and the columns, or an error about the flags.
func (q *scored) check() (d sqltext.Dialect, src sqltext.Source, err error) {
	if d, err = q.query.check(); err != nil {
		return d, src, err
	}
	src = sqltext.Source{From: q.table, Where: q.where, Score: q.score, Strong: q.strong, Weak: q.weak}
	if src.Groups, err = q.groups.check(); err != nil {
		return d, src, err
	}
	pair, err := cmdutil.ParsePair(q.pair)
	if err != nil {
		return d, src, err
	}
	if q.score == "" {
		return d, src, errors.New("--score is empty: want the column of the scores")
	}
	if q.pair != "" {
		if q.strong != "" || q.weak != "" {
			return d, src, errors.New("--pair and --strong or --weak both name the qualities: give one of them")
		}
		src.Strong, src.Weak = "quality:"+pair.Strong, "quality:"+pair.Weak
	}
	return d, src, q.checkQualities(src)
}

// checkQualities returns an error unless both qualities are named, or neither with --scores-only.
func (q *scored) checkQualities(src sqltext.Source) error {
	switch {
	case q.scoresOnly && src.Strong+src.Weak != "":
		return errors.New("--scores-only and columns of qualities: give one of them")
	case !q.scoresOnly && (src.Strong == "" || src.Weak == ""):
		return hint.With(errors.New("the columns of the qualities are missing: give --pair, or --strong and --weak"),
			"--pair big,small reads the columns quality:big and quality:small",
			"--strong big_ok --weak small_ok reads the columns big_ok and small_ok",
			"--scores-only reads no qualities, for thresholds and drift")
	}
	return nil
}
