package logged

import (
	"math"

	"github.com/routellm/routellm/eval"
)

// Widen returns an interval from resamples with the variance that they lack added to both arms,
// from the estimate to its ends: in squares, as variances add up.
func Widen(i eval.Interval, estimate, missing, confidence float64) eval.Interval {
	extra := eval.NormalQuantile(confidence) * eval.NormalQuantile(confidence) * missing
	arm := func(length float64) float64 { return math.Sqrt(max(length, 0)*max(length, 0) + extra) }
	i.Lo = min(i.Lo, estimate-arm(estimate-i.Lo))
	i.Hi = max(i.Hi, estimate+arm(i.Hi-estimate))
	return i
}
