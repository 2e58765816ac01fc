package pool

import (
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/num"
)

// contest compares the routers of an evaluation by one metric.
type contest struct {
	*Evaluation
	by         Metric
	margin     float64
	values     []float64   // one per router
	replicates [][]float64 // one row per router; nil rows without resamples
	widening   float64     // factor that makes all narrow intervals hold at once
}

// testable reports whether there is enough for p values.
func (c *contest) testable() bool {
	return c.Replicates != nil && len(c.values) > 0 && c.Clusters >= eval.MinClusters(c.confidence) && !slices.ContainsFunc(c.values, math.IsNaN)
}

// test tests the pairings as one family. The pairs of routers come first.
func (c *contest) test(pairings []eval.Pairing) []eval.Tested {
	if !c.testable() {
		out := make([]eval.Tested, len(pairings))
		for h, p := range pairings {
			out[h] = eval.Tested{Value: c.value(p), P: math.NaN(), Adjusted: math.NaN(), Critical: math.NaN()}
		}
		return out
	}
	f := eval.Family{Values: c.values, Replicates: c.replicates, Clusters: c.Clusters, Confidence: c.confidence}
	if c.by == ByCost {
		f.Values, f.Replicates = capped(c.values, c.replicates)
	}
	out := f.Test(pairings)
	f.Withhold(out, pairings, c)
	c.widening = f.Widening(eval.AllPairs(len(c.values)), eval.NarrowConfidence(c.confidence))
	return out
}

// Of returns how few clusters carry the difference of a pairing.
func (c *contest) Of(p eval.Pairing) eval.Support { return c.supports.of(p, c.by != ByLift) }

// capped returns logarithms of costs with +Inf, never reached, replaced by the highest finite one,
// at least that of the best constant model, which is 0.
func capped(values []float64, replicates [][]float64) ([]float64, [][]float64) {
	most := 0.0
	for _, row := range append(slices.Clone(replicates), values) {
		for _, x := range row {
			if num.Finite(x) {
				most = max(most, x)
			}
		}
	}
	limit := func(row []float64) []float64 {
		out := slices.Clone(row)
		for i, x := range out {
			if math.IsInf(x, 1) {
				out[i] = most
			}
		}
		return out
	}
	rows := make([][]float64, len(replicates))
	for k, row := range replicates {
		rows[k] = limit(row)
	}
	return limit(values), rows
}

// value returns the difference of a pairing on all prompts.
func (c *contest) value(p eval.Pairing) float64 {
	if p.B == eval.RandomRouter {
		return c.values[p.A]
	}
	return c.values[p.A] - c.values[p.B]
}

// judge returns the difference of a pair with its intervals and verdict.
func (c *contest) judge(p eval.Pairing, t eval.Tested) Difference {
	d := Difference{A: p.A, B: p.B, Value: c.value(p), Interval: missing.Interval, Narrow: missing.Interval, SE: math.NaN(), Tested: t}
	d.Detectable, d.Verdict = math.NaN(), eval.Inconclusive
	if !c.testable() {
		return d
	}
	replicates, support := c.differences(p), c.Of(p)
	d.Interval = eval.Percentile(replicates, support.Paired(c.confidence))
	d.Narrow = eval.Percentile(replicates, support.Paired(eval.NarrowConfidence(c.confidence)))
	clusters := float64(c.Clusters)
	d.SE = deviation(replicates) * math.Sqrt(clusters/(clusters-1))
	power := eval.DetectableSE(c.confidence) - eval.NormalQuantile(c.confidence)
	d.Detectable = (t.Critical + power) * d.SE
	d.Verdict = c.verdict(d)
	return d
}

// verdict returns the verdict about router A. Better and worse need the family's test and the
// interval of the difference alone.
func (c *contest) verdict(d Difference) eval.Verdict {
	wide := d.Narrow.Widen(d.Value, c.widening)
	said := d.Tested.Verdict(c.confidence)
	switch {
	case said != eval.Inconclusive && (d.Interval.Lo > 0 || d.Interval.Hi < 0):
		if (d.Interval.Lo > 0) == (c.by != ByCost) {
			return eval.Better
		}
		return eval.Worse
	case c.margin > 0 && wide.Lo > -c.margin && wide.Hi < c.margin:
		return eval.Equivalent
	}
	return eval.Inconclusive
}

// differences returns the difference of a pair on each resample. It is NaN if neither reaches the
// target.
func (c *contest) differences(p eval.Pairing) []float64 {
	out := slices.Clone(c.replicates[p.A])
	for i, x := range c.replicates[p.B] {
		out[i] -= x
	}
	return out
}

// deviation returns the standard deviation of the finite values.
func deviation(x []float64) float64 {
	n, sum, squares := 0.0, 0.0, 0.0
	for _, v := range x {
		if num.Finite(v) {
			n, sum = n+1, sum+v
		}
	}
	for _, v := range x {
		if num.Finite(v) {
			squares += float64((v - sum/n) * (v - sum/n))
		}
	}
	return math.Sqrt(squares / n)
}
