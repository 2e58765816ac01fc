package harness

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/training"
)

// unmeasuredOf describes the missing rows, which lack a model's quality, beside the measured
// ones. It returns nil if there are none.
func unmeasuredOf(meta datasets.Meta, o eval.Outcomes, missing, measured []int) *results.Unmeasured {
	if len(missing) == 0 {
		return nil
	}
	rows := slices.Concat(missing, measured)
	o = o.Select(rows)
	lowest, highest, source := meta.Min, meta.Max, "given"
	if math.IsNaN(lowest) || math.IsNaN(highest) {
		lowest, highest = rangeOf(o)
		source = "observed"
	}
	lo, hi := eval.GapBounds(o, lowest, highest)
	return &results.Unmeasured{
		Samples: len(missing), Share: results.Value(float64(len(missing)) / float64(len(rows))), Range: source,
		QualityMin: results.Value(lowest), QualityMax: results.Value(highest), GapLo: results.Value(lo), GapHi: results.Value(hi),
	}
}

// rangeOf returns the lowest and the highest measured quality of both models.
func rangeOf(o eval.Outcomes) (lowest, highest float64) {
	lowest, highest = math.Inf(1), math.Inf(-1)
	for _, qualities := range [][]float64{o.Strong, o.Weak} {
		for _, q := range qualities {
			if !math.IsNaN(q) {
				lowest, highest = min(lowest, q), max(highest, q)
			}
		}
	}
	return lowest, highest
}

// minLengths is the smallest number of prompts, on either side, whose lengths are compared.
const minLengths = 5

// lengthOf compares the lengths of the missing rows' prompts with those of the measured ones. It
// returns nil if these are too few.
func lengthOf(chars []float64, missing, measured []int) *results.UnmeasuredLength {
	if chars == nil || len(missing) < minLengths || len(measured) < minLengths {
		return nil
	}
	a, b := slicesx.Pick(chars, missing), slicesx.Pick(chars, measured)
	p, _ := eval.RankSum(a, b)
	return &results.UnmeasuredLength{Unmeasured: results.Value(median(a)), Measured: results.Value(median(b)), P: results.Value(p)}
}

// median returns the median of the values, which it sorts.
func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// unmeasuredWarnings warns if many samples are left out because they are not measured, or if their
// prompts have other lengths than the rest.
func unmeasuredWarnings(u *results.Unmeasured) []string {
	return append(manyUnmeasured(u), otherLength(u)...)
}

// otherLength warns if what is not measured has other lengths than the rest, as where a model
// fails on long prompts.
func otherLength(u *results.Unmeasured) []string {
	if u == nil || u.Length == nil || !(u.Length.P < results.MaxLengthP) {
		return nil
	}
	how := "are longer than"
	switch {
	case u.Length.Unmeasured < u.Length.Measured:
		how = "are shorter than"
	case u.Length.Unmeasured == u.Length.Measured:
		how = "differ in length from"
	}
	return []string{fmt.Sprintf("the prompts of the samples that are not measured %s the others (medians %.0f and %.0f characters, p %s): what is measured is not like the rest",
		how, float64(u.Length.Unmeasured), float64(u.Length.Measured), text.PValue(float64(u.Length.P)))}
}

func manyUnmeasured(u *results.Unmeasured) []string {
	if !u.Many() {
		return nil
	}
	return []string{fmt.Sprintf("%.1f %% of the samples are left out because a model was not measured on them: unless these are like the rest, all numbers here are biased; counted as worst and as best, they put the gap between %.3g and %.3g",
		100*float64(u.Share), float64(u.GapLo), float64(u.GapHi))}
}

// warnUnmeasured notes if many rows of a benchmark cannot be drawn for training because a model
// was not measured on them.
func (f Feedback) warnUnmeasured(rows training.Rows, pair results.Pair) {
	strong, _ := rows.Table.QualityOf(pair.Strong)
	weak, _ := rows.Table.QualityOf(pair.Weak)
	missing := 0
	for i := range min(len(strong), len(weak)) {
		if math.IsNaN(strong[i]) || math.IsNaN(weak[i]) {
			missing++
		}
	}
	if share := float64(missing) / float64(len(strong)); share > results.MaxUnmeasured {
		f.note("warning: %s: on %.1f %% of the rows a model was not measured, and the router learns nothing from them: unless these are like the rest, it learns a biased gap", rows.Name, 100*share)
	}
}
