package eval

import "math"

// clusterSums returns the sum of x over each cluster.
func clusterSums(x []float64, cluster []int) []float64 {
	total := make([]float64, clustersIn(cluster))
	for i, c := range cluster {
		total[c] += x[i]
	}
	return total
}

// squaredDeviations returns sum (x_i - mean x)^2.
func squaredDeviations(x []float64) float64 {
	mean, s := sum(x)/float64(len(x)), 0.0
	for _, v := range x {
		s += float64((v - mean) * (v - mean))
	}
	return s
}

// meanOfClusters returns the mean, its cluster-robust standard error and the number C of clusters:
// SE^2 = C/(C-1) sum_c (sum over cluster c of (x_i - mean))^2 / n^2, from n samples in clusters of
// sizes and sums. The standard error is NaN with a single cluster.
func meanOfClusters(mean, n float64, size, total []float64) (value, se float64, clusters int) {
	count, squares := float64(len(size)), 0.0
	for c := range size {
		d := total[c] - float64(size[c]*mean)
		squares += float64(d * d)
	}
	return mean, math.Sqrt(squares*count/(count-1)) / n, len(size)
}

// effectiveSize returns N^2 / sum m_c^2 for clusters of sizes m_c.
func effectiveSize(size []float64) float64 {
	n, squares := 0.0, 0.0
	for _, m := range size {
		n += m
		squares += float64(m * m)
	}
	return n * n / squares
}

func sum(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}
