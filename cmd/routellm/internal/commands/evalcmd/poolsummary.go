package evalcmd

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
)

// summaryOfSeveral reports by its columns whether the first summary is about a router among several
// models, and refuses flags that do not go with what it is.
func (o *options) summaryOfSeveral(ctx context.Context) (bool, error) {
	if !o.HasSummaries() {
		return false, nil
	}
	reading, err := o.Reading()
	if err != nil {
		return false, err
	}
	several, err := harness.ArePoolSummaries(ctx, o.Summaries[0], reading.Columns.Rows)
	if err != nil {
		return false, err
	}
	if !several && o.CostRange != "" {
		return false, errors.New("--cost-range goes with a summary of routers among several models: two models are evaluated by calls")
	}
	not := o.points
	for name, given := range map[string]bool{"pair": o.Pair != "", "by": o.By != "", "refined": len(o.Refined) > 0} {
		if given {
			not = append(not, name)
		}
	}
	if several && len(not) > 0 {
		return false, hint.With(fmt.Errorf("--%s does not go with %q, which is a summary of a router among several models", slices.Min(not), o.Summaries[0]),
			"--quality and --cost-range say what is measured of it")
	}
	return several, nil
}

// runPoolSummaries evaluates routers among several models by summaries of their moves.
func (o *options) runPoolSummaries(ctx context.Context, s cmdutil.Streams) error {
	reading, err := o.Reading()
	if err != nil {
		return err
	}
	over, err := o.budgets()
	if err != nil {
		return err
	}
	all, err := harness.OpenPoolSummaries(ctx, o.Summaries, reading.Columns.Rows)
	if err != nil {
		return err
	}
	doc, err := harness.EvaluatePoolSummaries(ctx, all, harness.PoolSummaryOptions{Feedback: s.Feedback(), Shares: o.Quality, Range: over, Intervals: o.Intervals})
	if err != nil {
		return err
	}
	if o.Out != "" {
		style, err := render.StyleOf(o.PictureFlags)
		if err != nil {
			return err
		}
		if err := render.PoolSummaryFolder(o.Out, doc, style, o.Formats.Has); err != nil {
			return fault.Wrap(err)
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
	}
	return render.Pools(s.Out, doc, o.Format, false)
}
