package eval

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// clusterMean returns the mean of x, its cluster-robust standard error and the number C of
// clusters: SE^2 = C/(C-1) sum_c (sum over cluster c of (x_i - mean))^2 / n^2. The standard
// error is NaN with a single cluster.
func clusterMean(x []float64, cluster []int) (mean, se float64, clusters int) {
	return clusterMeanWith(x, cluster, 0, 0)
}

// clusterMeanWith returns the same as [clusterMean] after adding extra artificial clusters of
// average size, in which x equals value. extra need not be a whole number. The returned number
// of clusters leaves the artificial ones out.
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

// Ratio returns sum(over) / sum(under) and its interval at a confidence in (0,1). The interval
// comes from the delta method with cluster-robust standard errors and the quantile of
// [StudentQuantile]. A nil under stands for all ones, which makes the ratio a mean. cluster[i]
// is the cluster of sample i, from [ClusterIDs]. The interval is NaN with a single cluster, and
// if the interval of the mean of under contains 0.
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

// studentQuantile returns the [StudentQuantile] for the clusters' number.
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

// Proportion returns the share of hits and its interval at a confidence in (0,1): Clopper and
// Pearson's interval (Biometrika 26, 1934) for a sample size that is divided by the clusters'
// design effect (Korn and Graubard, Survey Methodology 24, 1998). hit and cluster hold one
// value per sample, cluster from [ClusterIDs].
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
