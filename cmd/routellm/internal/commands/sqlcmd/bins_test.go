package sqlcmd

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/binned"
	"github.com/routellm/routellm/sqltext"
)

// histogram counts scores per bin.
func histogram(bins sqltext.Bins, scores []float64) []binned.Bin {
	at := map[float64]int{}
	var out []binned.Bin
	for _, s := range scores {
		key := bins.Of(s)
		i, ok := at[key]
		if !ok {
			i, at[key] = len(out), len(out)
			out = append(out, binned.Bin{Min: s, Max: s})
		}
		out[i].Min, out[i].Max, out[i].Rows, out[i].N = min(out[i].Min, s), max(out[i].Max, s), out[i].Rows+1, out[i].N+1
	}
	return out
}

// write writes a histogram as an engine does.
func write(t *testing.T, bins []binned.Bin) string {
	t.Helper()
	text := "bin,score_min,score_max,n\n,,,3\n"
	for i, b := range bins {
		text += fmt.Sprintf("%d,%v,%v,%d\n", i, b.Min, b.Max, b.Rows)
	}
	path := filepath.Join(t.TempDir(), "histogram.csv")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// skewed returns scores most of which lie in a small part of their range, with ties.
func skewed(n int) []float64 {
	scores := make([]float64, n)
	for i := range scores {
		scores[i] = math.Exp(12 * float64(i*i%1009) / 1009)
	}
	return append(scores, 1e6, -1e5)
}

// TestKnots draws bins and expects ascending knots from the first score to the last, with about
// equally many rows between them unless one bin has more.
func TestKnots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 1, 200).Draw(t, "scores")
		lo, hi := slices.Min(scores), slices.Max(scores)
		bins, err := sqltext.Even(lo, hi, rapid.IntRange(1, 100).Draw(t, "bins"))
		if err != nil {
			t.Fatal(err)
		}
		at := knots(histogram(bins, scores), rapid.IntRange(1, 64).Draw(t, "pieces"), rapid.IntRange(0, outliers).Draw(t, "gaps"))
		if at[0] != lo || at[len(at)-1] != hi || !slices.IsSorted(at) || len(slices.Compact(slices.Clone(at))) != len(at) {
			t.Fatalf("knots %v of scores from %v to %v", at, lo, hi)
		}
	})
}

// TestKnotsNarrowBins expects each round of bins by a first summary to divide the largest bin.
func TestKnotsNarrowBins(t *testing.T) {
	scores := skewed(100000)
	bins, err := sqltext.Even(slices.Min(scores), slices.Max(scores), 1<<12)
	if err != nil {
		t.Fatal(err)
	}
	before := largest(histogram(bins, scores))
	for round := range 3 {
		if bins, err = sqltext.Pieces(knots(histogram(bins, scores), densePieces, outliers), 1<<12); err != nil {
			t.Fatal(err)
		}
		now := largest(histogram(bins, scores))
		t.Logf("round %d: the largest bin has %d rows, %d before", round+1, now, before)
		if now > max(before/8, 300) {
			t.Errorf("round %d: the largest bin has %d rows, %d before", round+1, now, before)
		}
		before = now
	}
}

// largest returns the number of rows of the largest bin with several scores.
func largest(bins []binned.Bin) int64 {
	most := int64(0)
	for _, b := range bins {
		if b.Min < b.Max {
			most = max(most, b.Rows)
		}
	}
	return most
}

// TestLike expects the bins of a reference back, whether its range came from a scan or from a person.
func TestLike(t *testing.T) {
	scores := make([]float64, 5000)
	for i := range scores {
		scores[i] = 0.025 + 0.9*math.Mod(float64(i)*0.6180339887, 1)
	}
	for _, from := range []float64{slices.Min(scores), 0, 0.02} {
		bins, err := sqltext.Even(from, slices.Max(scores), 300)
		if err != nil {
			t.Fatal(err)
		}
		reference := histogram(bins, scores)
		got, err := like(context.Background(), io.Discard, []string{write(t, reference)})
		if err != nil {
			t.Fatal(err)
		}
		if used, ok := holds(got, reference); !ok || used != len(reference) {
			t.Errorf("range from %v: %d of %d bins, whole %v", from, used, len(reference), ok)
		}
	}
	if _, err := like(context.Background(), io.Discard, []string{write(t, []binned.Bin{{Min: 0, Max: 0.6, Rows: 1}, {Min: 0.65, Max: 0.66, Rows: 1}, {Min: 0.67, Max: 1, Rows: 2}})}); err == nil {
		t.Error("uneven bins are taken for even ones")
	}
}

// TestOpenMergesNeighbours expects one range for neighbouring bins.
func TestOpenMergesNeighbours(t *testing.T) {
	var bins []binned.Bin
	for i := range 6 {
		bins = append(bins, binned.Bin{Min: float64(i), Max: float64(i) + 0.5, Rows: 10, N: 10, Strong: 8, Weak: 5, Gain2: 5})
	}
	s, err := binned.New(binned.Summary{Bins: bins})
	if err != nil {
		t.Fatal(err)
	}
	ranges, rows := open(s, eval.Points{}, []float64{0.15, 0.25, 0.75})
	if want := []sqltext.Range{{Lo: 4, Hi: 5.5}, {Lo: 1, Hi: 1.5}}; !slices.Equal(ranges, want) || rows != 30 {
		t.Errorf("%v with %d rows, want %v", ranges, rows, want)
	}
}

// TestKnotsFewBins expects even a few bins by a first summary to be about as narrow where most scores are
// as those of equal width, of scores that are not skewed, and not to be spent on the gaps between rare scores.
func TestKnotsFewBins(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	scores := make([]float64, 20000)
	for i := range scores {
		scores[i] = rng.NormFloat64()
	}
	even := func(n int) sqltext.Bins {
		bins, err := sqltext.Even(slices.Min(scores), slices.Max(scores), n)
		if err != nil {
			t.Fatal(err)
		}
		return bins
	}
	for _, n := range []int{64, 128, 256, 1024} {
		pieces, gaps := piecesFor(n)
		bins, err := sqltext.Pieces(knots(histogram(even(1<<12), scores), pieces, gaps), n)
		if err != nil {
			t.Fatal(err)
		}
		got, want := largest(histogram(bins, scores)), largest(histogram(even(n), scores))
		t.Logf("%d bins: the largest has %d rows, and %d of equal width", n, got, want)
		if got > want+want/2 {
			t.Errorf("%d bins: the largest has %d rows, and %d of equal width", n, got, want)
		}
	}
}
