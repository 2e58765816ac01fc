package sqlcmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/sqltext"
)

// summaryOptions holds the flags of summary.
type summaryOptions struct {
	scored
	binning
	area bool
}

func newCmdSummary(s cmdutil.Streams) *cobra.Command {
	var o summaryOptions
	c := &cobra.Command{
		Use:   "summary --dialect D --table TEXT --pair STRONG,WEAK",
		Short: "Sum up the qualities per bin of scores",
		Long: `Print a query for a summary: one row per bin of scores, and per task and bucket
if wanted, with the smallest and the largest score, the number of rows, the
sums of both qualities and of the squared gains. One row with an empty bin
counts the rows that cannot be used.

--scan FILE reads the result of sql scan and cuts the range of scores into bins
of equal width. --range does so for a range that you know. If most scores lie in
a small part of the range, --summary FILE reads the result of a first summary
and makes narrow bins where scores are dense. Without any of the three there is
one row per distinct score, from which every number is exact.

--buckets 200 keeps clusters, such as conversations, whole and gives intervals.
--area makes areas exact too; the query then ranks the rows of each bin.`,
		Example: `  routellm sql summary --dialect duckdb --table logs --pair big,small
  routellm sql summary --dialect spark --table logs --pair big,small --range 0,1 --buckets 200`,
		Args: cmdutil.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runSummary(c.Context(), s, o) },
	}
	o.scored.add(c, true)
	o.binning.add(c)
	c.Flags().BoolVar(&o.area, "area", false, "also sum up the exact area inside each bin, for an exact APGR")
	return c
}

func runSummary(ctx context.Context, s cmdutil.Streams, o summaryOptions) error {
	d, src, err := o.scored.check()
	switch {
	case err != nil:
		return err
	case o.area && o.scoresOnly:
		return errors.New("--area and --scores-only: areas need the qualities")
	case o.area && o.task != "":
		return errors.New("--area and --task: areas of a bin are those of all its tasks; leave one out")
	}
	bins, err := o.of(ctx, s.Err, o.buckets > 0)
	if err != nil {
		return err
	}
	return o.write(s.Out, d.Summary(sqltext.Summary{Source: src, Bins: bins, Area: o.area}))
}
