package eval

import (
	"errors"
	"fmt"
	"math"
)

// Comparer holds the settings for comparing routers that ran on the same samples. Call
// [Comparer.Compare].
type Comparer struct {
	Bootstrap    Bootstrap // settings of the differences' intervals; the permutations use its seed too
	Permutations int       // number of permutations per pair; 0 leaves the p values out
	Margin       float64   // largest difference in APGR that counts as equivalent; 0 for no equivalence verdict
	// Progress, if non-nil, is called after each pair. If it returns an error, Compare stops
	// and returns that error.
	Progress func(done, total int) error
}

// Comparison holds the values of all routers and the differences of all pairs.
type Comparison struct {
	// Area reports that the values are AreaOverRandom, in units of quality, because the gap
	// between the models is not established. Otherwise they are APGR.
	Area   bool
	Values []float64    // one value per router
	Pairs  []Difference // the pairs (0,1), (0,2), ... (1,2), ...
	Random []Tested     // each router against the random one, by area over random; nil with too few clusters
}

// Difference compares two routers: router A's value minus router B's.
type Difference struct {
	A, B     int     // indices of the two routers
	Value    float64 // value of A minus value of B
	Interval Interval
	// Narrow is the interval that decides on equivalence. Its confidence is 1 - 2 alpha,
	// 0.9 beside an interval of 0.95 (two one-sided tests; Schuirmann 1987).
	Narrow Interval
	SE     float64 // cluster-robust standard error from the influence functions; NaN with a single cluster
	// Detectable is the smallest true difference that the test finds with 80 % power.
	Detectable float64
	P          float64 // p value of the permutation test; NaN without permutations
	Holm       float64 // P adjusted for the number of pairs (Holm 1979); NaN without permutations
	// Adjusted is the p value of [Family.Test], adjusted for all pairs and for every router's
	// test against the random one. NaN with too few clusters.
	Adjusted float64
	// Verdict allows for the number of comparisons: better and worse need Adjusted to be
	// significant and Interval to exclude 0; equivalence needs every pair's narrow interval to
	// hold at once.
	Verdict Verdict
	Alone   Verdict // verdict of the two intervals if this were the only pair
	// Within reports whether the narrow interval, widened for the number of pairs, lies inside
	// the margin, whatever the verdict.
	Within bool
}

// Verdict is the conclusion about router A that a comparison allows.
type Verdict string

// The verdicts about router A.
const (
	Better       Verdict = "better"
	Worse        Verdict = "worse"
	Equivalent   Verdict = "equivalent"
	Inconclusive Verdict = "inconclusive"
)

// Compare compares every pair of routers. cluster[i] is the cluster of sample i, from
// [ClusterIDs], and scores[k][i] is router k's score for sample i. A random router gives all
// samples the same score. The same input gives the same floats on any number of cores. It
// returns an error if the weak model is significantly better than the strong one, and for the
// same input as [Bootstrap.Resample].
func (t Comparer) Compare(o Outcomes, cluster []int, scores [][]float64) (Comparison, error) {
	if err := t.Bootstrap.check(o, cluster); err != nil {
		return Comparison{}, err
	}
	return t.CompareScored(scoredBy(o, cluster, scores))
}

// CompareScored does what [Comparer.Compare] does for at least one router with samples of its own. It
// returns an error for the same input as [Bootstrap.ResampleScored], and where Compare does.
func (t Comparer) CompareScored(routers []Scored) (Comparison, error) {
	if len(routers) == 0 {
		return Comparison{}, errors.New("no routers: want at least one")
	}
	replicates, err := t.Bootstrap.ResampleScored(routers, Points{})
	if err != nil {
		return Comparison{}, err
	}
	o, cluster := routers[0].Outcomes, routers[0].Cluster
	gap, err := NewGap(o, cluster)
	if err != nil {
		return Comparison{}, err
	}
	if gap.State == GapReversed {
		return Comparison{}, fmt.Errorf("the weak model is better than the strong one by %v: swap the models", -gap.Value)
	}
	out := Comparison{Area: !gap.Measurable()}
	family, rankings, err := t.measure(&out, routers, replicates)
	if err != nil {
		return Comparison{}, err
	}
	scale := newScaling(o, cluster, out.Area)
	supports, err := NewPairSupportsScored(routers)
	if err != nil {
		return Comparison{}, err
	}
	family.Clusters = supports.whole.Clusters
	tests := t.test(&out, family, supports)
	for h, p := range AllPairs(len(routers)) {
		d := Difference{A: p.A, B: p.B, Value: out.Values[p.A] - out.Values[p.B], Adjusted: math.NaN()}
		t.permute(&d, newDuel(rankings[p.A], rankings[p.B], scale))
		t.judge(&d, out.differences(replicates[p.A], replicates[p.B]), out.Area, tests, h)
		out.Pairs = append(out.Pairs, d)
		if err := t.report(len(out.Pairs), len(routers)*(len(routers)-1)/2); err != nil {
			return Comparison{}, err
		}
	}
	adjust(out.Pairs)
	return out, nil
}

// measure fills in one value per router. It returns the routers as a family and one ranking of
// the samples per router.
func (t Comparer) measure(c *Comparison, routers []Scored, replicates []Replicates) (Family, []ranking, error) {
	rankings, family := make([]ranking, len(routers)), Family{Confidence: t.Bootstrap.Confidence}
	for k, r := range routers {
		curve, err := NewCurve(r.Outcomes, r.Scores)
		if err != nil {
			return family, nil, err
		}
		if rankings[k], err = newRanking(r); err != nil {
			return family, nil, err
		}
		c.Values = append(c.Values, c.value(curve))
		family.Values = append(family.Values, curve.AreaOverRandom())
		family.Replicates = append(family.Replicates, replicates[k].OverRandom)
	}
	return family, rankings, nil
}

// tests holds what the verdicts of all pairs depend on.
type tests struct {
	pairs    []Tested  // one per pair; nil with too few clusters
	supports []Support // one per pair
	widening float64   // widening of the narrow intervals, at least 1
}

// test tests all pairs, and every router against the random one. With too few clusters it
// tests nothing.
func (t Comparer) test(c *Comparison, f Family, s PairSupports) tests {
	if f.Clusters < MinClusters(f.Confidence) {
		return tests{}
	}
	pairs := AllPairs(len(f.Values))
	every := append(pairs, AgainstRandom(len(f.Values))...)
	all := f.Test(every)
	f.Withhold(all, every, s)
	c.Random = all[len(pairs):]
	out := tests{pairs: all[:len(pairs)], widening: f.Widening(pairs, NarrowConfidence(f.Confidence))}
	for _, p := range pairs {
		out.supports = append(out.supports, s.Of(p))
	}
	return out
}

// report calls Progress, if non-nil.
func (t Comparer) report(done, total int) error {
	if t.Progress == nil {
		return nil
	}
	return t.Progress(done, total)
}

// value returns the curve's APGR, or its area over random if the comparison uses areas.
func (c Comparison) value(curve *Curve) float64 {
	if c.Area {
		return curve.AreaOverRandom()
	}
	return curve.APGR()
}

// differences returns router a's value minus router b's on each resample. For areas, the
// difference in AUC serves, because the area under the random line is the same for both.
func (c Comparison) differences(a, b Replicates) []float64 {
	x, y := a.APGR, b.APGR
	if c.Area {
		x, y = a.AUC, b.AUC
	}
	out := make([]float64, len(x))
	for i := range out {
		out[i] = x[i] - y[i]
	}
	return out
}

// judge fills in the intervals, the detectable difference and the verdicts of pair h. With
// too few clusters, or too few that carry the gains, the intervals are NaN and the verdicts
// inconclusive.
func (t Comparer) judge(d *Difference, replicates []float64, area bool, all tests, h int) {
	confidence := t.Bootstrap.Confidence
	if all.pairs == nil {
		none := Interval{Lo: math.NaN(), Hi: math.NaN()}
		d.Interval, d.Narrow, d.Verdict, d.Alone = none, none, Inconclusive, Inconclusive
		d.Detectable = DetectableSE(confidence) * d.SE
		return
	}
	test, support := all.pairs[h], all.supports[h]
	d.Interval = Percentile(replicates, support.Paired(confidence))
	d.Narrow = Percentile(replicates, support.Paired(NarrowConfidence(confidence)))
	d.Adjusted, d.Detectable = test.Adjusted, (test.Critical+powerSE)*d.SE
	d.Alone = d.decided(d.Interval, t.within(*d, area, 1))
	d.Within = t.within(*d, area, all.widening)
	d.Verdict = d.Alone
	if d.Alone == Equivalent || test.Verdict(confidence) != d.Alone {
		d.Verdict = d.decided(Interval{}, d.Within)
	}
}

// decided returns the verdict of an interval, or else that of the margin.
func (d Difference) decided(i Interval, within bool) Verdict {
	switch {
	case i.Lo > 0:
		return Better
	case i.Hi < 0:
		return Worse
	case within:
		return Equivalent
	}
	return Inconclusive
}

// within reports whether the narrow interval lies inside the margin if its arms are widened by
// a factor. Areas have no margin.
func (t Comparer) within(d Difference, area bool, widening float64) bool {
	wide := d.Narrow.Widen(d.Value, widening)
	return !area && t.Margin > 0 && wide.Lo > -t.Margin && wide.Hi < t.Margin
}

// NarrowConfidence returns the confidence of the narrow interval, which decides on
// equivalence, beside an interval of the given confidence: 0.9 for 0.95.
func NarrowConfidence(confidence float64) float64 { return 1 - 2*(1-confidence) }

// DetectableSE returns the smallest true difference, in standard errors, that an interval of
// the given confidence finds with 80 % power: 2.80 for 0.95.
func DetectableSE(confidence float64) float64 { return NormalQuantile(confidence) + powerSE }

// powerSE is the number of standard errors by which a true difference must exceed the critical
// one to be found with 80 % power.
var powerSE = NormalQuantile(0.6)

// EquivalenceSE returns the smallest margin, in standard errors, within which two equal
// routers are shown to be equivalent with 80 % power: 2.93 for 0.95.
func EquivalenceSE(confidence float64) float64 {
	const power = 0.8
	return NormalQuantile(NarrowConfidence(confidence)) + NormalQuantile(power)
}

// permute fills in the standard error and the p value.
func (t Comparer) permute(d *Difference, game *duel) {
	observed := game.observed()
	d.SE, d.P, d.Holm = observed.se, math.NaN(), math.NaN()
	if t.Permutations > 0 {
		d.P = game.pValue(observed.t(), t.Permutations, t.Bootstrap.Seed)
	}
}
