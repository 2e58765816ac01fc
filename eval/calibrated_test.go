package eval

import (
	"testing"

	"pgregory.net/rapid"
)

// calibrated returns the threshold for a strong fraction on the scores. It is much faster than
// Calibrate on few scores; TestCalibratedOfCurve checks that both agree.
func calibrated(t *testing.T, scores []float64, fraction float64) Threshold {
	t.Helper()
	none := make([]float64, len(scores))
	c, err := NewCurve(Outcomes{Strong: none, Weak: none}, scores)
	if err != nil {
		t.Fatal(err)
	}
	return c.Calibrated(fraction)
}

// TestCalibratedOfCurve compares Curve.Calibrated with Calibrate on the same scores.
func TestCalibratedOfCurve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := make([]float64, rapid.IntRange(1, 40).Draw(t, "samples"))
		o := Outcomes{Strong: make([]float64, len(scores)), Weak: make([]float64, len(scores))}
		for i := range scores {
			scores[i] = float64(rapid.IntRange(0, 9).Draw(t, "score")) / 7
			o.Strong[i] = float64(i)
		}
		c, err := NewCurve(o, scores)
		if err != nil {
			t.Fatal(err)
		}
		fractions := []float64{0, 1, rapid.Float64Range(0, 1).Draw(t, "fraction")}
		want, err := Calibrate(StreamOf(scores), fractions)
		if err != nil {
			t.Fatal(err)
		}
		for i, f := range fractions {
			if got := c.Calibrated(f); got != want[i] {
				t.Fatalf("strong fraction %v: %+v, want %+v", f, got, want[i])
			}
		}
	})
}
