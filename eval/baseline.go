package eval

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/idset"
	"github.com/routellm/routellm/internal/text"
)

// z95 is the 97.5 % quantile of the standard normal distribution, rounded to the customary
// two decimals.
const z95 = 1.96

// Random describes the random router in closed form. Its expected curve is the
// straight line from (0, weak) to (1, strong): APGR 0.5 and CPT(x) = x exactly.
type Random struct {
	Strong, Weak float64 // mean quality of the two models
	APGRSD       float64 // standard deviation of APGR over random orders; NaN if the gap is 0
	n, sd        float64
}

// NewRandom returns the random router for the outcomes. It takes the n samples to be
// independent: Var APGR = (n + 1) sum (g_i - mean g)^2 / (12 n G^2), with g_i the gain of
// sample i and G the sum of the gains. See [RandomClusterSD] for samples in clusters. With weights
// it is that of a cluster per sample, and the bands have sd^2 = sum (w_i (g_i - mean g))^2/(n - 1)
// for weights w_i relative to their mean.
func NewRandom(o Outcomes) Random {
	g := o.Gains()
	n, total, mean := float64(len(g)), o.sum(g), o.mean(g)
	squares := 0.0
	for i, x := range g {
		g[i] = x - mean
	}
	for _, d := range o.relative(g) {
		squares += float64(d * d)
	}
	r := Random{n: n, sd: math.Sqrt(squares / (n - 1)), APGRSD: math.NaN()}
	r.Strong, r.Weak = o.Means()
	switch {
	case total == 0:
	case o.Weight == nil:
		r.APGRSD = orderSD(n, squares, total)
	default:
		r.APGRSD = randomSD(o.Weight, o.times(o.Gains()))
	}
	return r
}

// RandomOf returns the random router for n independent samples, without weights, of which only sums are
// known: of the qualities, and of the squared deviations of the gains from their mean. See [NewRandom].
func RandomOf(n, strong, weak, squares float64) Random {
	r := Random{Strong: strong / n, Weak: weak / n, n: n, sd: math.Sqrt(squares / (n - 1)), APGRSD: math.NaN()}
	if strong != weak {
		r.APGRSD = orderSD(n, squares, strong-weak)
	}
	return r
}

// orderSD returns the standard deviation of the APGR over random orders of n samples, whose gains have
// the sum total and so many squared deviations from their mean.
func orderSD(n, squares, total float64) float64 {
	return math.Sqrt((n+1)*squares/(12*n)) / math.Abs(total)
}

// QualityAt returns the expected quality at strong fraction f in [0,1].
func (r Random) QualityAt(f float64) float64 { return lerp(f, 0, 1, r.Weak, r.Strong) }

// Band returns the pointwise 95 % band of quality at strong fraction f in [0,1]: the
// expected line +- 1.96 s sqrt(f (1-f) / n), where s is the standard deviation of the gains.
// With a single sample the band has no width.
func (r Random) Band(f float64) (lo, hi float64) {
	half := 0.0
	if r.n > 1 {
		half = z95 * r.sd * math.Sqrt(f*(1-f)/r.n)
	}
	q := r.QualityAt(f)
	return q - half, q + half
}

// ks95 is the 95 % quantile of the largest absolute value of a Brownian bridge
// (Kolmogorov's distribution).
const ks95 = 1.358

// SimultaneousBand returns, at strong fraction f in [0,1], the band in which the whole curve
// of a random order stays with 95 % probability: the expected line +- 1.358 s / sqrt(n),
// where s is the standard deviation of the gains. It is conservative for small n. With a
// single sample the band has no width.
func (r Random) SimultaneousBand(f float64) (lo, hi float64) {
	half := 0.0
	if r.n > 1 {
		half = ks95 * r.sd / math.Sqrt(r.n)
	}
	q := r.QualityAt(f)
	return q - half, q + half
}

// RandomClusterSD returns the standard deviation of a random router's APGR when whole
// clusters move together. cluster[i] is the cluster of sample i, from [ClusterIDs]. It
// returns NaN if the gap is 0, and an error if the lengths differ.
func RandomClusterSD(o Outcomes, cluster []int) (float64, error) {
	if len(cluster) != o.N() {
		return 0, fmt.Errorf("%s for %s: want one cluster per sample", text.Plural(len(cluster), "cluster"), text.Plural(o.N(), "sample"))
	}
	size, gain := o.clusterSums(o.Gains(), cluster)
	if sum(gain) == 0 {
		return math.NaN(), nil
	}
	return randomSD(size, gain), nil
}

// randomSD returns the standard deviation of a random router's APGR over random orders of
// clusters of sizes m and summed gains g, whose sum is not 0.
func randomSD(m, g []float64) float64 {
	n, total := sum(m), sum(g)
	var dev, gg, mm, mg float64
	for c := range m {
		d := n*g[c] - total*m[c]
		dev += float64(d * d)
		gg += float64(g[c] * g[c])
		mm += float64(m[c] * m[c])
		mg += float64(m[c] * g[c])
	}
	variance := (dev + float64(gg*mm) - float64(mg*mg)) / (12 * n * n * total * total)
	return math.Sqrt(variance)
}

// OracleScores returns the gains. As scores they attain the largest possible APGR.
func OracleScores(o Outcomes) []float64 { return o.Gains() }

// Headroom returns the share of the possible improvement over random routing that a router
// attains: (apgr - 0.5) / (oracle - 0.5), which is 0 for random and 1 for the oracle. It
// returns NaN if the oracle's APGR is not above 0.5.
func Headroom(apgr, oracle float64) float64 {
	if !(oracle > 0.5) {
		return math.NaN()
	}
	return (apgr - 0.5) / (oracle - 0.5)
}

// ClusterIDs numbers the distinct names 0, 1, ... in order of first appearance and returns
// one number per sample. Given the numbers of a subset of the samples, it makes them
// consecutive again.
func ClusterIDs[T comparable](names []T) []int {
	ids, firsts, clusters := make([]int, len(names)), idset.NewFirsts(names), 0
	for i := range names {
		if first := firsts.Of(i); first < i {
			ids[i] = ids[first]
		} else {
			ids[i] = clusters
			clusters++
		}
	}
	return ids
}

// EffectiveClusters returns the effective sample size N^2 / sum m_c^2, where m_c are the
// cluster sizes and N is their sum: the number of clusters of equal size that would carry as
// much information. Below 50, standard errors and intervals are unreliable.
func EffectiveClusters(cluster []int) float64 {
	return Outcomes{}.EffectiveClusters(cluster)
}
