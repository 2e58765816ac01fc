package eval

import (
	"math"
	"testing"
)

// TestDifferenceInterval compares with the published interval of a difference of two shares, 56/70 and
// 48/80, from Wilson's intervals: 0.0524 to 0.3339 (Newcombe 1998, Statistics in Medicine 17,
// table II, method 10).
func TestDifferenceInterval(t *testing.T) {
	wilson := func(hits, n float64) (float64, Interval) {
		z := NormalQuantile(0.95)
		p := hits / n
		middle, half := (2*hits+z*z)/(2*(n+z*z)), z*math.Sqrt(z*z+4*hits*(1-p))/(2*(n+z*z))
		return p, Interval{Lo: middle - half, Hi: middle + half}
	}
	a, ofA := wilson(56, 70)
	b, ofB := wilson(48, 80)
	i := DifferenceInterval(a, b, ofA, ofB)
	within(t, "lo", i.Lo, 0.0524, 5e-5)
	within(t, "hi", i.Hi, 0.3339, 5e-5)
	if i := DifferenceInterval(a, b, ofA, Interval{Lo: math.NaN(), Hi: math.NaN()}); !math.IsNaN(i.Lo) || !math.IsNaN(i.Hi) {
		t.Errorf("an interval from none: %v", i)
	}
}
