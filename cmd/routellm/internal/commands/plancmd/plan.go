// Package plancmd is the command plan, which says what a data set can show.
package plancmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/render"
	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// options are the arguments and flags of plan.
type options struct {
	Benches []string
	Pair    string
	Margin  float64
	Format  string
	Out     string // of a picture
}

const planLong = `Say what a data set can show about routers before any is run, from the outcomes of
two models alone: a built-in benchmark or a Parquet file, of few prompts if need
be.

The noise floor is the spread of a random router's APGR. Two routers differ by
chance by sqrt(2 (1 - rho)) of it, where rho is the rank correlation of their
scores: 0 for unlike routers, 0.8 for a router and its next version. A difference
of 2.80 such errors is found with 80 % power by a 95 % interval; equal routers are
shown to be equivalent with 80 % power within a margin of 2.93. --margin is the
difference, or the margin, for which the table says how many prompts it takes.

The numbers are exact for routers without skill and a guide for others.`

// New returns the command plan.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(context.Context, cmdutil.Streams, options) error) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "plan FILE|BENCH...",
		Short: "Say what differences between routers a data set can show",
		Long:  planLong,
		Example: `  routellm plan mmlu
  routellm plan gsm8k --pair claude-3-opus-20240229,Meta-Llama-3-8B-Instruct --margin 0.05
  routellm plan all -o plan.svg`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.Benches = args
			return run(c.Context(), s, o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.Pair, "pair", "", "models `STRONG,WEAK` instead of the benchmark's own")
	f.Float64Var(&o.Margin, "margin", 0.02, "difference in APGR to plan for")
	f.StringVar(&o.Format, "format", "table", "table, json, csv or markdown")
	f.StringVarP(&o.Out, "out", "o", "", "also draw the detectable difference against the number of prompts to `FILE` (.svg, .png, .pdf)")
	c.ValidArgsFunction = cmdutil.CompleteData(append(benchmarks.Names(), "all")...)
	return c
}

func (o options) check() error {
	if err := cmdutil.CheckFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if len(o.Benches) == 0 {
		return hint.With(errors.New("no data set to plan with"), "for example: routellm plan mmlu")
	}
	if !(o.Margin > 0 && o.Margin < 1) {
		return fmt.Errorf("--margin %v: want a difference in APGR above 0, below 1", o.Margin)
	}
	return render.CheckPicture("--out", o.Out)
}

func run(ctx context.Context, s cmdutil.Streams, o options) error {
	if err := o.check(); err != nil {
		return err
	}
	pair, err := cmdutil.ParsePair(o.Pair)
	if err != nil {
		return err
	}
	benches, err := harness.Load(ctx, o.Benches, nil, harness.LoadOptions{Feedback: s.Feedback(), Pair: pair})
	if err != nil {
		return err
	}
	doc, plans, err := harness.Plan(benches, o.Margin)
	if err != nil {
		return err
	}
	if o.Out != "" {
		if err := writePlanPicture(o.Out, doc, plans); err != nil {
			return err
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Out)
	}
	return writePlan(s.Out, doc, o.Format)
}

// writePlanPicture draws the plan to a file.
func writePlanPicture(path string, d *results.Plan, plans []eval.Plan) error {
	figure := planFigure(d, plans)
	if len(figure.Lines) == 0 {
		return errors.New("no gap between the models is established: there is nothing to draw")
	}
	return render.Picture(path, figure.Curves())
}
