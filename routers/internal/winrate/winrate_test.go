package winrate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestFit recovers the win rates that outcomes were drawn from.
func TestFit(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	truth := Scale{Slope: 1.5, Shift: -0.5}
	score, won := make([]float64, 20_000), make([]float64, 20_000)
	for i := range score {
		score[i] = rng.NormFloat64()
		if rng.Float64() < truth.Rate(score[i]) {
			won[i] = 1
		}
		if i%10 == 0 {
			won[i] = math.NaN()
		}
	}
	got := Fit(score, won)
	if math.Abs(got.Slope-truth.Slope) > 0.1 || math.Abs(got.Shift-truth.Shift) > 0.1 {
		t.Errorf("%+v, want about %+v", got, truth)
	}
}

func TestOneSidedOutcomesStayFinite(t *testing.T) {
	for _, won := range [][]float64{{1, 1, 1}, {0, 0, 0}, {0, 0, 1}, {1, 0, 0}} {
		s := Fit([]float64{-1, 0, 1}, won)
		if math.IsNaN(s.Slope+s.Shift) || math.IsInf(s.Slope+s.Shift, 0) || s.Slope < minSlope {
			t.Errorf("outcomes %v: %+v", won, s)
		}
	}
}

func TestMoments(t *testing.T) {
	if mean, sd := Moments([]float64{1, 3}); mean != 2 || sd != 1 {
		t.Errorf("mean %v, standard deviation %v, want 2 and 1", mean, sd)
	}
	if _, sd := Moments([]float64{5, 5}); !(sd > 0) {
		t.Errorf("standard deviation %v of equal values, want one above 0", sd)
	}
}
