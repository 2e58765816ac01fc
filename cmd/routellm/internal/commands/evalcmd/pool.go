package evalcmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/results"
)

// runPools evaluates routers among several models.
func (o *options) runPools(ctx context.Context, s cmdutil.Streams) error {
	e, err := o.evaluatePools(ctx, s)
	if err != nil {
		return err
	}
	e.Document.Settings = o.Settings()
	if o.Out != "" {
		style, err := render.StyleOf(o.PictureFlags)
		if err != nil {
			return err
		}
		if err := render.PoolFolder(o.Out, e, o.Optimistic, style, o.Formats.Has); err != nil {
			return fault.Wrap(err)
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
	}
	return render.Pools(s.Out, e.Document, o.Format, o.Optimistic)
}

// evaluatePools opens the routers and the data, and evaluates them. Without --router it measures the
// models and the controls alone.
func (o *options) evaluatePools(ctx context.Context, s cmdutil.Streams) (*harness.PoolEvaluation, error) {
	own, err := o.own()
	if err != nil {
		return nil, err
	}
	p, err := o.poolOptions(ctx, s)
	if err != nil {
		return nil, err
	}
	if !o.benched { // the default, all, has data sets without costs too
		o.Benches = benchmarks.PoolNames()
	}
	if o.Benches, err = o.Joined(o.Benches, o.benched); err != nil {
		return nil, err
	}
	registry, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return nil, err
	}
	var ps []harness.Predictor
	if o.routed {
		if ps, err = harness.OpenPredictors(o.Routers, registry); err != nil {
			return nil, err
		}
	}
	if ps, err = own.Apply(ps); err != nil {
		return nil, err
	}
	pools, err := harness.LoadPools(ctx, o.Benches, ps, p)
	if err != nil {
		return nil, err
	}
	return harness.RunPools(ctx, ps, pools, harness.RunOptions{
		Feedback: p.Feedback, Points: eval.Points{Qualities: o.Quality}, Intervals: o.Intervals, PoolCompat: o.Compat,
	})
}

// poolOptions returns what the flags say of the data.
func (o *options) poolOptions(ctx context.Context, s cmdutil.Streams) (p harness.PoolOptions, err error) {
	p.Feedback, p.Encoder, p.Clusters, p.ExcludeNear, p.Strict = s.Feedback(), o.Options(), o.Clusters, o.ExcludeNear, o.Strict
	p.Axis = results.Axis(o.Axis)
	if !slices.Equal(o.Models, []string{"all"}) {
		p.Models = o.Models
	}
	if p.Pricing, err = o.Pricing(ctx, &o.ColumnFlags); err != nil {
		return p, err
	}
	if p.Reading, err = o.Reading(); err != nil {
		return p, err
	}
	if p.Pair, err = cmdutil.ParsePair(o.Pair); err != nil {
		return p, err
	}
	p.Range, err = o.budgets()
	return p, err
}
