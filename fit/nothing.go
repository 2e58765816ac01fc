package fit

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
)

// constants returns the constant models on the training part.
func (f *fitting) constants() pool.Constants {
	rows := f.usable(harness.TrainingPart)
	return pool.NewConstants(pool.Outcomes{Quality: f.data.Quality.Pick(rows), Cost: f.data.Cost.Pick(rows), Weight: f.data.Weights(rows)}, nil)
}

// scale finds the metric between two models, and refuses a pair whose weak model is the better one.
func (f *fitting) scale() error {
	f.doc.Metric, f.unitOf = results.MetricLift, 1
	if !f.pairwise() {
		return f.refuseCascades()
	}
	gap, err := f.gap()
	if err != nil {
		return err
	}
	if gap.State == eval.GapReversed {
		p := f.pair()
		return hint.With(fmt.Errorf("%s: the weak model %q is better than the strong model %q by %.4g, %.1f standard errors",
			f.data.Name, p.Weak, p.Strong, -gap.Value, math.Abs(gap.Value/gap.SE)), fmt.Sprintf("swap them: --pair %s,%s", p.Weak, p.Strong))
	}
	if f.options.Cascades {
		return f.compareByCost()
	}
	f.doc.Metric = results.MetricArea
	if gap.Measurable() {
		f.doc.Metric, f.unitOf = results.MetricAPGR, gap.Value
	}
	return nil
}

// nothing reports whether the training part leaves nothing to route, and then names the model to
// call for every prompt.
func (f *fitting) nothing() bool {
	if !f.pairwise() {
		c := f.constants()
		f.doc.Fallback = f.data.Models[c.Best]
		return c.Best == c.Cheapest
	}
	p := f.pair()
	source, _ := f.data.Outcomes.Pick(f.train).Pair(f.strong, f.weak)
	strong, weak := f.doc.Models[f.strong], f.doc.Models[f.weak]
	f.doc.Fallback = p.Strong
	switch least, most := slices.Min(source.Gain), slices.Max(source.Gain); {
	case most <= 0: // the weak model is never worse
		f.doc.Fallback = p.Weak
		return true
	case least == most:
		return true
	}
	return strong.Cost <= weak.Cost // false where a cost is not known
}

// gap returns the gap between the two models on the training part.
func (f *fitting) gap() (eval.Gap, error) {
	o, rows := f.outcomes(f.rows())
	return eval.NewGap(o, f.data.Clusters(slicesx.Pick(f.train, rows)))
}
