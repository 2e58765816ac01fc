package reportcmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/harness"
)

// withSummary lists the flags that have a meaning with --summary alone.
var withSummary = []string{"out", "github-summary", "title", "pair", "price"}

// evaluateSummaries evaluates summaries, as eval does without flags, by task if they have tasks.
func (o *options) evaluateSummaries(ctx context.Context, s cmdutil.Streams) (*harness.ScoreSet, error) {
	all, pair, err := o.ReadSummaries(ctx, &o.ColumnFlags, o.Pair)
	if err != nil {
		return nil, err
	}
	tasks := !slices.ContainsFunc(all.Routers, func(r harness.SummarizedRouter) bool { return r.Summary.Tasks == nil })
	e, err := harness.EvaluateSummaries(ctx, all, harness.SummaryOptions{
		Feedback: s.Feedback(), Pair: pair, ByTask: tasks, Points: harness.DefaultPoints(), Intervals: harness.DefaultIntervals(),
	})
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(s.Err, "evaluated %s from %s\n", strings.Join(namesOf(e.Document), ", "), strings.Join(o.Summaries, ", "))
	return &harness.ScoreSet{Name: "this run", Document: e.Document}, nil
}
