package eval

import (
	"cmp"
	"math"
	"slices"
)

// RankSum returns the two-sided p value of the rank-sum test of Wilcoxon (1945) and of Mann and
// Whitney (1947), which tells whether the values of one sample tend to be larger than those of
// another: by the normal approximation, with corrections for ties and continuity. above reports
// whether those of a tend to be larger. The p value is 1 if a sample is empty or all values are
// equal. The values must not be NaN.
func RankSum(a, b []float64) (p float64, above bool) {
	n, m := float64(len(a)), float64(len(b))
	sum, ties := rankSum(a, b)
	all := n + m
	mean := n * (all + 1) / 2
	variance := n * m / 12 * (all + 1 - ties/(all*(all-1)))
	if n == 0 || m == 0 || !(variance > 0) {
		return 1, false
	}
	z := max(0, math.Abs(sum-mean)-0.5) / math.Sqrt(variance)
	return math.Erfc(z / math.Sqrt2), sum > mean
}

// rankSum returns the sum of the ranks of a among both samples, where equal values share their
// mean rank, and the sum of t^3 - t over the groups of t equal values.
func rankSum(a, b []float64) (sum, ties float64) {
	type value struct {
		v     float64
		first bool
	}
	all := make([]value, 0, len(a)+len(b))
	for _, v := range a {
		all = append(all, value{v, true})
	}
	for _, v := range b {
		all = append(all, value{v, false})
	}
	slices.SortFunc(all, func(x, y value) int { return cmp.Compare(x.v, y.v) })
	for i := 0; i < len(all); {
		end := i
		for end < len(all) && all[end].v == all[i].v {
			end++
		}
		rank, t := float64(i+1+end)/2, float64(end-i)
		for _, x := range all[i:end] {
			if x.first {
				sum += rank
			}
		}
		ties += t*t*t - t
		i = end
	}
	return sum, ties
}
