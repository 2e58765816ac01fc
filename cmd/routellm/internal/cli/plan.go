package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/result"
	"github.com/routellm/routellm/eval"
)

// planOptions are the arguments and flags of plan.
type planOptions struct {
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

func newCmdPlan(s streams, run func(context.Context, streams, planOptions) error) *cobra.Command {
	var o planOptions
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
	c.ValidArgsFunction = completeData(append(benchmarks.Names(), "all")...)
	return c
}

func (o planOptions) check() error {
	if err := checkFormat(o.Format, "table", "json", "csv", "markdown"); err != nil {
		return err
	}
	if len(o.Benches) == 0 {
		return hint.With(errors.New("no data set to plan with"), "for example: routellm plan mmlu")
	}
	if !(o.Margin > 0 && o.Margin < 1) {
		return fmt.Errorf("--margin %v: want a difference in APGR above 0, below 1", o.Margin)
	}
	return checkPicture("--out", o.Out)
}

// planConfidence is that of the intervals which compare decides by.
const planConfidence = 0.95

// planRhos are rank correlations of two routers' scores.
var planRhos = []float64{0, 0.5, 0.8}

// planSizes are numbers of prompts to show beside a data set's own.
var planSizes = []int{100, 300, 1000, 3000, 10_000, 30_000}

func runPlan(ctx context.Context, s streams, o planOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	benches, err := loadBenches(ctx, s, evalOptions{Benches: o.Benches, Pair: o.Pair}, nil)
	if err != nil {
		return err
	}
	doc := &result.Plan{
		SchemaVersion: result.SchemaVersion, Tool: result.Tool{Name: "routellm", Version: toolVersion()},
		Confidence: planConfidence, Margin: result.Value(o.Margin),
	}
	var plans []eval.Plan
	for _, b := range benches {
		p, err := eval.NewPlan(b.subject.Outcomes, b.subject.Clusters, planConfidence)
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		if p.Gap.State == eval.GapReversed {
			return reversedGap(b.name, b.pair, p.Gap)
		}
		d, err := o.planned(b, p)
		if err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		plans = append(plans, p)
		doc.Inputs = append(doc.Inputs, b.input)
		doc.Benchmarks = append(doc.Benchmarks, d)
	}
	if o.Out != "" {
		if err := writePlanPicture(o.Out, doc, plans); err != nil {
			return err
		}
		fmt.Fprintf(s.err, "wrote %s\n", o.Out)
	}
	return writePlan(s.out, doc, o.Format)
}

// planned is one data set's part of the document.
func (o planOptions) planned(b *bench, p eval.Plan) (result.PlannedData, error) {
	meta := b.table.Meta
	d := result.PlannedData{Name: b.name, Title: meta.Title, Unit: meta.Unit, Pair: b.pair, Excluded: b.left}
	sizes := slices.Clone(planSizes)
	if !slices.Contains(sizes, p.Samples) {
		sizes = append(sizes, p.Samples)
		slices.Sort(sizes)
	}
	err := d.Fill(b.subject, p, o.Margin, planRhos, sizes)
	d.Warnings = append(d.Warnings, o.outOfReach(p)...)
	return d, err
}

// outOfReach warns where the data can show nothing of the size asked for, even for routers
// that are much alike.
func (o planOptions) outOfReach(p eval.Plan) []string {
	if !p.Gap.Measurable() {
		return nil
	}
	const rho = 0.8
	var out []string
	if least := p.Detectable(p.Samples, rho); least > o.Margin {
		out = append(out, fmt.Sprintf("a difference of %g is out of reach on %s samples: the smallest is %.3f, for routers with a rank correlation of %g",
			o.Margin, thousands(p.Samples), least, rho))
	}
	if least := p.Margin(p.Samples, rho); least > o.Margin {
		out = append(out, fmt.Sprintf("equivalence within %g is out of reach on %s samples: the smallest margin is %.3f",
			o.Margin, thousands(p.Samples), least))
	}
	return out
}

// writePlanPicture draws the plan to a file.
func writePlanPicture(path string, d *result.Plan, plans []eval.Plan) error {
	figure := planFigure(d, plans)
	if len(figure.Lines) == 0 {
		return errors.New("no gap between the models is established: there is nothing to draw")
	}
	return writePicture(path, figure.Curves())
}
