package eval

import "math"

// Design says how much less clustered samples tell about a share of hits than independent ones
// do. The zero value stands for independent samples.
type Design struct {
	Effect   float64 // the number of samples that tell as much as one independent sample; at least 1
	Clusters float64 // effective number of clusters, from EffectiveClusters
}

// designClusters is the number of artificial clusters of the largest size, all hits or all
// misses, that NewDesign adds. It is about t^2/2 at a confidence of 0.95, as in a mean's test.
const designClusters = 2

// NewDesign measures the design effect of clusters on the share of hits (Kish, Survey Sampling,
// 1965): the cluster-robust variance of the share relative to that of independent samples. It
// adds two artificial clusters of the largest size whose samples are all alike, because a few
// clusters may be more or less mixed by chance than others, and without any hit or any miss it
// takes all samples of a cluster to be alike. hit[i] and cluster[i] belong to sample i, cluster
// from [ClusterIDs].
func NewDesign(hit []bool, cluster []int) Design { return Outcomes{}.NewDesign(hit, cluster) }

// NewDesign measures the design effect of clusters and weights on the share of hits, where each
// sample counts with its weight.
func (o Outcomes) NewDesign(hit []bool, cluster []int) Design {
	x := o.relative(indicator(hit))
	size, hits := o.relativeSums(indicator(hit), cluster)
	if len(size) == len(hit) && o.Weight == nil {
		return Design{}
	}
	n, count, p := float64(len(hit)), float64(len(size)), sum(x)/float64(len(x))
	alike, apart, largest := 0.0, 0.0, 0.0
	for c, m := range size {
		d := hits[c] - float64(m*p)
		alike += float64(m * m)
		apart += float64(d * d)
		largest = max(largest, m)
	}
	spread := alike
	if p > 0 && p < 1 && count > 1 {
		spread = apart * count / (count - 1) / (p * (1 - p))
	}
	spread += designClusters * float64(largest*largest)
	return Design{Effect: max(1, spread/(n+designClusters*largest)), Clusters: n * n / alike}
}

// Worth returns the number of independent samples that n samples are worth, for an interval at
// a confidence in (0,1): n divided by the design effect, and by the ratio of squared t quantiles
// that the effective number of clusters costs (Korn and Graubard, Survey Methodology 24, 1998).
func (d Design) Worth(n int64, confidence float64) float64 {
	if d.Effect == 0 {
		return float64(n)
	}
	tail := (1 + confidence) / 2
	ratio := studentT(tail, float64(n)) / studentT(tail, max(d.Clusters, 2))
	return float64(n) / d.Effect * ratio * ratio
}

// scale returns hits among n samples as hits among the independent samples that they are worth.
func (d Design) scale(hits, n, confidence float64) (scaled, worth float64) {
	if d.Effect == 0 {
		return hits, n
	}
	worth = d.Worth(int64(n), confidence)
	return hits / n * worth, worth
}

// draws returns the number of independent draws that m clustered requests count as, and the
// number of requests per draw.
func (d Design) draws(m int64) (draws int64, each float64) {
	if d.Effect == 0 || m == 0 {
		return m, 1
	}
	draws = max(1, int64(math.Round(float64(m)/d.Effect)))
	return draws, float64(m) / float64(draws)
}
