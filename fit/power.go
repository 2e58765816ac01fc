package fit

import (
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/results"
)

// effectShare is the difference from chance that the advice is about, as a share of the gap between
// the two models or, among several, between the cheapest and the best one: 0.05 in APGR.
const effectShare = 0.05

// power says what the test part could have shown.
func (f *fitting) power() error {
	effect := effectShare
	if f.doc.Test.Metric != results.MetricAPGR {
		effect *= f.spanOf()
	}
	p := &results.FitPower{Effect: results.Value(effect), Detectable: results.Value(eval.DetectableSE(f.options.Confidence) * f.testSE)}
	f.doc.Power = p
	if more := float64(p.Detectable / p.Effect); more > 1 {
		p.More = roundUp(float64(f.samples()) * (more*more - 1))
	}
	return nil
}

// samples returns the number of usable samples in all parts.
func (f *fitting) samples() int {
	n := 0
	for _, p := range f.doc.Parts {
		n += p.Samples
	}
	return n
}

// roundUp rounds a number of prompts up to two digits: it is an estimate.
func roundUp(n float64) int {
	if n <= 0 || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	unit := math.Pow(10, max(0, math.Floor(math.Log10(n))-1))
	return int(math.Ceil(n/unit) * unit)
}

// spanOf returns what an effect is a share of, where no gap is established: the mean absolute gain
// or, among several models, the difference in quality between the cheapest and the best one.
func (f *fitting) spanOf() float64 {
	if !f.pairwise() {
		c := f.constants()
		return c.Quality[c.Best] - c.Quality[c.Cheapest]
	}
	o, _ := f.outcomes(f.rows())
	gains := o.Gains()
	for i, g := range gains {
		gains[i] = math.Abs(g)
	}
	return mean(gains, o.Weight)
}
