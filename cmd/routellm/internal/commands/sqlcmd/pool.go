package sqlcmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/sqltext"
)

// poolOptions holds the flags of pool.
type poolOptions struct {
	query
	groups
	binning
	models    []string
	predicted map[string]string
	onlyScan  bool
}

func newCmdPool(s cmdutil.Streams) *cobra.Command {
	var o poolOptions
	c := &cobra.Command{
		Use:   "pool --dialect D --table TEXT --models A,B,C",
		Short: "Sum up how a router among several models moves as cost counts less",
		Long: `Print a query for a summary of a router among several models. As lambda, the
quality that a unit of cost must bring, falls from infinity to 0, each row starts
with the cheapest model and moves to more expensive ones. The query sums up these
moves per bin of lambda: the changes of quality and cost, and of the models'
shares. Sums of moves are operating points of the router, exact between any two
bins. docs/sql.md describes the table.

The table has the columns score:MODEL (predicted quality), cost:MODEL (predicted
cost), quality:MODEL and cost_usd:MODEL (measured) for each model.
--predicted-cost takes the place of cost:MODEL where it is the same for all rows.

--scan-only prints the query for the range of lambda; --scan reads its result.`,
		Example: `  routellm sql pool --dialect duckdb --table logs --models big,mid,small --scan-only
  routellm sql pool --dialect duckdb --table logs --models big,small --range 0.1,1e5
  routellm sql pool --dialect duckdb --table logs --models big,small --predicted-cost big=0.02,small=0.001`,
		Args: cmdutil.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runPool(c.Context(), s, o) },
	}
	o.query.add(c)
	f := c.Flags()
	f.StringSliceVar(&o.models, "models", nil, "`MODELS` among which the router chooses, separated by commas (required)")
	f.StringToStringVar(&o.predicted, "predicted-cost", nil, "predicted cost `MODEL=USD` of every row, for all models, instead of columns cost:MODEL")
	f.StringVar(&o.scanFile, "scan", "", "`FILE` with the result of --scan-only, which says how to cut lambda into bins")
	f.StringVar(&o.span, "range", "", "range of lambda `LO,HI` to cut into bins, instead of --scan")
	f.IntVar(&o.bins, "bins", 0, "number `N` of bins (default as in sql summary)")
	f.BoolVar(&o.onlyScan, "scan-only", false, "print the query for one row: the range of lambda, and the number of rows that can be used")
	cmdutil.AddFlagGroup(c, "Columns", func(f *pflag.FlagSet) { o.groups.add(c, f, true) })
	return c
}

func runPool(ctx context.Context, s cmdutil.Streams, o poolOptions) error {
	d, p, err := o.pool()
	if err != nil {
		return err
	}
	if o.onlyScan {
		return o.write(s.Out, d.PoolScan(p))
	}
	o.cut = lambdas
	bins, err := o.of(ctx, s.Err, o.buckets > 0)
	if err != nil {
		return err
	}
	return o.write(s.Out, d.Moves(sqltext.Moves{Pool: p, Bins: bins}))
}

// pool returns the dialect and the columns, or an error about the flags.
func (o *poolOptions) pool() (sqltext.Dialect, sqltext.Pool, error) {
	d, err := o.query.check()
	if err != nil {
		return d, sqltext.Pool{}, err
	}
	p := sqltext.Pool{From: o.table, Where: o.where}
	if p.Groups, err = o.groups.check(); err != nil {
		return d, p, err
	}
	if len(o.models) < 2 {
		return d, p, hint.With(errors.New("--models is required: want at least two models"), "for example --models big,mid,small")
	}
	for i, name := range o.models {
		if name == "" || slices.Contains(o.models[:i], name) {
			return d, p, fmt.Errorf("--models %s: want different names", strings.Join(o.models, ","))
		}
		m := sqltext.PoolModel{Name: name, Score: "score:" + name, Quality: "quality:" + name, Cost: "cost_usd:" + name, Predicted: "cost:" + name}
		if o.predicted != nil {
			m.Predicted = ""
			if m.FixedCost, err = num.ParseFraction(o.predicted[name]); err != nil || !num.Finite(m.FixedCost) || m.FixedCost < 0 {
				return d, p, fmt.Errorf("--predicted-cost: want a cost of 0 or more USD for model %q", name)
			}
		}
		p.Models = append(p.Models, m)
	}
	for name := range o.predicted {
		if !slices.Contains(o.models, name) {
			return d, p, hint.DidYouMean(fmt.Errorf("--predicted-cost %s: no such model in --models", name), name, o.models)
		}
	}
	return d, p, nil
}
