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
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return nil, err
	}
	reading, err := o.Reading()
	if err != nil {
		return nil, err
	}
	all, err := o.OpenSummaries(ctx, reading.Columns.Rows)
	if err != nil {
		return nil, err
	}
	return harness.CompareSummaries(ctx, all, pair, o.settings(s))
}
