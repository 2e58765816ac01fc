package eval

import (
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
	Verdict    Verdict
	// Within reports whether the narrow interval lies inside the margin, whatever the verdict.
	Within bool
}

// Verdict is the conclusion about router A that a difference's intervals allow.
type Verdict string

// The verdicts. The interval decides between better and worse; the narrow interval decides
// on equivalence.
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
	replicates, err := t.Bootstrap.Resample(o, cluster, scores, Points{})
	if err != nil {
		return Comparison{}, err
	}
	gap, err := NewGap(o, cluster)
	if err != nil {
		return Comparison{}, err
	}
	if gap.State == GapReversed {
		return Comparison{}, fmt.Errorf("the weak model is better than the strong one by %v: swap the models", -gap.Value)
	}
	out := Comparison{Area: !gap.Measurable()}
	rankings, err := out.measure(o, scores)
	if err != nil {
		return Comparison{}, err
	}
	scale := newScaling(o, cluster, out.Area)
	for a := range scores {
		for b := a + 1; b < len(scores); b++ {
			d := Difference{A: a, B: b, Value: out.Values[a] - out.Values[b]}
			support, err := NewPairSupport(o, cluster, scores[a], scores[b])
			if err != nil {
				return Comparison{}, err
			}
			t.judge(&d, out.differences(replicates[a], replicates[b]), out.Area, support)
			t.permute(&d, newDuel(rankings[a], rankings[b], cluster, scale))
			out.Pairs = append(out.Pairs, d)
			if err := t.report(len(out.Pairs), len(scores)*(len(scores)-1)/2); err != nil {
				return Comparison{}, err
			}
		}
	}
	adjust(out.Pairs)
	return out, nil
}

// measure fills in one value per router and returns one ranking of the samples per router.
func (c *Comparison) measure(o Outcomes, scores [][]float64) ([]ranking, error) {
	rankings := make([]ranking, len(scores))
	for k := range scores {
		curve, err := NewCurve(o, scores[k])
		if err != nil {
			return nil, err
		}
		if rankings[k], err = newRanking(o, scores[k]); err != nil {
			return nil, err
		}
		c.Values = append(c.Values, c.value(curve))
	}
	return rankings, nil
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

// judge fills in the intervals and the verdict. With too few clusters, or too few that carry
// the gains, the intervals are NaN and the verdict is inconclusive.
func (t Comparer) judge(d *Difference, replicates []float64, area bool, support Support) {
	confidence := t.Bootstrap.Confidence
	if support.Clusters < MinClusters(confidence) {
		none := Interval{Lo: math.NaN(), Hi: math.NaN()}
		d.Interval, d.Narrow, d.Verdict = none, none, Inconclusive
		return
	}
	d.Interval = Percentile(replicates, support.Paired(confidence))
	d.Narrow = Percentile(replicates, support.Paired(NarrowConfidence(confidence)))
	d.Within = !area && t.Margin > 0 && d.Narrow.Lo > -t.Margin && d.Narrow.Hi < t.Margin
	switch {
	case d.Interval.Lo > 0:
		d.Verdict = Better
	case d.Interval.Hi < 0:
		d.Verdict = Worse
	case d.Within:
		d.Verdict = Equivalent
	default:
		d.Verdict = Inconclusive
	}
}

// NarrowConfidence returns the confidence of the narrow interval, which decides on
// equivalence, beside an interval of the given confidence: 0.9 for 0.95.
func NarrowConfidence(confidence float64) float64 { return 1 - 2*(1-confidence) }

// DetectableSE returns the smallest true difference, in standard errors, that an interval of
// the given confidence finds with 80 % power: 2.80 for 0.95.
func DetectableSE(confidence float64) float64 {
	const power = 0.8
	return NormalQuantile(confidence) + NormalQuantile(2*power-1)
}

// EquivalenceSE returns the smallest margin, in standard errors, within which two equal
// routers are shown to be equivalent with 80 % power: 2.93 for 0.95.
func EquivalenceSE(confidence float64) float64 {
	const power = 0.8
	return NormalQuantile(NarrowConfidence(confidence)) + NormalQuantile(power)
}

// permute fills in the standard error, the detectable difference and the p value.
func (t Comparer) permute(d *Difference, game *duel) {
	observed := game.observed()
	d.SE, d.P, d.Holm = observed.se, math.NaN(), math.NaN()
	d.Detectable = DetectableSE(t.Bootstrap.Confidence) * d.SE
	if t.Permutations > 0 {
		d.P = game.pValue(observed.t(), t.Permutations, t.Bootstrap.Seed)
	}
}
