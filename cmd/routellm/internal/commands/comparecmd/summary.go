package comparecmd

import (
	"context"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/results"
)

// withSummary lists the flags that have a meaning with --summary.
var withSummary = []string{"pair", "margin", "resamples", "permutations", "confidence", "seed", "strict", "format"}

// compareSummaries compares routers by their summaries.
func (o *options) compareSummaries(ctx context.Context, s cmdutil.Streams) (*results.Comparison, error) {
	all, pair, err := o.ReadSummaries(ctx, &o.ColumnFlags, o.Pair)
	if err != nil {
		return nil, err
	}
	return harness.CompareSummaries(ctx, all, pair, o.settings(s))
}
