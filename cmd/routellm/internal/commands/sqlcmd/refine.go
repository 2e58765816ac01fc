package sqlcmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/sqltext"
)

// refineOptions holds the flags of refine and threshold.
type refineOptions struct {
	scored
	summary   []string
	points    eval.Points
	fractions []float64 // strong fractions whose thresholds are wanted
}

const refineFlags = `Give the same columns, --buckets, --task and --weight as for the summary, over the
same rows: readers compare the sums and say if the table has changed.`

func newCmdRefine(s cmdutil.Streams) *cobra.Command {
	var o refineOptions
	c := &cobra.Command{
		Use:   "refine --dialect D --table TEXT --pair A,B --summary FILE",
		Short: "Ask for the rows that make numbers of a summary exact",
		Long: `Print a query for one row per distinct score of the few bins of a summary that
keep the asked-for numbers from being exact. eval --summary FILE --refined FILE
puts its result in place of those bins.

` + refineFlags,
		Example: `  routellm sql refine --dialect duckdb --table logs --pair big,small --summary summary.csv
  routellm sql refine --dialect duckdb --table logs --pair big,small --summary summary.csv --cpt 50 -o refine.sql`,
		Args: cmdutil.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runRefine(c.Context(), s, o) },
	}
	o.add(c)
	f := c.Flags()
	o.points = harness.DefaultPoints()
	f.Var((*cmdutil.Percents)(&o.points.CPT), "cpt", "shares of the quality gap to recover, in per cent")
	f.Var((*num.Fractions)(&o.points.Fractions), "at", "strong fractions in [0,1] at which to know the quality")
	f.Var((*num.Fractions)(&o.points.Qualities), "quality", "shares of the strong model's quality to reach, in [0,1]")
	f.Var((*num.Fractions)(&o.fractions), "strong-fraction", "strong fractions in [0,1] whose thresholds to know")
	return c
}

func newCmdThreshold(s cmdutil.Streams) *cobra.Command {
	var o refineOptions
	c := &cobra.Command{
		Use:   "threshold --dialect D --table TEXT --summary FILE",
		Short: "Ask for the rows among which the thresholds for strong fractions are",
		Long: `Print a query for one row per distinct score of the bin of a summary that holds
the threshold for a share of strong calls: one bin per share. calibrate --summary
FILE --refined FILE then finds the threshold that calibrate finds among all rows.
A histogram of the scores, from sql summary --scores-only, is enough.

` + refineFlags,
		Example: `  routellm sql threshold --dialect duckdb --table logs --scores-only --strong-fraction 0.3 --summary summary.csv`,
		Args:    cmdutil.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return runThreshold(c.Context(), s, o) },
	}
	o.add(c)
	c.Flags().Var((*num.Fractions)(&o.fractions), "strong-fraction", "target shares of strong calls, in [0,1], separated by commas (required)")
	return c
}

func (o *refineOptions) add(c *cobra.Command) {
	o.scored.add(c, true)
	c.Flags().StringArrayVar(&o.summary, "summary", nil, "`FILE` with the summary (required); may be repeated for parts of one")
}

func runThreshold(ctx context.Context, s cmdutil.Streams, o refineOptions) error {
	if len(o.fractions) == 0 {
		return hint.With(errors.New("--strong-fraction is required"), "for example --strong-fraction 0.3")
	}
	return runRefine(ctx, s, o)
}

func runRefine(ctx context.Context, s cmdutil.Streams, o refineOptions) error {
	d, src, err := o.check()
	if err != nil {
		return err
	}
	if len(o.summary) == 0 {
		return hint.With(errors.New("--summary is required"), "it names the result of sql summary")
	}
	if err := checkPoints(o.points, o.fractions); err != nil {
		return err
	}
	summary, err := readSummary(ctx, o.summary)
	if err != nil {
		return err
	}
	if summary.Bucketed != (o.buckets > 0) || len(summary.Tasks) > 0 != (o.task != "") {
		return errors.New("--buckets and --task: want each here exactly if the summary has buckets or tasks, as it had them")
	}
	ranges, rows := open(summary, o.points, o.fractions)
	if len(ranges) == 0 {
		note(s.Err, "the summary gives all that was asked for exactly: no query is needed")
		return nil
	}
	note(s.Err, text.Plural(int(rows), "row")+" of the table, with scores in "+text.Plural(len(ranges), "range"))
	area := !slices.ContainsFunc(summary.Bins, func(b binned.Bin) bool { return math.IsNaN(b.Area) })
	return o.write(s.Out, d.Summary(sqltext.Summary{Source: src, Area: area, Within: ranges}))
}

// checkPoints returns an error for shares that are none.
func checkPoints(p eval.Points, fractions []float64) error {
	for _, r := range []struct {
		flag   string
		values []float64
		most   float64
	}{{"cpt", p.CPT, 100}, {"at", p.Fractions, 1}, {"quality", p.Qualities, 1}, {"strong-fraction", fractions, 1}} {
		for _, v := range r.values {
			if !(v >= 0 && v <= r.most) {
				return fmt.Errorf("--%s %v: want a number from 0 to %v", r.flag, v, r.most)
			}
		}
	}
	return nil
}

// open returns the ranges of scores of the bins that keep points and thresholds from being exact, by
// falling score, and the number of rows in them. Neighbouring bins make one range.
func open(s *binned.Summary, p eval.Points, fractions []float64) (ranges []sqltext.Range, rows int64) {
	wanted := make([]bool, len(s.Bins))
	for _, list := range [][]int{s.Open(p), s.OpenThresholds(fractions)} {
		for _, i := range list {
			wanted[i] = true
		}
	}
	for i, b := range s.Bins {
		if !wanted[i] {
			continue
		}
		rows += b.Rows
		if i > 0 && wanted[i-1] {
			ranges[len(ranges)-1].Lo = b.Min
		} else {
			ranges = append(ranges, sqltext.Range{Lo: b.Min, Hi: b.Max})
		}
	}
	return ranges, rows
}
