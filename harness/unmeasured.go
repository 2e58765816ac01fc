package harness

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers/training"
)

// unmeasuredOf describes the missing rows, which lack a model's quality, beside the measured
// ones. It returns nil if there are none.
func unmeasuredOf(meta datasets.Meta, strong, weak []float64, missing, measured []int) *results.Unmeasured {
	if len(missing) == 0 {
		return nil
	}
	rows := slices.Concat(missing, measured)
	o := eval.Outcomes{Strong: slicesx.Pick(strong, rows), Weak: slicesx.Pick(weak, rows)}
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

// unmeasuredWarnings warns if many samples are left out because they are not measured.
func unmeasuredWarnings(u *results.Unmeasured) []string {
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
