package eval

import (
	"fmt"
	"math"
)

// Comparer says how routers on the same samples are told apart.
type Comparer struct {
	Bootstrap    Bootstrap // intervals of the differences; its seed is the permutations' too
	Permutations int       // 0 leaves p values out
	Margin       float64   // differences of APGR up to here are equivalent; 0 for no such verdict
	// Progress, if any, is told how many pairs are done. An error ends the comparison.
	Progress func(done, total int) error
}

// Comparison is the outcome for all pairs of routers.
type Comparison struct {
	// Area says that the values are AreaOverRandom, in units of quality, because no gap
	// between the models is established; else they are APGR.
	Area   bool
	Values []float64    // one a router
	Pairs  []Difference // (0,1), (0,2), ... (1,2), ...
}

// Difference is router A's value less router B's.
type Difference struct {
	A, B     int     // routers, from 0
	Value    float64 // of A less that of B
	Interval Interval
	// Narrow is the interval of confidence 1 - 2 alpha that decides on equivalence: 90 %
	// beside one of 95 % (two one-sided tests; Schuirmann 1987).
	Narrow Interval
	SE     float64 // from influence functions, by clusters; NaN with a single cluster
	// Detectable is the smallest true difference that is found with 80 % power.
	Detectable float64
	P, Holm    float64 // of the permutation test, alone and adjusted for all pairs; NaN without one
	Verdict    Verdict
	// Within says that the narrow interval lies inside the margin, whatever the verdict.
	Within bool
}

// Verdict says what a difference's intervals allow to say of router A.
type Verdict string

// The interval decides between better and worse, the narrow one on equivalence.
const (
	Better       Verdict = "better"
	Worse        Verdict = "worse"
	Equivalent   Verdict = "equivalent"
	Inconclusive Verdict = "inconclusive"
)

// Compare tells every pair of routers apart. cluster[i] is the cluster of sample i, from
// [ClusterIDs]; each of scores is one router's, one a sample. A random router has one
// score for all samples. The same input gives the same floats on any number of cores.
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
		return Comparison{}, fmt.Errorf("the weak model is better than the strong one by %v", -gap.Value)
	}
	out := Comparison{Area: !gap.Measurable()}
	rankings, err := out.measure(o, scores)
	if err != nil {
		return Comparison{}, err
	}
	scale := newScaling(o, cluster, out.Area)
	clusters, _ := clusterSums(o.Gains(), cluster)
	for a := range scores {
		for b := a + 1; b < len(scores); b++ {
			d := Difference{A: a, B: b, Value: out.Values[a] - out.Values[b]}
			t.judge(&d, out.differences(replicates[a], replicates[b]), out.Area, len(clusters))
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

// measure fills the values and ranks the samples, for each router.
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

func (t Comparer) report(done, total int) error {
	if t.Progress == nil {
		return nil
	}
	return t.Progress(done, total)
}

func (c Comparison) value(curve *Curve) float64 {
	if c.Area {
		return curve.AreaOverRandom()
	}
	return curve.APGR()
}

// differences pairs the resamples. The area under the random line is the same for both.
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

// judge fills the intervals and the verdict. Of too few clusters there is neither.
func (t Comparer) judge(d *Difference, replicates []float64, area bool, clusters int) {
	confidence := t.Bootstrap.Confidence
	if clusters < MinClusters(confidence) {
		none := Interval{Lo: math.NaN(), Hi: math.NaN()}
		d.Interval, d.Narrow, d.Verdict = none, none, Inconclusive
		return
	}
	d.Interval = Percentile(replicates, confidence)
	d.Narrow = Percentile(replicates, NarrowConfidence(confidence))
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

// NarrowConfidence returns the confidence of the interval that decides on equivalence:
// 0.9 for 0.95.
func NarrowConfidence(confidence float64) float64 { return 1 - 2*(1-confidence) }

// DetectableSE returns how many standard errors a true difference must have to be
// found with 80 % power by an interval of the given confidence: 2.80 for 0.95.
func DetectableSE(confidence float64) float64 {
	const power = 0.8
	return NormalQuantile(confidence) + NormalQuantile(2*power-1)
}

// EquivalenceSE returns how many standard errors a margin must have for the
// equivalence of equal routers to be shown with 80 % power: 2.93 for 0.95.
func EquivalenceSE(confidence float64) float64 {
	const power = 0.8
	return NormalQuantile(NarrowConfidence(confidence)) + NormalQuantile(power)
}

// permute fills the standard error, what it can detect, and the p value.
func (t Comparer) permute(d *Difference, game *duel) {
	observed := game.observed()
	d.SE, d.P, d.Holm = observed.se, math.NaN(), math.NaN()
	d.Detectable = DetectableSE(t.Bootstrap.Confidence) * d.SE
	if t.Permutations > 0 {
		d.P = game.pValue(observed.t(), t.Permutations, t.Bootstrap.Seed)
	}
}
