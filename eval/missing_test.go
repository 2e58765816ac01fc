package eval

import (
	"math"
	"testing"
)

// TestGapBounds counts by hand what is missing as worst and as best.
func TestGapBounds(t *testing.T) {
	none := math.NaN()
	o := Outcomes{Strong: []float64{3, none, 2, none}, Weak: []float64{1, 1, none, none}}
	lo, hi := GapBounds(o, 1, 5)
	near(t, "lower bound", lo, (2+0-3-4)/4.)
	near(t, "upper bound", hi, (2+4+1+4)/4.)
	whole := Outcomes{Strong: []float64{1, 0}, Weak: []float64{0, 0}}
	if lo, hi := GapBounds(whole, 0, 1); lo != 0.5 || hi != 0.5 {
		t.Errorf("bounds %v and %v with nothing missing, want the gap 0.5", lo, hi)
	}
}
