package sqlcmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

func newCmdScan(s cmdutil.Streams) *cobra.Command {
	var q scored
	c := &cobra.Command{
		Use:   "scan --dialect D --table TEXT --pair STRONG,WEAK",
		Short: "Count the rows that can be used, and find the range of scores",
		Long: `Print a query for one row: the number of rows (total), of rows that can be used
(usable), and of the others by the first reason that applies; the smallest and
the largest usable score (lo, hi); and about how many distinct ones there are
(distinct_values). sql summary --scan reads the result.`,
		Example: `  routellm sql scan --dialect duckdb --table logs --pair big,small
  routellm sql scan --dialect postgres --table logs --scores-only`,
		Args: cmdutil.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			d, src, err := q.check()
			if err != nil {
				return err
			}
			return q.write(s.Out, d.Scan(src))
		},
	}
	q.add(c, true)
	return c
}

// scan is the result of a scan.
type scan struct {
	total, usable, lo, hi float64
	distinct              float64 // about; NaN if it is not known
}

// readScan reads the result of a scan.
func readScan(ctx context.Context, path string) (scan, error) {
	table, err := rows.Open(ctx, path, rows.Options{})
	if err != nil {
		return scan{}, err
	}
	defer table.Close()
	have := table.Columns()
	var want []string
	for _, name := range []string{"total", "usable", "lo", "hi", "distinct_values"} {
		i := slices.IndexFunc(have, func(h string) bool { return strings.EqualFold(h, name) })
		if i < 0 {
			return scan{}, hint.With(fmt.Errorf("%q: no column %q: want the result of sql scan", path, name), "its columns: "+strings.Join(have, ", "))
		}
		want = append(want, have[i])
	}
	var found []scan
	err = table.Scan(ctx, want, func(r rows.Row) error {
		x := num.NaNs(len(want))
		for i, c := range r.Cells {
			if v, err := strconv.ParseFloat(c.Text, 64); err == nil {
				x[i] = v
			}
		}
		found = append(found, scan{x[0], x[1], x[2], x[3], x[4]})
		return nil
	})
	if err != nil {
		return scan{}, err
	}
	if len(found) != 1 {
		return scan{}, fmt.Errorf("%q: %s: want the one row of sql scan", path, text.Plural(len(found), "row"))
	}
	if x := found[0]; !(x.usable > 0) {
		return x, hint.With(fmt.Errorf("%q: no row of the table can be used", path), "the other columns of the file count the reasons")
	} else if !num.Finite(x.lo) || !num.Finite(x.hi) || x.lo > x.hi {
		return x, errors.New(strconv.Quote(path) + ": lo and hi are not a range of scores")
	}
	return found[0], nil
}
