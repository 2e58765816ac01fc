package eval

import "math"

// Future returns the central interval of the strong fraction on future prompts,
// exchangeable with the reference prompts, at a confidence in (0,1). Without ties the fraction
// has the distribution Beta(k, n+1-k) (order statistics of a sample). With ties and b =
// AtOrAbove, the lower end comes from Beta(b, n+1-b) and the upper from Beta(b+1, n-b). With
// clusters, see [Threshold.Clustered], b and n are first scaled to the number of independent
// prompts that the reference prompts are worth. Both ends are 0 for K = 0.
func (t Threshold) Future(confidence float64) Interval {
	if t.K == 0 {
		return Interval{}
	}
	b, n := t.Design.scale(float64(t.AtOrAbove), float64(t.N), confidence)
	return betaInterval(b, n, t.slack(), confidence)
}

// Clustered returns the threshold with the design effect of clusters of reference prompts, such
// as the turns of a conversation. scores and cluster hold one value per reference prompt,
// cluster from [ClusterIDs].
func (t Threshold) Clustered(scores []float64, cluster []int) Threshold {
	return t.clustered(Outcomes{}, scores, cluster)
}

// clustered returns the threshold with the design effect of clusters and weights.
func (t Threshold) clustered(o Outcomes, scores []float64, cluster []int) Threshold {
	hit := make([]bool, len(scores))
	for i, s := range scores {
		hit[i] = s >= t.Threshold
	}
	t.Design = o.NewDesign(hit, cluster)
	return t
}

// Next returns the central interval of the number of strong calls among the next m requests.
// Its confidence is at least the given one, in (0,1). The number has a beta-binomial
// distribution: m draws with a probability distributed as in [Threshold.Future]. With clusters,
// the requests come in clusters like those of the reference prompts, and count as m divided by
// the design effect draws. The running time is O(m).
func (t Threshold) Next(m int64, confidence float64) (lo, hi int64) {
	if t.K == 0 {
		return 0, 0
	}
	return nextCalls(t.AtOrAbove, t.N, m, t.slack(), t.Design, confidence)
}

// NextCalls returns the same interval as [Threshold.Next] for a threshold that was not
// calibrated on the reference prompts: it calls the strong model for b of n prompts, which have
// a design effect.
func NextCalls(b, n, m int64, d Design, confidence float64) (lo, hi int64) {
	return nextCalls(b, n, m, 1, d, confidence)
}

// nextCalls returns the interval of Next for a threshold with the given number of strong calls
// among n reference prompts. slack is 1 with ties, else 0.
func nextCalls(calls, n, m int64, slack float64, d Design, confidence float64) (lo, hi int64) {
	b, worth := d.scale(float64(calls), float64(n), confidence)
	rest, tail := worth+1-b-slack, (1-confidence)/2
	draws, each := d.draws(m)
	hi = m
	if calls > 0 {
		lo = int64(math.Floor(each * float64(betaBinomialQuantile(tail, draws, b, rest+slack))))
	}
	if rest > 0 {
		hi = int64(math.Ceil(each * float64(betaBinomialQuantile(1-tail, draws, b+slack, rest))))
	}
	return lo, hi
}

// slack returns 1 if ties make the threshold call the strong model more often than requested,
// or if clusters make the interval an approximation, else 0.
func (t Threshold) slack() float64 {
	if t.Tied() || t.Design.Effect > 0 {
		return 1
	}
	return 0
}

// betaBinomialQuantile returns the smallest j with P(X <= j) >= p, where X is the number of
// successes in m draws with a probability distributed as Beta(a, b).
func betaBinomialQuantile(p float64, m int64, a, b float64) int64 {
	lgamma := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	size := float64(m)
	mass := lgamma(b+size) - lgamma(b) + lgamma(a+b) - lgamma(a+b+size) // log P(X = 0)
	below := 0.0
	for j := int64(0); j < m; j++ {
		if below += math.Exp(mass); below >= p {
			return j
		}
		x := float64(j)
		mass += math.Log((size - x) * (a + x) / ((x + 1) * (b + size - x - 1)))
	}
	return m
}
