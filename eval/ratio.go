package eval

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// clusterMean returns the mean of x, its cluster-robust standard error, SE^2 =
// C/(C-1) sum_c (sum over c of (x_i - mean))^2 / n^2, and the number C of
// clusters. The error is NaN with a single cluster.
func clusterMean(x []float64, cluster []int) (mean, se float64, clusters int) {
	return clusterMeanWith(x, cluster, 0, 0)
}

// clusterMeanWith is [clusterMean] with extra clusters of average size, a number that need
// not be whole, in which x is value. They are not counted.
func clusterMeanWith(x []float64, cluster []int, value, extra float64) (mean, se float64, clusters int) {
	size, total := clusterSums(x, cluster)
	average := float64(len(x)) / float64(len(size))
	count, n := float64(len(size))+extra, float64(len(x))+float64(extra*average)
	mean = (sum(x) + float64(extra*average*value)) / n
	off := average * (value - mean)
	squares := float64(extra * off * off)
	for c := range size {
		d := total[c] - float64(size[c]*mean)
		squares += float64(d * d)
	}
	return mean, math.Sqrt(squares*count/(count-1)) / n, len(size)
}

// Ratio returns sum over / sum under with its interval at a confidence in (0,1),
// by the delta method with cluster-robust errors and Student's t with one degree
// of freedom less than there are clusters. under nil stands for ones, which makes
// a mean of it. The interval does not exist (NaN) with one cluster, or where the
// interval of the denominator's mean reaches 0.
func Ratio(over, under []float64, cluster []int, confidence float64) (float64, Interval) {
	scale := 1.0
	spread, ok := 0.0, true
	if under != nil {
		var se float64
		scale, se, _ = clusterMean(under, cluster)
		spread = studentQuantile(confidence, cluster) * se
		ok = math.Abs(scale) > spread
	}
	mean, _, _ := clusterMean(over, cluster)
	ratio := mean / scale
	if !ok {
		return ratio, Interval{Lo: math.NaN(), Hi: math.NaN()}
	}
	rest := make([]float64, len(over))
	for i := range rest {
		rest[i] = over[i]
		if under != nil {
			rest[i] -= float64(ratio * under[i])
		}
	}
	_, se, _ := clusterMean(rest, cluster)
	half := studentQuantile(confidence, cluster) * se / math.Abs(scale)
	return ratio, Interval{Lo: ratio - half, Hi: ratio + half}
}

// studentQuantile is the two-sided quantile of Student's t for as many clusters;
// NaN for one.
func studentQuantile(confidence float64, cluster []int) float64 {
	clusters := 0
	for _, c := range cluster {
		clusters = max(clusters, c+1)
	}
	if clusters < 2 {
		return math.NaN()
	}
	return distuv.StudentsT{Sigma: 1, Nu: float64(clusters - 1)}.Quantile((1 + confidence) / 2)
}

// Proportion returns the share of hits with its interval at a confidence in (0,1):
// Clopper and Pearson's (Biometrika 26, 1934), in which clusters shrink the sample
// by their design effect (Korn and Graubard, Survey Methodology 24, 1998).
func Proportion(hit []bool, cluster []int, confidence float64) (float64, Interval) {
	x := make([]float64, len(hit))
	for i, h := range hit {
		if h {
			x[i] = 1
		}
	}
	p, se, clusters := clusterMean(x, cluster)
	n := float64(len(x))
	if plain := p * (1 - p) / (n - 1); clusters < len(x) && se*se > plain {
		n *= plain / (se * se)
	}
	return p, betaInterval(float64(p*n), n, 1, confidence)
}

// betaInterval is the central interval of a share of which k in n were seen, k > 0
// unless tied is 1: Beta(k, n+1-k) below, Beta(k+tied, n+1-k-tied) above.
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
