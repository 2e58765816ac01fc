package eval

import (
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
)

// Extremes holds the largest and smallest values that a ratio's numerator and denominator can
// have on one sample: every possible pair is a weighted mean of these pairs. [Ratio] needs them
// because samples may happen to hold no rare loss.
type Extremes []struct{ Over, Under float64 }

// MeanExtremes returns the extremes of a mean of values in [least, most].
func MeanExtremes(least, most float64) Extremes { return Extremes{{least, 1}, {most, 1}} }

// ShareExtremes returns the extremes of the routed quality relative to the strong model's
// quality, both in [least, most].
func ShareExtremes(least, most float64) Extremes {
	return Extremes{{least, least}, {least, most}, {most, least}, {most, most}}
}

// GapExtremes returns the extremes of the recovered gain relative to the gain, for qualities in
// [least, most].
func GapExtremes(least, most float64) Extremes {
	reach := most - least
	return Extremes{{reach, reach}, {-reach, -reach}, {0, reach}, {0, -reach}}
}

// bounds returns the smallest and the largest possible value of over - ratio * under.
func (e Extremes) bounds(ratio float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, x := range e {
		d := x.Over - float64(ratio*x.Under)
		lo, hi = min(lo, d), max(hi, d)
	}
	return lo, hi
}

// QualityRange returns the range of quality: [least, most] if it is known, else (both NaN)
// [0,1] if all outcomes lie in it, else from the smallest to the largest outcome.
func QualityRange(o Outcomes, least, most float64) (lo, hi float64) {
	if num.Finite(least) && num.Finite(most) {
		return least, most
	}
	lo = min(slices.Min(o.Strong), slices.Min(o.Weak))
	hi = max(slices.Max(o.Strong), slices.Max(o.Weak))
	if lo >= 0 && hi <= 1 {
		return 0, 1
	}
	return lo, hi
}

// CostRange returns a range of the cost of a sample, where strong and weak hold each sample's
// cost with either model. If every sample has the same price, the range is that of the two
// prices. Costs that vary have no known bound: the range then reaches from 0 to one and a half
// times the largest cost.
func CostRange(strong, weak []float64) (lo, hi float64) {
	lo = min(slices.Min(strong), slices.Min(weak))
	hi = max(slices.Max(strong), slices.Max(weak))
	if slices.Min(strong) == slices.Max(strong) && slices.Min(weak) == slices.Max(weak) {
		return lo, hi
	}
	return min(lo, 0), 1.5 * hi
}
