package eval

import (
	"math/rand/v2"
	"testing"
)

// TestBetaBinomialQuantile compares with scipy.stats.betabinom.ppf(p, m, a, b) of SciPy 1.17.
func TestBetaBinomialQuantile(t *testing.T) {
	for _, c := range []struct {
		p    float64
		m    int64
		a, b float64
		want int64
	}{
		{0.025, 1000, 300, 701, 260}, {0.975, 1000, 300, 701, 340}, {0.025, 50, 5, 96, 0},
		{0.975, 50, 5, 96, 7}, {0.5, 1, 1, 1, 0}, {0.975, 200000, 4000, 6001, 81963}, {0.975, 0, 2, 3, 0},
	} {
		if got := betaBinomialQuantile(c.p, c.m, c.a, c.b); got != c.want {
			t.Errorf("quantile %v of %d draws, Beta(%v, %v): %d, want %d", c.p, c.m, c.a, c.b, got, c.want)
		}
	}
}

// TestNextCovers calibrates on 200 scores and counts the strong calls among the next 100,
// without and with ties. The interval must cover at least its nominal share, and little more.
func TestNextCovers(t *testing.T) {
	const runs, n, m = 2000, 200, 100
	for _, levels := range []int{1 << 30, 12} {
		r, covered, width := rand.New(rand.NewPCG(9, uint64(levels))), 0, int64(0)
		for range runs {
			scores := make([]float64, n)
			for i := range scores {
				scores[i] = float64(r.IntN(levels))
			}
			c := calibrated(t, scores, 0.3)
			calls := int64(0)
			for range m {
				if float64(r.IntN(levels)) >= c.Threshold {
					calls++
				}
			}
			lo, hi := c.Next(m, 0.9)
			width += hi - lo
			if lo <= calls && calls <= hi {
				covered++
			}
		}
		got := float64(covered) / runs
		t.Logf("%d levels: covered %.1f %%, mean width %.1f", levels, 100*got, float64(width)/runs)
		if got < 0.9-0.02 || got > 0.96 {
			t.Errorf("%d levels: coverage is %.3f, want 0.9 or little more", levels, got)
		}
	}
}

func TestNextAtTheEnds(t *testing.T) {
	c, err := Calibrate(StreamOf([]float64{1, 2, 2, 3}), []float64{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	if lo, hi := c[0].Next(10, 0.95); lo != 0 || hi != 0 {
		t.Errorf("strong fraction 0: %d to %d strong calls, want none", lo, hi)
	}
	if lo, hi := c[1].Next(10, 0.95); lo < 1 || hi != 10 {
		t.Errorf("strong fraction 1: %d to %d strong calls, want 1 or more to 10", lo, hi)
	}
}
