package eval

import "math"

// verdict says what an interval did.
type verdict int

const (
	hidden verdict = iota // it is not shown
	missed                // it does not hold the truth
	held
)

// judge returns the verdict on an interval.
func judge(i Interval, truth float64) verdict {
	switch {
	case math.IsNaN(i.Lo):
		return hidden
	case i.Lo <= truth && truth <= i.Hi:
		return held
	}
	return missed
}

// experiment is one simulated data set with three routers: two equal ones and a lesser one.
type experiment struct {
	Outcomes
	cluster []int
	scores  [][]float64
	support Support
	boot    Bootstrap
}

// verdicts returns the verdict on each interval that the program shows, in the order of the
// table. truth holds the true curves of the first and of the last router.
func (e experiment) verdicts(truth [2]*Curve) []verdict {
	all, err := e.boot.Resample(e.Outcomes, e.cluster, e.scores[:1], Points{CPT: []float64{20, 50, 80}, Fractions: evenPercents(), Qualities: []float64{0.95}})
	if err != nil {
		panic(err)
	}
	rest, err := e.boot.Resample(e.Outcomes, e.cluster, e.scores[1:], Points{})
	if err != nil {
		panic(err)
	}
	curve, err := NewCurve(e.Outcomes, e.scores[0])
	if err != nil {
		panic(err)
	}
	x, t, total := all[0], truth[0], truth[0].totalGain()
	gap, err := NewGap(e.Outcomes, e.cluster)
	if err != nil {
		panic(err)
	}
	level := e.support.Level(0.95)
	shares := level // of metrics that need a gap
	if !gap.Measurable() {
		shares = math.NaN()
	}
	return []verdict{
		judge(Percentile(x.APGR, shares), t.APGR()),
		e.influence(curve, gap, t.APGR()),
		judge(Percentile(x.CPT[0], shares), t.reach(0.2*total)),
		judge(Percentile(x.CPT[1], shares), t.reach(0.5*total)),
		judge(Percentile(x.CPT[2], shares), t.reach(0.8*total)),
		judge(Percentile(x.AUC, level), t.AUC()),
		judge(Percentile(x.QualityAt[10], level), t.QualityAt(0.2)),
		judge(Percentile(x.FractionFor[0], level), orNever(t.FractionFor(0.95*t.Strong))),
		e.band(curve, x.QualityAt, t),
		judge(Percentile(minus(x.APGR, rest[1].APGR), e.paired(gap, 2)), t.APGR()-truth[1].APGR()),
		judge(Percentile(minus(x.APGR, rest[0].APGR), e.paired(gap, 1)), 0),
	}
}

// paired returns the confidence of the percentiles for the difference of the first router's APGR
// from router k's.
func (e experiment) paired(gap Gap, k int) float64 {
	all, err := NewPairSupports(e.Outcomes, e.cluster, [][]float64{e.scores[0], e.scores[k]})
	if err != nil {
		panic(err)
	}
	s := all.Of(Pairing{0, 1})
	if s.Clusters < MinClusters(0.95) || !gap.Measurable() {
		return math.NaN()
	}
	return s.Paired(0.95)
}

// influence returns the verdict on the interval from the influence function.
func (e experiment) influence(c *Curve, gap Gap, truth float64) verdict {
	if !gap.Measurable() {
		return hidden
	}
	influence, err := Influence(e.Outcomes, e.scores[0])
	if err != nil {
		panic(err)
	}
	return judge(InfluenceInterval(c.APGR(), influence, e.Outcomes, e.cluster, 0.95, e.support.Freedom()), truth)
}

// band returns the verdict on the simultaneous band, which has to hold the whole true curve.
func (e experiment) band(c *Curve, draws [][]float64, truth *Curve) verdict {
	level := e.support.Band(0.95)
	if math.IsNaN(level) {
		return hidden
	}
	var estimate []float64
	for _, f := range evenPercents() {
		estimate = append(estimate, c.QualityAt(f))
	}
	lo, hi := SimultaneousBand(estimate, draws, level)
	for i, f := range evenPercents() {
		if q := truth.QualityAt(f); q < lo[i]-1e-12 || q > hi[i]+1e-12 {
			return missed
		}
	}
	return held
}

// evenPercents returns 0, 0.02, ..., 1. The program's bands have every per cent, which takes
// twice as long.
func evenPercents() []float64 {
	out := make([]float64, 51)
	for i := range out {
		out[i] = float64(2*i) / 100
	}
	return out
}

// minus returns a less b, element by element.
func minus(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range out {
		out[i] = a[i] - b[i]
	}
	return out
}

// orNever replaces NaN, which stands for "never reached", with +Inf, which sorts last.
func orNever(fraction float64) float64 {
	if math.IsNaN(fraction) {
		return math.Inf(1)
	}
	return fraction
}
