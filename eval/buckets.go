package eval

import "math"

// BucketDesign returns the design effect of clusters on the share of hits, as [NewDesign] does, where only
// the sizes and the hits of buckets are known: each holds whole clusters, which a hash has dealt out. Buckets
// are random mixtures of clusters, so that it adds no artificial ones. Without any hit or any miss, the effect
// is 1.
func BucketDesign(size, hits []float64) Design {
	n, p, squares := sum(size), sum(hits)/sum(size), 0.0
	spread, count := n, float64(len(size))
	for _, m := range size {
		squares += float64(m * m)
	}
	if p > 0 && p < 1 && count > 1 {
		spread = 0
		for c, m := range size {
			d := hits[c] - float64(m*p)
			spread += float64(d * d)
		}
		spread *= count / (count - 1) / (p * (1 - p))
	}
	return Design{Effect: max(1, spread/n), Clusters: n * n / squares}
}

// PlanOf plans a comparison as [NewPlan] does, on samples of which only the gap and the standard deviation of a
// random router's APGR are known. What else a Plan holds is NaN.
func PlanOf(samples, clusters int, gap Gap, randomSD, confidence float64) Plan {
	p := Plan{Samples: samples, Clusters: clusters, Gap: gap, Agreement: math.NaN(), StrongBetter: math.NaN(), WeakBetter: math.NaN(),
		Oracle: math.NaN(), RandomSD: math.NaN(), confidence: confidence}
	if gap.Measurable() {
		p.RandomSD = randomSD
	}
	p.setUnit()
	return p
}
