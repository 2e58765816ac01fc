package eval

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/routellm/routellm/internal/num"
)

// Interval is a percentile interval (Efron 1979). Both ends are NaN where there is none.
type Interval struct {
	Lo, Hi float64 // Hi is +Inf where the upper end is never reached
	// Missing is the share of resamples without a value: the strong model is not
	// better, or the curve never gets there.
	Missing float64
}

// Percentile returns the interval between the k-th smallest and the k-th largest value,
// k = floor(alpha/2 (B+1)) of B values and alpha = 1 - confidence. Values are one a
// resample. NaN, no value, could be anything and counts in both tails; +Inf, never
// reached, counts in the upper one. With k or more NaN, or too few values for k to be 1,
// there is no interval.
func Percentile(values []float64, confidence float64) Interval {
	sorted, missing := make([]float64, 0, len(values)), 0
	for _, v := range values {
		if !math.IsNaN(v) {
			sorted = append(sorted, v)
		}
		if !num.Finite(v) {
			missing++
		}
	}
	slices.Sort(sorted)
	out := Interval{math.NaN(), math.NaN(), float64(missing) / float64(len(values))}
	k := tailRank(len(values), confidence) - (len(values) - len(sorted))
	if k >= 1 {
		out.Lo, out.Hi = sorted[k-1], sorted[len(sorted)-k]
	}
	return out
}

// tailRank is floor(alpha/2 (B+1)), for which 1 - 0.95 must not fall short of 0.05.
func tailRank(resamples int, confidence float64) int {
	const slack = 1e-9
	return int((1-confidence)/2*float64(resamples+1) + slack)
}

// MinResamples returns the smallest number of resamples that gives an interval.
func MinResamples(confidence float64) int {
	return int(math.Ceil(2/(1-confidence)-1e-9)) - 1
}

// MinClusters returns how many clusters a resampling needs to show anything: each of m may
// as well have gone the other way, and all one way has a chance of 2^(1-m) by luck, which
// must not be above 1 - confidence. 6 for 0.95.
func MinClusters(confidence float64) int {
	return 1 + int(math.Ceil(math.Log2(1/(1-confidence))-1e-9))
}

// StudentQuantile returns the t with P(|T| <= t) = confidence, T of Student's distribution
// with one degree of freedom less than there are clusters: an estimate +- t standard errors
// is an interval. NaN with a single cluster.
func StudentQuantile(confidence float64, clusters int) float64 {
	if clusters < 2 {
		return math.NaN()
	}
	return distuv.StudentsT{Sigma: 1, Nu: float64(clusters - 1)}.Quantile((1 + confidence) / 2)
}

// NormalQuantile returns the z with P(|Z| <= z) = confidence for a standard normal Z.
func NormalQuantile(confidence float64) float64 {
	return math.Sqrt2 * math.Erfinv(confidence)
}
