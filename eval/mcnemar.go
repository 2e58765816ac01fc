package eval

import "gonum.org/v1/gonum/stat/distuv"

// McNemar returns the two-sided mid-p value of McNemar's test (Fagerland, Lydersen and
// Laake 2013) for n samples that one of two routers got right and the other wrong, split
// into rescues and losses: the probability under Binomial(n, 1/2) of a more uneven split,
// and half that of one as uneven. 1 for n = 0. It takes samples as independent.
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
