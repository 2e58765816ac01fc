package eval

import "math"

// Ratio returns sum(over) / sum(under) and its interval at a confidence in (0,1). A nil under
// stands for all ones, which makes the ratio a mean. The interval holds every ratio r for which
// the test of a guarantee, at half of the error, establishes neither that the mean of over - r *
// under is above 0 nor that it is below. So it does not collapse where the samples happen to
// hold no rare loss, and its lower end is what a guarantee could promise. e says which values
// are possible, and cluster[i] is the cluster of sample i, from [ClusterIDs]. The interval is
// NaN with a single cluster, and if the test does not establish that the mean of under is above
// 0.
func Ratio(over, under []float64, e Extremes, cluster []int, confidence float64) (float64, Interval) {
	return Outcomes{}.Ratio(over, under, e, cluster, confidence)
}

// Ratio returns what [Ratio] returns, where each sample counts with its weight.
func (o Outcomes) Ratio(over, under []float64, e Extremes, cluster []int, confidence float64) (float64, Interval) {
	r := ratioTest{test: o.newMeanTest(cluster, (1+confidence)/2), extremes: e}
	r.under = r.test.size
	_, r.over = o.relativeSums(over, cluster)
	if under != nil {
		_, r.under = o.relativeSums(under, cluster)
	}
	r.total = make([]float64, len(r.over))
	value := sum(r.over) / sum(r.under)
	interval := r.interval(value)
	if under == nil { // a mean lies between the extremes
		lo, hi := e.bounds(0)
		interval.Lo, interval.Hi = max(interval.Lo, lo), min(interval.Hi, hi)
	}
	return value, interval
}

// ratioTest tests ratios of sums over clusters.
type ratioTest struct {
	test        meanTest
	over, under []float64 // sums over each cluster
	extremes    Extremes
	total       []float64 // scratch
}

// interval returns the ratios around value that no test rejects.
func (r *ratioTest) interval(value float64) Interval {
	least := math.Inf(1)
	for _, x := range r.extremes {
		least = min(least, x.Under)
	}
	if !r.test.holds(r.under, least) {
		return Interval{Lo: math.NaN(), Hi: math.NaN()}
	}
	return Interval{Lo: r.limit(value, -1), Hi: r.limit(value, 1)}
}

// rejects reports whether a test establishes that the true ratio is above ratio (side -1), or
// below it (side 1).
func (r *ratioTest) rejects(ratio, side float64) bool {
	worst, most := r.extremes.bounds(ratio)
	if side > 0 {
		worst = -most
	}
	for c := range r.total {
		r.total[c] = side * (float64(ratio*r.under[c]) - r.over[c])
	}
	return r.test.holds(r.total, worst)
}

// limit returns the end of the interval on one side of value, where [ratioTest.rejects] begins:
// it doubles the distance until a ratio is rejected, then bisects. It returns NaN if none is.
func (r *ratioTest) limit(value, side float64) float64 {
	const doublings, halvings = 100, 48
	inner, outer := 0.0, max(math.Abs(value), 1)/(1<<20)
	for k := 0; !r.rejects(value+float64(side*outer), side); k++ {
		if k == doublings {
			return math.NaN()
		}
		inner, outer = outer, 2*outer
	}
	for range halvings {
		middle := (inner + outer) / 2
		if r.rejects(value+float64(side*middle), side) {
			outer = middle
		} else {
			inner = middle
		}
	}
	return value + float64(side*inner)
}

// Proportion returns the share of hits and its interval at a confidence in (0,1): Clopper and
// Pearson's interval (Biometrika 26, 1934) for the number of independent samples that
// [NewDesign] finds the clustered ones to be worth. hit and cluster hold one value per sample,
// cluster from [ClusterIDs].
func Proportion(hit []bool, cluster []int, confidence float64) (float64, Interval) {
	return Outcomes{}.Proportion(hit, cluster, confidence)
}

// Proportion returns what [Proportion] returns, where each sample counts with its weight.
func (o Outcomes) Proportion(hit []bool, cluster []int, confidence float64) (float64, Interval) {
	n := float64(len(hit))
	share := sum(o.relative(indicator(hit))) / n
	k, worth := o.NewDesign(hit, cluster).scale(share*n, n, confidence)
	return share, betaInterval(k, worth, 1, confidence)
}

// indicator returns 1 for a hit and 0 otherwise.
func indicator(hit []bool) []float64 {
	x := make([]float64, len(hit))
	for i, h := range hit {
		if h {
			x[i] = 1
		}
	}
	return x
}

// betaInterval returns the central interval of a share after k hits in n. The lower end comes
// from Beta(k, n+1-k) and the upper from Beta(k+tied, n+1-k-tied), where tied is 0 or 1. k must
// be above 0 unless tied is 1.
func betaInterval(k, n, tied, confidence float64) Interval {
	tail := (1 - confidence) / 2
	i := Interval{Lo: 0, Hi: 1}
	if k > 0 {
		i.Lo = betaQuantile(tail, k, n+1-k)
	}
	if n+1-k-tied > 0 {
		i.Hi = betaQuantile(1-tail, k+tied, n+1-k-tied)
	}
	return i
}
