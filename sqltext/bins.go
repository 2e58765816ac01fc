package sqltext

import (
	"fmt"
	"math"
	"strings"
)

// Bins cuts the range of scores into bins. The zero value stands for one bin per distinct score.
// Scores below and above the range each fall into one more bin, so that any table can be cut like
// another one.
type Bins struct {
	pieces []piece
	per    int // about how many bins a piece has
}

// piece is a part of the range with bins of equal width.
type piece struct {
	lo, hi        float64 // first and last score
	origin, scale float64 // a score s falls into bin floor((s - origin) * scale); scale is a power of two
}

// Even returns at most n bins of equal width over the scores from lo to hi, and more than n/2 of
// them. It returns an error unless lo <= hi, both are finite and n is at least 1.
func Even(lo, hi float64, n int) (Bins, error) {
	knots := []float64{lo}
	if hi-lo > math.MaxFloat64/4 { // differences of scores may not be numbers
		for _, x := range []float64{-1, 1} {
			if lo < x && x < hi {
				knots = append(knots, x)
			}
		}
	}
	return Pieces(append(knots, hi), n)
}

// Doubling returns about n bins over the numbers from lo to hi, both above 0: equally many for each time
// that a number doubles or, over a wide range, grows by a larger power of two. They suit numbers that
// differ by orders of magnitude. It returns an error unless 0 < lo <= hi, both are finite and n is at
// least 128.
func Doubling(lo, hi float64, n int) (Bins, error) {
	if !(lo > 0 && lo <= hi) || !finite(hi) || n < 2*mostPieces {
		return Bins{}, fmt.Errorf("range from %v to %v in %d bins: want two finite numbers above 0, the smaller one first, and at least %d bins", lo, hi, n, 2*mostPieces)
	}
	_, first := math.Frexp(lo)
	_, last := math.Frexp(hi)
	step := 1 + (last-first)/mostPieces
	knots := []float64{lo}
	for e := first; math.Ldexp(1, e) < hi; e += step {
		knots = append(knots, math.Ldexp(1, e))
	}
	return Pieces(append(knots, hi), n)
}

// mostPieces is about the largest number of pieces of [Doubling], each of which is a branch of a CASE.
const mostPieces = 64

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Pieces returns n bins in all, equally many between each two successive knots. Such bins suit
// scores most of which lie in a small part of their range. It returns an error for fewer than two
// knots, for knots that are not finite or not in order, and for fewer bins than pieces.
func Pieces(knots []float64, n int) (Bins, error) {
	pieces := len(knots) - 1
	if pieces < 1 || n < pieces {
		return Bins{}, fmt.Errorf("%d bins between %d knots: want at least two knots, and one bin between each two", n, len(knots))
	}
	b := Bins{per: n / pieces}
	for j := range pieces {
		lo, hi := knots[j], knots[j+1]
		if !finite(lo) || !finite(hi) || lo > hi || lo == hi && pieces > 1 {
			return Bins{}, fmt.Errorf("range of scores from %v to %v: want two finite numbers, the smaller one first", lo, hi)
		}
		b.pieces = append(b.pieces, newPiece(lo, hi, b.per))
	}
	return b, nil
}

// newPiece returns a piece with at most n bins. Its origin lies one bin below the range, because
// PostgreSQL fails where a tiny difference times the scale would be 0.
func newPiece(lo, hi float64, n int) piece {
	scale := 1.0
	if hi > lo {
		scale = powerOfTwo(float64(n), hi-lo)
	}
	origin := lo - 1/scale
	if !finite(hi - origin) {
		origin = lo
	}
	return piece{lo, hi, origin, scale}
}

// powerOfTwo returns the largest power of two at most n / width.
func powerOfTwo(n, width float64) float64 {
	_, a := math.Frexp(n)
	_, b := math.Frexp(width)
	e := a - b
	for e > 1022 || math.Ldexp(width, e) > n {
		e--
	}
	return math.Ldexp(1, max(e, -1022))
}

// Count returns about how many bins there are, 0 for one per distinct score.
func (b Bins) Count() int { return b.per * len(b.pieces) }

// stride returns the distance between the numbers of the first bins of two pieces. A piece has one
// bin more than asked for where hi falls on an edge, and one where its origin lies below.
func (b Bins) stride() int { return b.per + 2 }

// branches returns the cases of an expression that numbers the bins of s by rising score.
func (b Bins) branches(d Dialect, s string) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n      WHEN %s < %s THEN -1", s, d.literal(b.pieces[0].lo))
	for j, p := range b.pieces {
		fmt.Fprintf(&text, "\n      WHEN %s <= %s THEN %s", s, d.literal(p.hi), d.as(fmt.Sprintf("FLOOR((%s - %s) * %s)", s, d.signed(p.origin), d.literal(p.scale)), d.integer))
		if j > 0 {
			fmt.Fprintf(&text, " + %d", j*b.stride())
		}
	}
	fmt.Fprintf(&text, "\n      ELSE %d", len(b.pieces)*b.stride())
	return text.String()
}

// Of returns the number of the bin of a finite score, by rising score: -1 for scores below the range.
// It is the score itself where each has its own bin.
func (b Bins) Of(score float64) float64 {
	if len(b.pieces) == 0 {
		return score
	}
	if score < b.pieces[0].lo {
		return -1
	}
	for j, p := range b.pieces {
		if score <= p.hi {
			return math.Floor((score-p.origin)*p.scale) + float64(j*b.stride())
		}
	}
	return float64(len(b.pieces) * b.stride())
}

// signed returns a literal that may follow a minus sign.
func (d Dialect) signed(x float64) string {
	if x < 0 {
		return "(" + d.literal(x) + ")"
	}
	return d.literal(x)
}
