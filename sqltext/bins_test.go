package sqltext_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/sqltext"
)

// TestEven draws ranges of any size and expects bins in the order of the scores, between n/2 and n of
// them.
func TestEven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ends := []float64{rapid.Float64().Draw(t, "lo"), rapid.Float64().Draw(t, "hi")}
		slices.Sort(ends)
		n := rapid.IntRange(3, 1<<20).Draw(t, "n")
		b, err := sqltext.Even(ends[0], ends[1], n)
		if err != nil {
			t.Fatal(err)
		}
		x, y := rapid.Float64Range(ends[0], ends[1]).Draw(t, "x"), rapid.Float64Range(ends[0], ends[1]).Draw(t, "y")
		if x > y {
			x, y = y, x
		}
		i, j, last := b.Of(x), b.Of(y), b.Of(ends[1])
		if !(i <= j) || !(i >= 0) || !(j <= last) || i != math.Floor(i) {
			t.Fatalf("scores %v and %v fall into bins %v and %v of %v", x, y, i, j, last)
		}
		if ends[1]-ends[0] < math.MaxFloat64/4 && ends[0] < ends[1] && ends[1]-ends[0] > 0x1p-950 {
			if used := last - b.Of(ends[0]) + 1; used > float64(n)+1 || used < float64(n)/2 {
				t.Fatalf("%v bins from %v to %v, want about %d", used, ends[0], ends[1], n)
			}
		}
		if below := math.Nextafter(ends[0], math.Inf(-1)); !math.IsInf(below, 0) && b.Of(below) != -1 {
			t.Fatalf("a score below the range falls into bin %v", b.Of(below))
		}
		if above := math.Nextafter(ends[1], math.Inf(1)); !math.IsInf(above, 0) && b.Of(above) <= last {
			t.Fatalf("a score above the range falls into bin %v of %v", b.Of(above), last)
		}
	})
}

// TestPieces expects bins in the order of the scores across pieces.
func TestPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		knots := rapid.SliceOfNDistinct(rapid.Float64Range(-1e6, 1e6), 2, 20, rapid.ID[float64]).Draw(t, "knots")
		slices.Sort(knots)
		b, err := sqltext.Pieces(knots, rapid.IntRange(len(knots), 5000).Draw(t, "n"))
		if err != nil {
			t.Fatal(err)
		}
		at := slices.Concat(knots, rapid.SliceOfN(rapid.Float64Range(knots[0], knots[len(knots)-1]), 1, 50).Draw(t, "scores"))
		slices.Sort(at)
		for i := 1; i < len(at); i++ {
			if b.Of(at[i-1]) > b.Of(at[i]) {
				t.Fatalf("score %v falls into bin %v, %v into %v", at[i-1], b.Of(at[i-1]), at[i], b.Of(at[i]))
			}
		}
	})
}

// TestNoBins lists ranges that cannot be cut.
func TestNoBins(t *testing.T) {
	inf := math.Inf(1)
	for _, ends := range [][2]float64{{1, 0}, {math.NaN(), 1}, {0, math.NaN()}, {0, inf}, {-inf, 0}} {
		if _, err := sqltext.Even(ends[0], ends[1], 10); err == nil {
			t.Errorf("bins from %v to %v", ends[0], ends[1])
		}
	}
	for _, knots := range [][]float64{nil, {1}, {1, 1, 2}, {2, 1}, {0, 1, 2, 3}} {
		if _, err := sqltext.Pieces(knots, 2); err == nil {
			t.Errorf("bins between %v", knots)
		}
	}
	if b, err := sqltext.Even(1, 1, 10); err != nil || b.Of(1) < 0 || b.Of(0.9) != -1 {
		t.Errorf("one score: %v, %v", b, err)
	}
}

// TestBucket compares with the first hex digits of known digests.
func TestBucket(t *testing.T) {
	for name, first := range map[string]int{"": 0xd41d8cd, "abc": 0x9001509, "a": 0x0cc175b} {
		if got := sqltext.Bucket(name, 200); got != first%200 {
			t.Errorf("%q: bucket %d, want %d", name, got, first%200)
		}
	}
}
