package harness

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/internal/slicesx"
)

// Score runs routers on benchmarks that were loaded for them, see [Load], and returns their
// scores, for [Compare].
func Score(ctx context.Context, rs []Router, benches []*Benchmark, f Feedback) (*ScoreSet, error) {
	if err := CheckCurves(rs); err != nil {
		return nil, err
	}
	if err := checkRun(rs, benches); err != nil {
		return nil, err
	}
	set := &ScoreSet{Name: "this run"}
	for _, r := range rs {
		set.Routers = append(set.Routers, r.Spec.Label)
	}
	progress := f.progress("scoring")
	for i, b := range benches {
		s, err := scoreBenchmark(ctx, rs, b, progress)
		if err != nil {
			return nil, err
		}
		set.Benchmarks = append(set.Benchmarks, s)
		set.Inputs = append(set.Inputs, b.input)
		progress(i+1, len(benches))
	}
	for _, r := range rs {
		var err error
		if set.Inputs, err = withFile(set.Inputs, r); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// CheckCurves refuses routers that make decisions instead of scores and thus have no curve
// to compare.
func CheckCurves(rs []Router) error {
	for _, r := range rs {
		if r.isDecider() {
			return fmt.Errorf("router %q makes decisions and has no curve to compare", r.Spec.Label)
		}
	}
	return nil
}

// scoreBenchmark has every router score one benchmark.
func scoreBenchmark(ctx context.Context, rs []Router, b *Benchmark, progress func(done, total int)) (*ScoredBenchmark, error) {
	s := &ScoredBenchmark{
		Name: b.name, Title: b.table.Meta.Title, Unit: b.table.Meta.Unit, Pair: b.pair, Input: b.input, Unmeasured: b.unmeasured, Warnings: b.warnings,
		IDs: b.SampleIDs(), Tasks: slicesx.Pick(b.table.Task, b.used), Clusters: slicesx.Pick(b.table.Cluster, b.used),
		Outcomes: b.samples.Outcomes, Gold: b.goldOutcomes, Correction: b.correction,
	}
	for _, r := range rs {
		scores := make([]float64, len(b.used)) // all equal: random
		if !r.isClosedForm() {
			var err error
			if scores, err = scoresOf(ctx, r, b, progress); err != nil {
				return nil, fmt.Errorf("router %q on %s: %w", r.Spec.Label, b.name, err)
			}
		}
		s.Scores = append(s.Scores, scores)
	}
	return s, nil
}
