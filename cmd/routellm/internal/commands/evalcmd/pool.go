package evalcmd

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/results"
)

// poolFlags are the flags of an evaluation with any number of models.
type poolFlags struct {
	Models    []string
	Axis      string
	CostRange string
}

// add adds the flags.
func (o *poolFlags) add(c *cobra.Command) {
	cmdutil.AddFlagGroup(c, "Flags for any number of models", func(f *pflag.FlagSet) {
		f.StringArrayVar(&o.Models, "models", nil, "`MODELS` to choose among: all, or names separated by commas; repeatable")
		f.StringVar(&o.Axis, "axis", string(results.CostAxis), "what costs are counted in: cost (USD), latency, chars or calls")
		f.StringVar(&o.CostRange, "cost-range", "", "budgets `LO,HI` per 1,000 prompts in USD, or per prompt on another axis (default: from the cheapest to the best model)")
	})
}

// notWithModels lists the flags that have no meaning with --models, and onlyWithModels those that
// have none without it.
var (
	notWithModels  = []string{"by", "artifact", "in-sample", "labels", "num-results", "cpt", "at"}
	onlyWithModels = []string{"axis", "cost-range"}
)

// checkGiven refuses flags that do not go together.
func (o *poolFlags) checkGiven(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		switch {
		case err != nil:
		case o.Models != nil && slices.Contains(notWithModels, f.Name):
			err = fmt.Errorf("--%s does not go with --models, which evaluates routers among several models by cost", f.Name)
		case o.Models == nil && slices.Contains(onlyWithModels, f.Name):
			err = fmt.Errorf("--%s goes with --models: two models are evaluated by calls", f.Name)
		}
	})
	return err
}

// runPools evaluates routers among several models.
func (o *options) runPools(ctx context.Context, s cmdutil.Streams) error {
	p, err := o.poolOptions(s)
	if err != nil {
		return err
	}
	if o.Benches, err = o.Joined(o.Benches, o.benched); err != nil {
		return err
	}
	registry, err := o.LLMFlags.Registry(s, true)
	if err != nil {
		return err
	}
	var ps []harness.Predictor
	if o.routed {
		if ps, err = harness.OpenPredictors(o.Routers, registry); err != nil {
			return err
		}
	}
	pools, err := harness.LoadPools(ctx, o.Benches, ps, p)
	if err != nil {
		return err
	}
	e, err := harness.RunPools(ctx, ps, pools, harness.RunOptions{Feedback: p.Feedback, Points: eval.Points{Qualities: o.Quality}, Intervals: o.Intervals})
	if err != nil {
		return err
	}
	if o.Out != "" {
		if err := render.PoolFolder(o.Out, e); err != nil {
			return fault.Wrap(err)
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
	}
	return render.Document(s.Out, e.Document, o.Format)
}

// poolOptions returns what the flags say of the data.
func (o *options) poolOptions(s cmdutil.Streams) (p harness.PoolOptions, err error) {
	p.Feedback, p.Encoder, p.Clusters, p.ExcludeNear, p.Strict = s.Feedback(), o.Options(), o.Clusters, o.ExcludeNear, o.Strict
	p.Axis = results.Axis(o.Axis)
	if !slices.Equal(o.Models, []string{"all"}) {
		p.Models = o.Models
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

// budgets returns the range of --cost-range per prompt.
func (o *poolFlags) budgets() (pool.Range, error) {
	if o.CostRange == "" {
		return pool.Range{}, nil
	}
	low, high, ok := strings.Cut(o.CostRange, ",")
	lo, err1 := strconv.ParseFloat(strings.TrimSpace(low), 64)
	hi, err2 := strconv.ParseFloat(strings.TrimSpace(high), 64)
	if !ok || err1 != nil || err2 != nil || !(lo >= 0 && hi > lo) {
		return pool.Range{}, fmt.Errorf("--cost-range %q: want LO,HI, two costs of 0 or more and the lower one first", o.CostRange)
	}
	if results.Axis(o.Axis) == results.CostAxis {
		lo, hi = lo/1000, hi/1000
	}
	return pool.Range{Lo: lo, Hi: hi}, nil
}
