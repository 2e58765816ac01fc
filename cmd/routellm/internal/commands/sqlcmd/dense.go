package sqlcmd

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets/summaries"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/sqltext"
)

// densePieces is the number of pieces with equally many rows into which scores are cut by a first
// summary. With those that knots adds, a CASE has at most 64 branches.
const densePieces = 24

// readSummary reads the summary of one router.
func readSummary(ctx context.Context, paths []string) (*binned.Summary, error) {
	found, err := summaries.Read(ctx, paths, summaries.Options{ScoresOnly: true})
	if err != nil {
		return nil, err
	}
	if len(found.Routers) > 1 {
		return nil, hint.With(fmt.Errorf("%s: summaries of %s: want that of one", text.Quoted(paths, 3), text.Plural(len(found.Routers), "router")),
			"write one file per router: each has a query of its own")
	}
	return found.Routers[0].Summary, nil
}

// dense returns bins that are narrow where the scores of a first summary are dense.
func (b *binning) dense(ctx context.Context, w io.Writer, buckets bool) (sqltext.Bins, error) {
	s, err := readSummary(ctx, b.first)
	if err != nil {
		return sqltext.Bins{}, err
	}
	usual := usualBins
	if s.Rows() > manyRows {
		usual = manyBins
	}
	n := b.count(usual, buckets)
	pieces, gaps := piecesFor(n)
	at := knots(s.Bins, pieces, gaps)
	if len(at) == 1 {
		return sqltext.Even(at[0], at[0], n)
	}
	bins, err := sqltext.Pieces(at, max(n, len(at)-1))
	if err == nil {
		note(w, fmt.Sprintf("about %s in %s, for scores from %v to %v",
			text.Plural(bins.Count(), "bin"), text.Plural(len(at)-1, "piece"), at[0], at[len(at)-1]))
	}
	return bins, err
}

// outliers is the largest number of gaps between scores, the widest ones, that pieces leave out. Each
// gap costs the bins of two pieces, so that few bins leave out fewer.
const outliers = 8

// piecesFor returns the number of pieces, and of gaps beside which there are more, for n bins: few bins
// must not be spent on gaps.
func piecesFor(n int) (pieces, gaps int) { return min(densePieces, 1+n/16), min(outliers, n/128) }

// knots divides the scores of bins into pieces, by their ends: about so many with equally many rows
// each. Inside a bin it takes the rows to be spread evenly. A bin that holds several of these pieces
// also begins and ends one, and so do the scores beside the widest gaps, since pieces are wide where
// nothing lies. There are at most twice as many pieces as asked for, and two per gap.
func knots(bins []binned.Bin, pieces, gaps int) []float64 {
	bins = slices.Clone(bins)
	slices.SortFunc(bins, func(a, b binned.Bin) int { return cmp.Compare(a.Min, b.Min) })
	total := 0.0
	for _, b := range bins {
		total += float64(b.Rows)
	}
	var out []float64
	add := func(x float64) { out = append(out, x) }
	each, before, next := total/float64(pieces), 0.0, 1
	for _, b := range bins {
		rows := float64(b.Rows)
		if before+rows >= float64(next+1)*each { // several pieces end here
			add(math.Nextafter(b.Min, math.Inf(-1)))
			add(b.Max)
		}
		for ; next < pieces && float64(next)*each <= before+rows; next++ {
			add(min(b.Max, b.Min+(float64(next)*each-before)/rows*(b.Max-b.Min)))
		}
		before += rows
	}
	lo, hi := bins[0].Min, bins[len(bins)-1].Max
	out = append(append(out, lo, hi), besideGaps(bins, gaps)...)
	slices.Sort(out)
	return slices.Compact(slices.DeleteFunc(out, func(x float64) bool { return x < lo }))
}

// besideGaps returns the scores at both ends of the widest gaps between ascending bins.
func besideGaps(bins []binned.Bin, gaps int) []float64 {
	after := make([]int, len(bins)-1)
	for i := range after {
		after[i] = i
	}
	slices.SortStableFunc(after, func(i, j int) int {
		return cmp.Compare(bins[j+1].Min-bins[j].Max, bins[i+1].Min-bins[i].Max)
	})
	var out []float64
	for _, i := range after[:min(gaps, len(after))] {
		out = append(out, bins[i].Max, math.Nextafter(bins[i+1].Min, math.Inf(-1)))
	}
	return out
}
