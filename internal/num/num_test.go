package num_test

import (
	"math"
	"testing"

	"github.com/routellm/routellm/internal/num"
)

func TestFinite(t *testing.T) {
	for _, x := range []float64{0, -1, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64} {
		if !num.Finite(x) {
			t.Errorf("%v is finite", x)
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if num.Finite(x) {
			t.Errorf("%v is not finite", x)
		}
	}
}
