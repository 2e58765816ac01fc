package eval

import (
	"math"
	"slices"
)

// SimultaneousBand returns a band that holds a whole curve with the given confidence, not
// just each point of it: estimate +- c SE at every point, with c the quantile of the
// largest |deviation|/SE over the points of a resample (sup-t band, Montiel Olea and
// Plagborg-Moller 2019). estimate has one value a point; draws[i][b] is point i of
// resample b, as in [Replicates], all finite.
func SimultaneousBand(estimate []float64, draws [][]float64, confidence float64) (lo, hi []float64) {
	se := make([]float64, len(estimate))
	largest := make([]float64, len(draws[0]))
	for i, values := range draws {
		se[i] = math.Sqrt(squaredDeviations(values) / float64(len(values)-1))
		if se[i] == 0 {
			continue
		}
		for b, v := range values {
			largest[b] = max(largest[b], math.Abs(v-estimate[i])/se[i])
		}
	}
	slices.Sort(largest)
	k := int(math.Ceil(confidence*float64(len(largest)+1) - 1e-9))
	c := largest[min(k, len(largest))-1]
	lo, hi = make([]float64, len(estimate)), make([]float64, len(estimate))
	for i, e := range estimate {
		half := c * se[i]
		lo[i], hi[i] = e-half, e+half
	}
	return lo, hi
}
