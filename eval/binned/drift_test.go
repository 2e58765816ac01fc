package binned

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/routellm/routellm/eval"
)

// histogram sums up scores between edges.
func histogram(t *rapid.T, edges, scores []float64) *Summary {
	b := NewBuilder(edges, 0)
	for _, x := range scores {
		b.Add(x, 0, 0, 1, 0)
	}
	s, err := b.Summary()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDrift compares drift between histograms with that between the scores: exact on single scores, inside the ranges else.
func TestDrift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 40), func(k int) float64 { return float64(k) / 4 }), 1, 200)
		before, after := draw.Draw(t, "before"), draw.Draw(t, "after")
		want, err := eval.NewDrift(before, after)
		if err != nil {
			t.Fatal(err)
		}
		var fine, wide []float64
		for k := range 41 {
			fine = append(fine, float64(k)/4)
			if k%5 == 3 {
				wide = append(wide, float64(k)/4)
			}
		}
		exact, err := NewDrift(histogram(t, fine, before), histogram(t, fine, after))
		if err != nil {
			t.Fatal(err)
		}
		if exact.KS != exactly(want.KS) || exact.P.Value != want.P || math.Abs(exact.PSI-want.PSI) > 1e-12 || !exact.KS.Exact() {
			t.Fatalf("single scores: %+v, want %+v", exact, want)
		}
		d, err := NewDrift(histogram(t, wide, before), histogram(t, wide, after))
		if err != nil { // all scores are in one range
			return
		}
		if !(d.KS.Lo <= want.KS+1e-12 && want.KS <= d.KS.Hi+1e-12 && d.P.Lo <= want.P+1e-12 && want.P <= d.P.Hi+1e-12) {
			t.Fatalf("wide bins: KS %v and P %v, want the exact %v and %v inside", d.KS, d.P, want.KS, want.P)
		}
		for _, confidence := range []float64{0.5, 0.95} {
			drifted, certain := d.Drifted(confidence)
			if exact := (eval.Drift{P: want.P, PSI: d.PSI}).Drifted(confidence); certain && drifted != exact {
				t.Fatalf("drifted %v is called certain, but the scores say %v", drifted, exact)
			}
		}
	})
}

// TestDriftOfOtherBins refuses summaries whose bins overlap throughout.
func TestDriftOfOtherBins(t *testing.T) {
	a, _ := New(Summary{Bins: []Bin{{Min: 0, Max: 1, Rows: 2, N: 2}}})
	b, _ := New(Summary{Bins: []Bin{{Min: 0.5, Max: 2, Rows: 2, N: 2}}})
	if _, err := NewDrift(a, b); err == nil {
		t.Error("no error for bins without a common edge")
	}
}

// TestDesignOfBuckets: clusters of equal scores, whole in buckets, have a design effect of about their size.
func TestDesignOfBuckets(t *testing.T) {
	const size = 5
	b := NewBuilder([]float64{1}, 400)
	for cluster := range 20_000 {
		for range size {
			b.Add(float64(mix(uint64(cluster))%2), 0, 0, 1, int(mix(uint64(cluster)+1<<40)%400))
		}
	}
	s, err := b.Summary()
	if err != nil {
		t.Fatal(err)
	}
	if d := s.Design(1); math.Abs(d.Effect-size) > 1 || math.Abs(d.Clusters-400) > 20 {
		t.Errorf("design %+v, want an effect of about %d by 400 buckets", d, size)
	}
	if worth := s.Worth(); math.Abs(worth/20_000-1) > 0.25 {
		t.Errorf("the scores are worth %v, want about 20,000", worth)
	}
}

// TestDriftInWideBins compares equal scores that one bin holds: PSI of whole bins sees no change inside of it, and no
// verdict is certain.
func TestDriftInWideBins(t *testing.T) {
	s, err := New(Summary{Bins: []Bin{{Min: 0, Max: 1, N: 1000, Rows: 1000}, {Min: 2, Max: 2, N: 5, Rows: 5}}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDrift(s, s)
	if err != nil {
		t.Fatal(err)
	}
	if drifted, certain := d.Drifted(0.95); drifted || certain || !d.Coarse {
		t.Errorf("drifted %v, certain %v, coarse %v: want an uncertain verdict", drifted, certain, d.Coarse)
	}
}
