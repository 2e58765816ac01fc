package eval

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/routellm/routellm/internal/num"
)

// Interval is a confidence interval. Both ends are NaN if the interval does not exist.
type Interval struct {
	Lo, Hi float64 // Hi is +Inf if the upper end is never reached
	// Missing is the share of resamples without a finite value, in [0,1]: the strong model is
	// not better there, or the curve never reaches the target. 0 if nothing was resampled.
	Missing float64
}

// Percentile returns the percentile interval (Efron 1979) at a confidence in (0,1) from one
// value per resample: it lies between the k-th smallest and the k-th largest of B values, k =
// floor((1 - confidence)/2 (B+1)). NaN stands for a value that does not exist; it could be
// anything and counts in both tails. +Inf stands for "never reached" and counts in the upper
// tail. The interval does not exist with k or more NaN or with fewer than [MinResamples]
// values, nor at the confidence NaN (see [Support.Level]).
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

// Widen returns the interval with both arms, from the value to its ends, multiplied by a
// factor. An end that does not exist or is never reached stays so.
func (i Interval) Widen(value, factor float64) Interval {
	i.Lo, i.Hi = value-float64(factor*(value-i.Lo)), value+float64(factor*(i.Hi-value))
	return i
}

// tailRank returns floor((1 - confidence)/2 (B+1)) for B resamples. The slack makes up for
// 1 - 0.95 being slightly below 0.05.
func tailRank(resamples int, confidence float64) int {
	const slack = 1e-9
	if math.IsNaN(confidence) {
		return 0
	}
	return int((1-confidence)/2*float64(resamples+1) + slack)
}

// MinResamples returns the smallest number of resamples for which [Percentile] gives an
// interval: 39 for a confidence of 0.95.
func MinResamples(confidence float64) int {
	return int(math.Ceil(2/(1-confidence)-1e-9)) - 1
}

// MinClusters returns the smallest number of clusters with which a comparison can be
// significant at the given confidence: 6 for 0.95. If two routers are equally good, all m
// clusters favour the same one with probability 2^(1-m), which must be at most 1 - confidence.
func MinClusters(confidence float64) int {
	return 1 + int(math.Ceil(math.Log2(1/(1-confidence))-1e-9))
}

// StudentQuantile returns the t with P(|T| <= t) = confidence, where T has Student's
// distribution with clusters - 1 degrees of freedom. An interval is the estimate +- t standard
// errors. It returns NaN with a single cluster.
func StudentQuantile(confidence float64, clusters int) float64 {
	if clusters < 2 {
		return math.NaN()
	}
	return distuv.StudentsT{Sigma: 1, Nu: float64(clusters - 1)}.Quantile((1 + confidence) / 2)
}

// StudentP returns the two-sided p value of an estimate that is t standard errors from its
// expectation, with clusters - 1 degrees of freedom. It returns NaN with a single cluster.
func StudentP(t float64, clusters int) float64 {
	if clusters < 2 {
		return math.NaN()
	}
	return 2 * distuv.StudentsT{Sigma: 1, Nu: float64(clusters - 1)}.Survival(math.Abs(t))
}

// NormalQuantile returns the z with P(|Z| <= z) = confidence, where Z is standard normal: 1.96
// for 0.95.
func NormalQuantile(confidence float64) float64 {
	return math.Sqrt2 * math.Erfinv(confidence)
}
