package evalcmd

import (
	"context"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// withSummary lists the flags that have a meaning with --summary.
var withSummary = slices.Concat([]string{"pair", "by", "format", "out", "formats", "cpt", "at", "quality", "cost-range", "interval", "resamples", "confidence", "seed", "band"},
	cmdutil.PictureFlagNames())

// evaluateSummaries evaluates routers by their summaries.
func (o *options) evaluateSummaries(ctx context.Context, s cmdutil.Streams) (*harness.Evaluation, error) {
	all, pair, err := o.ReadSummaries(ctx, &o.ColumnFlags, o.Pair)
	if err != nil {
		return nil, err
	}
	return o.evaluateSums(ctx, s, all, pair)
}

// evaluateSums evaluates routers by summaries of the samples.
func (o *options) evaluateSums(ctx context.Context, s cmdutil.Streams, all *harness.Summaries, pair results.Pair) (*harness.Evaluation, error) {
	return harness.EvaluateSummaries(ctx, all, harness.SummaryOptions{
		Feedback: s.Feedback(), Pair: pair, ByTask: o.By == "task",
		Points: eval.Points{CPT: o.CPT, Fractions: o.At, Qualities: o.Quality}, Intervals: o.Intervals,
	})
}
