package eval

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Influence returns the influence of each sample on a router's APGR:
// IF_j = [g_j (U_j - A) + C_j - A mu]/mu, where g_j is the gain of sample j, A the APGR, mu
// the mean gain, U_j the share of samples ranked below j, and C_j the summed gain of those
// above, divided by n. Half of j's tie, j included, counts as above and half as below. The
// influences sum to 0. One more sample like j changes the APGR by about IF_j/n. With weights, all
// counts and sums are weighted, and IF_j is times the weight of j over the mean weight. It returns an
// error if the mean gain is not above 0, and for the same input as [NewCurve].
func Influence(o Outcomes, scores []float64) ([]float64, error) {
	ranked, err := rankFor(o, scores)
	if err != nil {
		return nil, err
	}
	g := o.Gains()
	n, mu := o.total(), o.mean(g)
	if !(mu > 0) {
		return nil, fmt.Errorf("the mean gain is %v: want it above 0", mu)
	}
	below, above := o.positions(ranked)
	apgr := 0.0
	for j := range g {
		apgr += float64(o.weight(j)*g[j]*below[j]) / (n * n * mu)
	}
	out := make([]float64, len(g))
	for j := range out {
		out[j] = (float64(g[j]*(below[j]/n-apgr)) + above[j]/n - float64(apgr*mu)) / mu
	}
	return o.relative(out), nil
}

// AreaInfluence returns a router's area over random, in units of quality, and the influence of each
// sample on it: g_j (U_j - 1/2) + C_j - mu/2 - 2 D, in the terms of [Influence] with D the area. The
// influences sum to 0. Unlike the APGR, the area exists without a gap. It returns an error for the
// same input as [NewCurve].
func AreaInfluence(o Outcomes, scores []float64) (area float64, influence []float64, err error) {
	ranked, err := rankFor(o, scores)
	if err != nil {
		return 0, nil, err
	}
	g := o.Gains()
	n, mu := o.total(), o.mean(g)
	below, above := o.positions(ranked)
	for j := range g {
		area += float64(o.weight(j)*g[j]*(below[j]/n-0.5)) / n
	}
	influence = make([]float64, len(g))
	for j := range influence {
		influence[j] = float64(g[j]*(below[j]/n-0.5)) + above[j]/n - mu/2 - 2*area
	}
	return area, o.relative(influence), nil
}

// positions returns, for each sample, the number of samples ranked below it and the summed
// gain of those ranked above it, all with their weights. Both include half of the sample's own tie.
func (o Outcomes) positions(ranked []ranked) (below, above []float64) {
	below, above = make([]float64, o.N()), make([]float64, o.N())
	count, gain, n := 0.0, 0.0, o.total()
	for start, end := 0, 0; start < len(ranked); start = end {
		number, tied := 0.0, 0.0
		for ; end < len(ranked) && ranked[end].score == ranked[start].score; end++ {
			i := ranked[end].index
			number += o.weight(i)
			tied += float64(o.weight(i) * (o.Strong[i] - o.Weak[i]))
		}
		for _, r := range ranked[start:end] {
			below[r.index] = n - float64(count+number/2)
			above[r.index] = gain + tied/2
		}
		count += number
		gain += tied
	}
	return below, above
}

// ClusterSE returns the cluster-robust standard error of the APGR from the influences of
// [Influence]: SE^2 = C/(C-1) sum_c (sum of IF over cluster c)^2 / n^2, where C is the number
// of clusters. cluster[i] is the cluster of sample i, from [ClusterIDs]. It returns NaN with a
// single cluster.
func ClusterSE(influence []float64, cluster []int) float64 {
	total := clusterSums(influence, cluster)
	squares, count := 0.0, float64(len(total))
	if count < 2 {
		return math.NaN()
	}
	for _, s := range total {
		squares += float64(s * s)
	}
	return math.Sqrt(squares*count/(count-1)) / float64(len(influence))
}

const (
	plainGap      = 10 // number of standard errors from which on the gap counts as known
	fewInfluences = 20 // smallest effective number of influences that needs no wider interval
)

// InfluenceInterval returns the interval of an APGR at a confidence in (0,1) from the influences
// of [Influence]. cluster[i] is the cluster of sample i, from [ClusterIDs]; freedom is from
// [Support.Freedom]. If the gap is at least 10 standard errors, it is the APGR +- t standard
// errors ([ClusterSE]). Else it is Fieller's interval of a ratio (J. R. Stat. Soc. B 16, 1954),
// which allows for the gap's own error: with v_j = g_j/mu - 1, the solutions of
// d^2 <= t^2 Var(IF - d v) for APGR + d. If few clusters carry the influences, their effective
// number (as in [Support]) replaces a larger freedom. Both ends are NaN if the gap may be 0 at
// that confidence, or freedom is NaN.
func InfluenceInterval(apgr float64, influence []float64, o Outcomes, cluster []int, confidence, freedom float64) Interval {
	if math.IsNaN(freedom) {
		return Interval{Lo: math.NaN(), Hi: math.NaN()}
	}
	pull := clusterSums(influence, cluster)
	if e := Effective(pull); e < fewInfluences {
		freedom = min(freedom, e)
	}
	t := distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile((1 + confidence) / 2)
	gap, gapSE, _ := o.clusterMean(o.Gains(), cluster)
	if gap >= plainGap*gapSE {
		half := t * ClusterSE(influence, cluster)
		return Interval{Lo: apgr - half, Hi: apgr + half}
	}
	gain := clusterSums(o.relative(o.Gains()), cluster)
	size := clusterSums(o.relative(slices.Repeat([]float64{1}, o.N())), cluster)
	for c := range gain {
		gain[c] = gain[c]/gap - size[c] // summed v of the cluster
	}
	clusters, n := float64(len(size)), float64(len(influence))
	lo, hi := fieller(pull, gain, t*t*clusters/(clusters-1)/(n*n))
	return Interval{Lo: apgr + lo, Hi: apgr + hi}
}

// fieller returns the solutions of d^2 = scale sum (pull - d v)^2, NaN if they are no interval.
func fieller(pull, v []float64, scale float64) (lo, hi float64) {
	var vii, vvv, viv float64
	for c := range pull {
		vii += float64(pull[c] * pull[c])
		vvv += float64(v[c] * v[c])
		viv += float64(pull[c] * v[c])
	}
	a, b, c := 1-float64(scale*vvv), scale*viv, scale*vii
	if !(a > 0) {
		return math.NaN(), math.NaN()
	}
	root := math.Sqrt(float64(b*b) + float64(a*c))
	return (-b - root) / a, (-b + root) / a
}
