package eval

import (
	"fmt"
	"math"
)

// Influence returns the influence of each sample on a router's APGR:
// IF_j = [g_j (U_j - A) + C_j - A mu]/mu, where g_j is the gain of sample j, A the APGR, mu
// the mean gain, U_j the share of samples ranked below j, and C_j the summed gain of those
// above, divided by n. Half of j's tie, j included, counts as above and half as below. The
// influences sum to 0. One more sample like j changes the APGR by about IF_j/n. It returns an
// error if the mean gain is not above 0, and for the same input as [NewCurve].
func Influence(o Outcomes, scores []float64) ([]float64, error) {
	ranked, err := rankFor(o, scores)
	if err != nil {
		return nil, err
	}
	g := o.Gains()
	n, mu := float64(len(g)), sum(g)/float64(len(g))
	if !(mu > 0) {
		return nil, fmt.Errorf("the mean gain is %v: want it above 0", mu)
	}
	below, above := positions(ranked, g)
	apgr := 0.0
	for j := range g {
		apgr += float64(g[j]*below[j]) / (n * n * mu)
	}
	out := make([]float64, len(g))
	for j := range out {
		out[j] = (float64(g[j]*(below[j]/n-apgr)) + above[j]/n - float64(apgr*mu)) / mu
	}
	return out, nil
}

// positions returns, for each sample, the number of samples ranked below it and the summed
// gain of those ranked above it. Both include half of the sample's own tie.
func positions(ranked []ranked, g []float64) (below, above []float64) {
	below, above = make([]float64, len(g)), make([]float64, len(g))
	gain := 0.0
	for start, end := 0, 0; start < len(ranked); start = end {
		tied := 0.0
		for ; end < len(ranked) && ranked[end].score == ranked[start].score; end++ {
			tied += g[ranked[end].index]
		}
		for _, r := range ranked[start:end] {
			below[r.index] = float64(len(ranked)) - float64(start+end)/2
			above[r.index] = gain + tied/2
		}
		gain += tied
	}
	return below, above
}

// ClusterSE returns the cluster-robust standard error of the APGR from the influences of
// [Influence]: SE^2 = C/(C-1) sum_c (sum of IF over cluster c)^2 / n^2, where C is the number
// of clusters. cluster[i] is the cluster of sample i, from [ClusterIDs]. It returns NaN with a
// single cluster.
func ClusterSE(influence []float64, cluster []int) float64 {
	_, total := clusterSums(influence, cluster)
	squares, count := 0.0, float64(len(total))
	if count < 2 {
		return math.NaN()
	}
	for _, s := range total {
		squares += float64(s * s)
	}
	return math.Sqrt(squares*count/(count-1)) / float64(len(influence))
}
