package datasets

import (
	"math"

	"github.com/routellm/routellm/internal/num"
)

// QualityRange returns the length of the scale of qualities: the largest possible quality minus the
// smallest possible one, as Meta states them. In place of a bound that is not known, the most extreme
// quality of the table counts. It is 0 if there is no quality or all are equal.
func (t *Table) QualityRange() float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, c := range t.Quality {
		for _, v := range c.Values {
			if num.Finite(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if t.Meta.Min < t.Meta.Max || math.IsNaN(t.Meta.Min) != math.IsNaN(t.Meta.Max) {
		lo, hi = known(t.Meta.Min, lo), known(t.Meta.Max, hi)
	}
	return max(hi-lo, 0)
}

// known returns a bound, or the one found in its place if it is not known.
func known(bound, found float64) float64 {
	if num.Finite(bound) {
		return bound
	}
	return found
}

// WonShare returns the share of a battle that quality a wins against quality b on a scale of the given
// length: 1/2 + (a-b)/(2 length), at least 0 and at most 1. Equal qualities win half each.
func WonShare(a, b, length float64) float64 {
	if !(length > 0) || a == b {
		return 0.5
	}
	return min(max(0.5+(a-b)/(2*length), 0), 1)
}
