package eval

import "math"

// GapBounds returns the smallest and the largest mean gain that the samples can have, where NaN
// stands for a quality that was not measured and may be anything from lowest to highest (the
// bounds of Manski 1989): the strong model's count as worst and the weak model's as best, or
// the other way round.
func GapBounds(o Outcomes, lowest, highest float64) (lo, hi float64) {
	or := func(quality, otherwise float64) float64 {
		if math.IsNaN(quality) {
			return otherwise
		}
		return quality
	}
	for i := range o.Strong {
		w := o.weight(i)
		lo += float64(w * (or(o.Strong[i], lowest) - or(o.Weak[i], highest)))
		hi += float64(w * (or(o.Strong[i], highest) - or(o.Weak[i], lowest)))
	}
	n := o.total()
	return lo / n, hi / n
}
