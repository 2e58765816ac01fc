package gatecmd

import (
	"context"
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/gate"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
)

// paired returns a function for [gate.Evidence.Paired], which computes intervals of
// differences between the results and the baseline. Intervals that must hold together get
// wider. The function reads the samples beside the results d and the baseline at its first call.
func (o options) paired(ctx context.Context, path string, d *gate.Document) func(benchmark, router, metric string, together int) (lo, hi float64, err error) {
	two := both[harness.ScoreSet]{read: func(path string) (*harness.ScoreSet, error) { return harness.ReadScoreSet(path, "") }}
	summed := both[harness.Summaries]{read: func(path string) (*harness.Summaries, error) { return harness.ReadSummaries(ctx, path) }}
	several := both[harness.PoolSet]{read: harness.ReadPoolSet}
	return func(benchmark, router, metric string, together int) (float64, float64, error) {
		confidence := 1 - (1-o.Confidence)/float64(together) // Bonferroni
		if least := eval.MinResamples(confidence); o.Resamples < least {
			return 0, 0, fmt.Errorf("%d intervals that hold at once need --resamples %d", together, least)
		}
		stopped := func(int, int) error { return context.Cause(ctx) }
		boot := eval.Bootstrap{Resamples: o.Resamples, Confidence: confidence, Seed: o.Seed, Progress: stopped}
		if d.IsSummary(benchmark) {
			now, old, err := summed.get(path, o.Baseline)
			if err != nil {
				return 0, 0, err
			}
			return harness.SummaryDifferenceInterval(now, old, router, metric, boot)
		}
		if d.IsPool(benchmark) {
			now, old, err := several.get(path, o.Baseline)
			if err != nil {
				return 0, 0, err
			}
			return harness.PoolDifferenceInterval(now, old, benchmark, router, metric, boot)
		}
		now, old, err := two.get(path, o.Baseline)
		if err != nil {
			return 0, 0, err
		}
		return harness.DifferenceInterval(now, old, benchmark, router, metric, boot)
	}
}

// both holds the samples of the results and of the baseline, once they are read.
type both[T any] struct {
	read     func(path string) (*T, error)
	now, old *T
	err      error
}

func (b *both[T]) get(now, old string) (*T, *T, error) {
	if b.now == nil && b.err == nil {
		if b.now, b.err = b.read(now); b.err == nil {
			b.old, b.err = b.read(old)
		}
	}
	return b.now, b.old, b.err
}
