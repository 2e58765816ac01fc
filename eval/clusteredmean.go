package eval

import "math"

// ClusteredMean returns the mean of values in [0,1] and its interval at a confidence in (0,1), from
// the summed weight and the summed weighted values of each cluster. The interval is Wilson's (Journal
// of the American Statistical Association 22, 1927) with Student's quantile, for the number of
// independent values that tell as much as the clusters do. The mean is NaN without values, and the
// interval with fewer than two clusters.
func ClusteredMean(size, total []float64, confidence float64) (float64, Interval) {
	n := sum(size)
	if n == 0 {
		return math.NaN(), Interval{Lo: math.NaN(), Hi: math.NaN()}
	}
	mean, se, clusters := meanOfClusters(sum(total)/n, n, size, total)
	if clusters < 2 {
		return mean, Interval{Lo: math.NaN(), Hi: math.NaN()}
	}
	independent, spread := float64(clusters), float64(mean*(1-mean))
	if se > 0 && spread > 0 {
		independent = spread / float64(se*se)
	}
	t := StudentQuantile(confidence, clusters)
	return mean, wilson(mean, float64(t*t)/independent)
}

// wilson returns Wilson's interval of a share, where z is the squared quantile over the number of
// values.
func wilson(share, z float64) Interval {
	centre := (share + z/2) / (1 + z)
	half := math.Sqrt(float64(share*(1-share))*z+float64(z*z)/4) / (1 + z)
	i := Interval{Lo: max(0, centre-half), Hi: min(1, centre+half)}
	if share == 0 || share == 1 { // where rounding would leave the share outside
		i.Lo, i.Hi = min(i.Lo, share), max(i.Hi, share)
	}
	return i
}
