package eval

import (
	"math"
	"slices"
)

// SimultaneousBand returns a band that holds the whole curve at once with the given
// confidence in (0,1), rather than each point by itself: estimate +- c SE at every point,
// where c is the quantile of the largest |deviation|/SE over the points of a resample (sup-t
// band, Montiel Olea and Plagborg-Moller 2019). estimate holds one value per point, and
// draws[i][b] is the value of point i in resample b, as in [Replicates]. All must be finite.
// lo and hi hold one value per point.
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
