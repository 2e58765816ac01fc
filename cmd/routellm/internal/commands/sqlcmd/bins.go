package sqlcmd

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/sqltext"
)

// The default numbers of bins: usually, for more than manyRows rows, and with buckets, which multiply
// the rows of a summary.
const (
	usualBins    = 1 << 16
	manyBins     = 1 << 20
	manyRows     = 1e8
	bucketedBins = 1 << 10
	maxBins      = 1 << 24
)

// binning holds the flags that say how scores are cut into bins.
type binning struct {
	scanFile string
	span     string
	first    []string // files of a first summary
	bins     int
	cut      cut
}

// cut says what is cut into bins, and how.
type cut struct {
	what, how string
	bins      func(lo, hi float64, n int) (sqltext.Bins, error)
}

var (
	scores  = cut{"score", "of equal width", sqltext.Even}
	lambdas = cut{"lambda", "that grow with it", sqltext.Doubling}
)

func (b *binning) add(c *cobra.Command) {
	b.cut = scores
	f := c.Flags()
	f.StringVar(&b.scanFile, "scan", "", "`FILE` with the result of sql scan, which says how to cut scores into bins")
	f.StringVar(&b.span, "range", "", "range of scores `LO,HI` to cut into bins of equal width, instead of --scan")
	f.StringArrayVar(&b.first, "summary", nil, "`FILE` of a first summary: bins are then narrow where scores are dense; may be repeated")
	f.IntVar(&b.bins, "bins", 0, "number `N` of bins (default 65,536; above 1e8 rows 1,048,576; with --buckets 1,024)")
}

// given returns how many of the flags that exclude each other are set.
func (b *binning) given() int {
	n := 0
	for _, set := range []bool{b.scanFile != "", b.span != "", len(b.first) > 0} {
		if set {
			n++
		}
	}
	return n
}

// of returns the bins, and says on w which they are. rows > manyRows and buckets choose how many.
func (b *binning) of(ctx context.Context, w io.Writer, buckets bool) (sqltext.Bins, error) {
	switch {
	case b.given() > 1:
		return sqltext.Bins{}, errors.New("--scan, --range and --summary exclude each other: give one of them")
	case b.bins < 0 || b.bins > maxBins:
		return sqltext.Bins{}, fmt.Errorf("--bins %d: want 1 to %d", b.bins, maxBins)
	case b.given() == 0 && b.bins > 0:
		return sqltext.Bins{}, hint.With(errors.New("--bins needs a range"), "give --scan FILE or --range LO,HI")
	case b.given() == 0:
		note(w, "one row per distinct "+b.cut.what+"; --scan or --range make it one per bin")
		return sqltext.Bins{}, nil
	case b.span != "":
		lo, hi, err := cmdutil.ParseRange(b.span)
		if err != nil {
			return sqltext.Bins{}, err
		}
		return b.between(w, lo, hi, usualBins, buckets)
	case b.scanFile != "":
		return b.scanned(ctx, w, buckets)
	}
	return b.dense(ctx, w, buckets)
}

// scanned returns the bins for the result of a scan: one per distinct score if they are few.
func (b *binning) scanned(ctx context.Context, w io.Writer, buckets bool) (sqltext.Bins, error) {
	x, err := readScan(ctx, b.scanFile)
	if err != nil {
		return sqltext.Bins{}, err
	}
	if left := int(x.total - x.usable); left > 0 {
		note(w, fmt.Sprintf("%s of %s cannot be used", text.Thousands(left), text.Plural(int(x.total), "row")))
	}
	usual := usualBins
	if x.total > manyRows {
		usual = manyBins
	}
	if n := b.count(usual, buckets); x.distinct <= float64(n)/2 {
		note(w, fmt.Sprintf("about %s: one row for each, and the result is exact", text.Plural(int(x.distinct), "distinct "+b.cut.what)))
		return sqltext.Bins{}, nil
	}
	return b.between(w, x.lo, x.hi, usual, buckets)
}

// count returns the number of bins.
func (b *binning) count(usual int, buckets bool) int {
	switch {
	case b.bins > 0:
		return b.bins
	case buckets:
		return bucketedBins
	}
	return usual
}

// between returns bins for a range.
func (b *binning) between(w io.Writer, lo, hi float64, usual int, buckets bool) (sqltext.Bins, error) {
	n := b.count(usual, buckets)
	bins, err := b.cut.bins(lo, hi, n)
	if err == nil {
		note(w, fmt.Sprintf("at most %s %s, for %ss from %v to %v", text.Plural(n, "bin"), b.cut.how, b.cut.what, lo, hi))
	}
	return bins, err
}

// note writes a note for people.
func note(w io.Writer, what string) { fmt.Fprintln(w, text.Wrap("note: "+what)) }
