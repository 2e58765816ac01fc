package eval

import (
	"fmt"
	"math"
)

// Influence returns how much each sample pulls at a router's APGR:
// IF_j = [g_j (U_j - A) + C_j - A mu]/mu, where A is the APGR, mu the mean gain, U_j the
// share of samples ranked below j and C_j the summed gain of those above, over n; of a
// tie, j itself included, half counts as above and half as below. They add up to 0, and
// APGR changes by IF_j/n for one more sample like j. An error without a gap.
func Influence(o Outcomes, scores []float64) ([]float64, error) {
	ranked, err := rankFor(o, scores)
	if err != nil {
		return nil, err
	}
	g := o.Gains()
	n, mu := float64(len(g)), sum(g)/float64(len(g))
	if !(mu > 0) {
		return nil, fmt.Errorf("mean gain is %v, want it above 0", mu)
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

// positions returns, for each sample, how many are ranked below it and the summed gain of
// those above, both with half of its own tie.
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

// ClusterSE returns the standard error of the APGR that the influences belong to:
// SE^2 = C/(C-1) sum_c (sum of IF over c)^2 / n^2 over C clusters, cluster[i] being that of
// sample i, from [ClusterIDs]. NaN with a single cluster.
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
