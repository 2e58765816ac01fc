package eval

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestProbabilityByHand compares with values worked out by hand for four samples with two
// distinct scores and one tie.
func TestProbabilityByHand(t *testing.T) {
	o := Outcomes{Strong: []float64{1, 1, 0, 1}, Weak: []float64{0, 1, 1, 0}} // needed: yes, tie, no, yes
	p, err := NewProbability(o, singles(4), []float64{0.8, 0.2, 0.2, 0.8}, 2, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"ties", p.Ties, 0.25}, {"event", p.Event, 0.5}, {"brier", p.Brier, 0.04}, {"constant", p.Constant, 0.25},
		{"skill", p.Skill, 0.84}, {"miscalibration", p.Miscalib, 0.04}, {"resolution", p.Resolution, 0.25},
		{"within", p.Within, 0}, {"error", p.Error, 0.2}, {"bins", float64(len(p.Bins)), 2},
	} {
		within(t, c.what, c.got, c.want, 1e-12)
	}
	if b := p.Bins[0]; b.Lo != 0.8 || b.N != 2 || b.Event != 1 {
		t.Errorf("first bin is %+v, want two samples with score 0.8 that need the strong model", b)
	}
	for _, bad := range []float64{1.01, -0.1, math.NaN()} {
		if _, err := NewProbability(o, singles(4), []float64{0.8, 0.2, bad, 0.8}, 2, 0.95); err == nil {
			t.Errorf("NewProbability accepts a score of %v", bad)
		}
	}
}

// TestDecomposition checks that with one bin per distinct score the three parts add up to the
// Brier score, and that bins hold every sample once and keep equal scores together.
func TestDecomposition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, scores := drawCase(t, 30)
		for i := range scores {
			scores[i] = (scores[i] + 3) / 6
		}
		p, err := NewProbability(o, singles(o.N()), scores, 1000, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		close9(t, "within", p.Within, 0)
		few, err := NewProbability(o, singles(o.N()), scores, 3, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for i, b := range few.Bins {
			total += b.N
			if i > 0 && b.Hi >= few.Bins[i-1].Lo {
				t.Fatalf("bins %d and %d overlap", i-1, i)
			}
		}
		if total != o.N() || len(few.Bins) > 3 {
			t.Fatalf("%d of %d samples in %d bins, want all of them in at most 3", total, o.N(), len(few.Bins))
		}
	})
}

// TestCalibratedScores checks that scores equal to the true probabilities have hardly any
// miscalibration, and that the bins' intervals cover the scores.
func TestCalibratedScores(t *testing.T) {
	const n = 50000
	r := rand.New(rand.NewPCG(1, 1))
	o, scores := Outcomes{Weak: make([]float64, n)}, make([]float64, n)
	for i := range scores {
		scores[i] = r.Float64()
		o.Strong = append(o.Strong, bit(r, scores[i]))
	}
	p, err := NewProbability(o, singles(n), scores, 10, 0.99)
	if err != nil {
		t.Fatal(err)
	}
	if p.Miscalib > 1e-4 || p.Error > 0.01 || math.Abs(p.Brier-1.0/6) > 0.005 || math.Abs(p.Resolution-1.0/12) > 0.005 {
		t.Errorf("%+v", p)
	}
	for _, b := range p.Bins {
		if b.N != n/10 || b.Score < b.Interval.Lo || b.Score > b.Interval.Hi {
			t.Errorf("bin %+v", b)
		}
	}
}
