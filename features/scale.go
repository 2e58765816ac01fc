package features

import "math"

// Step is the distance between two neighbouring values of a cue.
const Step = 1.0 / 64

// stepped returns the nearest multiple of Step in [0,1].
func stepped(v float64) float32 {
	return float32(math.RoundToEven(max(0, min(1, v))/Step)) * Step
}

// share returns part/whole, or 0 if the whole is empty.
func share(part, whole int) float64 { return float64(part) / float64(max(whole, 1)) }

// rootShare returns the square root of a share, which spreads out the small ones.
func rootShare(part, whole int) float64 { return math.Sqrt(share(part, whole)) }

// logScale maps 0 to 0 and full to 1, on a logarithmic scale: ln(1 + n) / ln(1 + full).
func logScale(n, full float64) float64 { return math.Log1p(n) / math.Log1p(full) }

// typical returns a mean of n values with the given sum, to which three typical values were
// added: the fewer values there are, the nearer the mean is to the typical one.
func typical(sum float64, n int, value float64) float64 {
	return (sum + 3*value) / float64(n+3)
}

// oneIf returns 1 for true and 0 for false.
func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
