package harness

import (
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// addPoint measures a threshold on both parts.
func (c *calibrator) addPoint(threshold float64, g results.Guarantee, set, report part) {
	p := results.OperatingPoint{Guarantee: g, Threshold: results.ThresholdAt(threshold)}
	before, now := set.measure(threshold, c.o.Confidence), report.measure(threshold, c.o.Confidence)
	if c.o.Division != nil && set.costStrong != nil {
		before, now = append(before, set.saving(threshold, c.o.Confidence)), append(now, report.saving(threshold, c.o.Confidence))
	}
	for i, m := range now {
		m.Calibration = before[i].HeldOut
		p.Measures = append(p.Measures, m)
	}
	if c.doc.Next != nil {
		lo, hi := report.next(threshold, *c.doc.Next, c.o.Confidence)
		p.Measures = append(p.Measures, results.Measure{Name: "next_calls", Calibration: results.Missing, HeldOut: results.Missing, Lo: results.Value(lo), Hi: results.Value(hi)})
	}
	c.doc.Outcomes.Points = append(c.doc.Outcomes.Points, p)
}

// measure returns what routing at a threshold does on the part, as held-out values with
// their intervals. Without an established gap, no share of it exists but none and all.
func (p part) measure(threshold, confidence float64) []results.Measure {
	n := len(p.scores)
	called, quality, recovered, cost := make([]bool, n), make([]float64, n), make([]float64, n), make([]float64, n)
	copy(quality, p.outcomes.Weak)
	copy(cost, p.costWeak)
	gains := p.outcomes.Gains()
	for i, s := range p.scores {
		if called[i] = s >= threshold; called[i] {
			quality[i], recovered[i] = p.outcomes.Strong[i], gains[i]
			if p.costStrong != nil {
				cost[i] = p.costOfStrong(threshold, i)
			}
		}
	}
	share, interval := p.outcomes.Proportion(called, p.clusters, confidence)
	if math.IsInf(threshold, 0) { // the share is certain for any prompts
		interval = eval.Interval{Lo: share, Hi: share}
	}
	out := []results.Measure{newMeasure("strong_fraction", share, interval)}
	ratio := func(name string, over, under []float64, e eval.Extremes, certain bool) {
		value, interval := p.outcomes.Ratio(over, under, e, p.clusters, confidence)
		if certain { // none or all, even of nothing
			value, interval = share, eval.Interval{Lo: share, Hi: share}
		}
		out = append(out, newMeasure(name, value, interval))
	}
	least, most := eval.QualityRange(p.outcomes, p.least, p.most)
	ratio("quality", quality, nil, eval.MeanExtremes(least, most), false)
	ratio("share_of_strong", quality, p.outcomes.Strong, eval.ShareExtremes(least, most), math.IsInf(threshold, -1))
	ratio("pgr", recovered, gains, eval.GapExtremes(least, most), math.IsInf(threshold, 0))
	if !p.measurable() && !math.IsInf(threshold, 0) {
		out[len(out)-1] = newMeasure("pgr", math.NaN(), eval.Interval{Lo: math.NaN(), Hi: math.NaN()})
	}
	if p.costStrong != nil {
		ratio("cost_usd", cost, nil, eval.MeanExtremes(eval.CostRange(p.costStrong, p.costWeak)), false)
	}
	return out
}

// costOfStrong returns what a sample costs whose prompt goes to the strong model. A threshold that
// always calls it asks no other model.
func (p part) costOfStrong(threshold float64, i int) float64 {
	if math.IsInf(threshold, -1) {
		return p.alwaysStrong()[i]
	}
	return p.costStrong[i]
}

// saving returns what routing at a threshold saves against always calling the strong model, in USD
// per thousand prompts.
func (p part) saving(threshold, confidence float64) results.Measure {
	saved := make([]float64, len(p.scores))
	for i, s := range p.scores {
		if s < threshold {
			saved[i] = p.alwaysStrong()[i] - p.costWeak[i]
		} else {
			saved[i] = p.alwaysStrong()[i] - p.costOfStrong(threshold, i)
		}
	}
	_, most := eval.CostRange(p.costStrong, p.costWeak)
	value, interval := p.outcomes.Ratio(saved, nil, eval.MeanExtremes(-most, most), p.clusters, confidence)
	return newMeasure("saving_usd", value, interval)
}

// measurable reports whether the part establishes a gap between the models.
func (p part) measurable() bool {
	gap, err := eval.NewGap(p.outcomes, p.clusters)
	return err == nil && gap.Measurable()
}

func newMeasure(name string, value float64, i eval.Interval) results.Measure {
	return results.Measure{Name: name, Calibration: results.Missing, HeldOut: results.Value(value), Lo: results.Value(i.Lo), Hi: results.Value(i.Hi)}
}

// next returns an interval for the number of strong calls among the next m requests,
// predicted from the part.
func (p part) next(threshold float64, m int64, confidence float64) (lo, hi int64) {
	switch {
	case math.IsInf(threshold, -1):
		return m, m
	case math.IsInf(threshold, 1):
		return 0, 0
	}
	called := make([]bool, len(p.scores))
	for i, s := range p.scores {
		called[i] = s >= threshold
	}
	n := int64(len(p.scores))
	share, _ := p.outcomes.Proportion(called, p.clusters, confidence)
	return eval.NextCalls(int64(math.Round(share*float64(n))), n, m, p.outcomes.NewDesign(called, p.clusters), confidence)
}

// cascadePart returns a part with the costs of a cascade in place of those of a router of prompts.
func (p part) cascadePart(b *Benchmark, a routers.AnswerRouter) part {
	if p.costStrong == nil {
		return p
	}
	if costs, _ := b.cascadeCosts(a, &measure.Costs{Strong: p.costStrong, Weak: p.costWeak}, 1000); costs != nil {
		p.alone, p.costStrong, p.costWeak = p.costStrong, costs.Strong, costs.Weak
	}
	return p
}

// alwaysStrong returns what always calling the strong model costs, which asks no other model.
func (p part) alwaysStrong() []float64 {
	if p.alone != nil {
		return p.alone
	}
	return p.costStrong
}

// pickAlone returns the samples with the given indices of what pick leaves out.
func (p part) pickAlone(index []int) []float64 {
	if p.alone == nil {
		return nil
	}
	return slicesx.Pick(p.alone, index)
}
