package hint_test

import (
	"math"
	"slices"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

func TestFraction(t *testing.T) {
	for x, want := range map[float64]string{30: "write 30% or 0.3", 99.5: "write 99.5% or 0.995", 100: "write 100% or 1"} {
		if got := hint.Fraction(x); !slices.Equal(got, []string{want}) {
			t.Errorf("%v: %q, want %q", x, got, want)
		}
	}
	for _, x := range []float64{0.3, 1, 1.01, 101, -30, math.Inf(1), math.NaN()} {
		if got := hint.Fraction(x); got != nil {
			t.Errorf("%v: %q, want no hint", x, got)
		}
	}
}
