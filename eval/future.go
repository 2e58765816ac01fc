package eval

import "math"

// Future returns the central interval of the strong fraction on further
// exchangeable prompts at a confidence in (0,1): Beta(k, n+1-k) without ties, with
// b = AtOrAbove from Beta(b, n+1-b) to Beta(b+1, n-b) with ties (order statistics;
// design, section 4). Both ends are 0 for K = 0.
func (t Threshold) Future(confidence float64) Interval {
	if t.K == 0 {
		return Interval{}
	}
	return betaInterval(float64(t.AtOrAbove), float64(t.N), t.slack(), confidence)
}

// Next returns the central interval of the number of strong calls among the next
// m requests, with at least the confidence in (0,1): the beta-binomial
// distributions of m draws from those of [Threshold.Future]. O(m).
func (t Threshold) Next(m int64, confidence float64) (lo, hi int64) {
	if t.K == 0 {
		return 0, 0
	}
	return nextCalls(t.AtOrAbove, t.N, m, t.slack(), confidence)
}

// NextCalls is [Threshold.Next] for a threshold that was not set on the n prompts
// among which it calls the strong model b times.
func NextCalls(b, n, m int64, confidence float64) (lo, hi int64) {
	return nextCalls(b, n, m, 1, confidence)
}

func nextCalls(calls, n, m int64, slack, confidence float64) (lo, hi int64) {
	b, rest, tail := float64(calls), float64(n+1-calls)-slack, (1-confidence)/2
	hi = m
	if calls > 0 {
		lo = betaBinomialQuantile(tail, m, b, rest+slack)
	}
	if rest > 0 {
		hi = betaBinomialQuantile(1-tail, m, b+slack, rest)
	}
	return lo, hi
}

// slack is 1 where equal scores made the threshold call more than wanted.
func (t Threshold) slack() float64 {
	if t.Tied() {
		return 1
	}
	return 0
}

// betaBinomialQuantile is the least j with P(X <= j) >= p for X the successes in m
// draws whose probability is Beta(a, b).
func betaBinomialQuantile(p float64, m int64, a, b float64) int64 {
	lgamma := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
	size := float64(m)
	mass := lgamma(b+size) - lgamma(b) + lgamma(a+b) - lgamma(a+b+size) // of 0, as a logarithm
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
