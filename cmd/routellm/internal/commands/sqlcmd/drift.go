package sqlcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/sqltext"
)

// driftOptions holds the flags of drift.
type driftOptions struct {
	scored
	binning
	reference []string
}

func newCmdDrift(s cmdutil.Streams) *cobra.Command {
	var o driftOptions
	c := &cobra.Command{
		Use:   "drift --dialect D --table TEXT --reference FILE",
		Short: "Count new scores in the bins of a reference",
		Long: `Print a query for a histogram of new scores in the bins of an earlier summary,
the reference. calibrate --summary REFERENCE --drift FILE compares both.

--reference FILE finds out which bins of equal width the reference has. If its
bins are others, give --scan, --range, --summary and --bins exactly as for the
reference. Scores beyond the reference's range fall into one bin at each end.`,
		Example: `  routellm sql drift --dialect duckdb --table logs --reference summary.csv
  routellm sql drift --dialect duckdb --table logs --range 0,1`,
		Args: cmdutil.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runDrift(c.Context(), s, o) },
	}
	o.scored.add(c, false)
	c.Flags().StringArrayVar(&o.reference, "reference", nil, "`FILE` with the summary of the reference; may be repeated for parts of one")
	o.binning.add(c)
	return c
}

func runDrift(ctx context.Context, s cmdutil.Streams, o driftOptions) error {
	d, src, err := o.scored.check()
	if err != nil {
		return err
	}
	var bins sqltext.Bins
	switch {
	case len(o.reference) > 0 && o.given() > 0:
		return errors.New("--reference and --scan, --range or --summary: give one of them")
	case len(o.reference) > 0:
		bins, err = like(ctx, s.Err, o.reference)
	case o.given() == 0:
		return hint.With(errors.New("--reference, --scan, --range or --summary is required"), "they say which bins the reference has")
	default:
		bins, err = o.of(ctx, s.Err, o.buckets > 0)
	}
	if err != nil {
		return err
	}
	return o.write(s.Out, d.Summary(sqltext.Summary{Source: src, Bins: bins}))
}

// like returns the narrowest bins of equal width that each hold whole bins of the reference. Those begin
// at its lowest score, as a scan finds it, or at a shorter number below, as a person writes a range.
func like(ctx context.Context, w io.Writer, reference []string) (sqltext.Bins, error) {
	s, err := readSummary(ctx, reference)
	if err != nil {
		return sqltext.Bins{}, err
	}
	lo, hi := s.Bins[len(s.Bins)-1].Min, s.Bins[0].Max
	from := []float64{lo, math.Floor(lo), math.Floor(10*lo) / 10, math.Floor(100*lo) / 100}
	for n := maxBins; n >= 1; n /= 2 {
		for _, from := range from {
			bins, err := sqltext.Even(min(from, lo), hi, n)
			if err != nil {
				return bins, err
			}
			if used, ok := holds(bins, s.Bins); ok && 2*used >= len(s.Bins) {
				note(w, fmt.Sprintf("%s of the reference, for scores from %v to %v", text.Plural(used, "bin"), from, hi))
				return bins, nil
			}
		}
	}
	return sqltext.Bins{}, hint.With(fmt.Errorf("%s: no bins of equal width hold its bins", text.Quoted(reference, 3)),
		"give --scan, --range, --summary and --bins as for the reference")
}

// holds reports whether each bin of a summary lies in one of the bins, and in how many of them they lie.
func holds(bins sqltext.Bins, of []binned.Bin) (used int, ok bool) {
	last := 0.0
	for i, b := range of {
		at := bins.Of(b.Min)
		if bins.Of(b.Max) != at {
			return 0, false
		}
		if i == 0 || at != last {
			used++
		}
		last = at
	}
	return used, true
}
