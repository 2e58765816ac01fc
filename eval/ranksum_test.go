package eval

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestRankSum holds the p values against scipy.stats.mannwhitneyu with method "asymptotic".
func TestRankSum(t *testing.T) {
	for _, c := range []struct {
		a, b  []float64
		p     float64
		above bool
	}{
		{[]float64{1, 2, 3, 4, 5}, []float64{6, 7, 8, 9, 10, 11}, 0.00811311726556578, false},
		{[]float64{3, 3, 5, 7, 7, 8}, []float64{1, 2, 3, 3, 5, 5, 6}, 0.12554813972638837, true},
		{[]float64{1, 1, 2}, []float64{1, 2, 2, 3, 3}, 0.20691387730884903, false},
		{[]float64{60, 61, 66, 66, 66, 66, 65, 66}, []float64{60, 61, 61, 60, 61, 61, 61, 60, 60, 61}, 0.007632849513788994, true},
		{[]float64{1, 1}, []float64{1, 1, 1}, 1, false},
		{nil, []float64{1}, 1, false},
		{[]float64{1}, nil, 1, false},
		{[]float64{1}, []float64{2}, 1, false},
	} {
		p, above := RankSum(c.a, c.b)
		if math.Abs(p-c.p) > 1e-12 || above != c.above && p < 1 {
			t.Errorf("%v, %v: p %v, above %v, expected %v, %v", c.a, c.b, p, above, c.p, c.above)
		}
	}
}

// TestRankSumLevel draws both samples from one distribution and expects p values below 1 % in
// about one of a hundred pairs.
func TestRankSumLevel(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 8))
	const pairs = 4000
	small := 0
	for range pairs {
		a, b := make([]float64, 8), make([]float64, 60)
		for _, x := range [][]float64{a, b} {
			for i := range x {
				x[i] = math.Round(20 * r.ExpFloat64())
			}
		}
		if p, _ := RankSum(a, b); p < 0.01 {
			small++
		}
	}
	if small > pairs/60 {
		t.Errorf("p below 0.01 in %d of %d pairs", small, pairs)
	}
}
