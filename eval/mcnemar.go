package eval

import "gonum.org/v1/gonum/stat/distuv"

// McNemar returns the two-sided mid-p value of McNemar's test (Fagerland, Lydersen and Laake
// 2013) for two routers that differ on n = rescues + losses samples: the probability of a more
// uneven split under Binomial(n, 1/2), plus half the probability of an equally uneven one. It
// returns 1 for n = 0. It assumes independent samples.
func McNemar(rescues, losses int) float64 {
	n, least := rescues+losses, min(rescues, losses)
	if n == 0 {
		return 1
	}
	split := distuv.Binomial{N: float64(n), P: 0.5}
	same := split.Prob(float64(least))
	if 2*least == n {
		return 1 - same/2
	}
	p := same
	if least > 0 {
		p += 2 * split.CDF(float64(least-1))
	}
	return min(p, 1)
}
