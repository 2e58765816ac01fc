package eval

import (
	"cmp"
	"math"
	"slices"
)

// Holm returns the p values adjusted for their number (Holm 1979). It multiplies the k-th
// smallest of m by m - k + 1, caps it at 1 and raises it to the adjusted value before it if
// that is larger. NaN stays NaN and does not count.
func Holm(p []float64) []float64 {
	out := slices.Clone(p)
	var order []int
	for i := range p {
		if !math.IsNaN(p[i]) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	last := 0.0
	for k, i := range order {
		last = max(last, min(1, float64(len(order)-k)*p[i]))
		out[i] = last
	}
	return out
}

// adjust fills in the pairs' adjusted p values.
func adjust(pairs []Difference) {
	p := make([]float64, len(pairs))
	for i := range pairs {
		p[i] = pairs[i].P
	}
	for i, adjusted := range Holm(p) {
		pairs[i].Holm = adjusted
	}
}
