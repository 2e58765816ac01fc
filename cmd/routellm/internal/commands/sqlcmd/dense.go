package sqlcmd

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/sqltext"
)

// densePieces is the largest number of pieces into which scores are cut by a first summary. Each is
// one branch of a CASE.
const densePieces = 64

// readSummary reads the summary of one router.
func readSummary(ctx context.Context, paths []string) (*binned.Summary, error) {
	found, err := summaries.Read(ctx, paths, summaries.Options{ScoresOnly: true})
	if err != nil {
		return nil, err
	}
	if len(found) > 1 {
		return nil, hint.With(fmt.Errorf("%s: summaries of %s: want that of one", text.Quoted(paths, 3), text.Plural(len(found), "router")),
			"write one file per router: each has a query of its own")
	}
	return found[0].Summary, nil
}

// dense returns bins that are narrow where the scores of a first summary are dense.
func (b *binning) dense(ctx context.Context, w io.Writer, buckets bool) (sqltext.Bins, error) {
	s, err := readSummary(ctx, b.first)
	if err != nil {
		return sqltext.Bins{}, err
	}
	total := 0.0
	for _, bin := range s.Bins {
		total += float64(bin.Rows)
	}
	usual := usualBins
	if total > manyRows {
		usual = manyBins
	}
	n := b.count(usual, buckets)
	at := knots(s.Bins, min(densePieces, n))
	if len(at) == 1 {
		return sqltext.Even(at[0], at[0], n)
	}
	bins, err := sqltext.Pieces(at, n)
	if err == nil {
		note(w, fmt.Sprintf("about %s in %s that hold equally many rows, for scores from %v to %v",
			text.Plural(bins.Count(), "bin"), text.Plural(len(at)-1, "piece"), at[0], at[len(at)-1]))
	}
	return bins, err
}

// knots divides the scores of bins into pieces with about equally many rows each, by the ends of the
// pieces. Inside a bin it takes the rows to be spread evenly. Bins of equal scores make pieces fall
// together, so that there may be fewer.
func knots(bins []binned.Bin, pieces int) []float64 {
	bins = slices.Clone(bins)
	slices.SortFunc(bins, func(a, b binned.Bin) int { return cmp.Compare(a.Min, b.Min) })
	total := 0.0
	for _, b := range bins {
		total += float64(b.Rows)
	}
	out, before, next := []float64{bins[0].Min}, 0.0, 1
	for _, b := range bins {
		rows := float64(b.Rows)
		for ; next < pieces && float64(next)*total <= (before+rows)*float64(pieces); next++ {
			share := (float64(next)*total/float64(pieces) - before) / rows
			if x := b.Min + share*(b.Max-b.Min); x > out[len(out)-1] {
				out = append(out, min(x, b.Max))
			}
		}
		before += rows
	}
	if last := bins[len(bins)-1].Max; last > out[len(out)-1] {
		out = append(out, last)
	}
	return out
}
