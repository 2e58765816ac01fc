package sqlcmd

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/sqltext"
)

// digestColumn is the column of normalised digests in the program's own files.
const digestColumn = "prompt_norm_sha256"

// promptOptions holds the flags of duplicates and leaks.
type promptOptions struct {
	query
	digest, id, cluster string
	digests, known      string // the other table, and its column
}

func (o *promptOptions) add(c *cobra.Command) {
	o.query.add(c)
	f := c.Flags()
	f.StringVar(&o.digest, "digest", digestColumn, "`COLUMN` of the prompts' normalised digests")
	f.StringVar(&o.id, "id", "sample_id", "`COLUMN` that names a row")
}

// check returns the dialect and the columns, or an error about the flags.
func (o *promptOptions) check() (sqltext.Dialect, sqltext.Prompts, error) {
	d, err := o.query.check()
	if err == nil && (o.digest == "" || o.id == "") {
		err = errors.New("--digest or --id is empty: want the name of a column")
	}
	return d, sqltext.Prompts{From: o.table, Where: o.where, Digest: o.digest, ID: o.id, Cluster: o.cluster}, err
}

func newCmdDuplicates(s cmdutil.Streams) *cobra.Command {
	var o promptOptions
	c := &cobra.Command{
		Use:   "duplicates --dialect D --table TEXT",
		Short: "List prompts that occur more than once",
		Long: `Print a query for one row per prompt that occurs more than once: its digest, in
how many rows (n), in how many clusters, and the first and the last of its
names. A row without a cluster is a cluster of its own.

Rows of one prompt are not independent. If clusters is above 1, intervals take
them to be: give such rows a common cluster, for example --cluster ` + digestColumn + `
for sql summary.`,
		Example: `  routellm sql duplicates --dialect duckdb --table logs`,
		Args:    cmdutil.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			d, p, err := o.check()
			if err != nil {
				return err
			}
			return o.write(s.Out, d.Duplicates(p))
		},
	}
	o.add(c)
	c.Flags().StringVar(&o.cluster, "cluster", "cluster", "`COLUMN` of the clusters, \"\" for none")
	return c
}

func newCmdLeaks(s cmdutil.Streams) *cobra.Command {
	var o promptOptions
	c := &cobra.Command{
		Use:   "leaks --dialect D --table TEXT --digests TEXT",
		Short: "List rows whose prompts a router was trained on",
		Long: `Print a query for the name and the digest of each row whose prompt is among the
digests of another table, such as those that datasets digests writes of a
router's training prompts. Leave these rows out of a summary with --where.`,
		Example: `  routellm sql leaks --dialect duckdb --table logs --digests digests.parquet`,
		Args:    cmdutil.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			d, p, err := o.check()
			if err == nil && (o.digests == "" || o.known == "") {
				err = hint.With(errors.New("--digests is required: the table of digests"), "routellm datasets digests --router ROUTER -o digests.parquet writes one")
			}
			if err != nil {
				return err
			}
			return o.write(s.Out, d.Leaks(p, o.digests, o.known))
		},
	}
	o.add(c)
	f := c.Flags()
	f.StringVar(&o.digests, "digests", "", "table of digests, as `TEXT` in the engine's SQL (required)")
	f.StringVar(&o.known, "digests-column", digestColumn, "`COLUMN` of the digests there")
	return c
}
