package traincmd

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/outfile"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/training"
)

// poolOptions holds the flags of trainings for several models.
type poolOptions struct {
	Base      string // cluster router to add models to; "" for none
	Models    []string
	MeanCost  bool
	Pricing   harness.Pricing
	Intervals harness.Intervals
}

// add defines the flags.
func (o *poolOptions) add(c *cobra.Command, r trainable) {
	o.Intervals = harness.DefaultIntervals()
	cmdutil.AddFlagGroup(c, "Flags for several models", func(f *pflag.FlagSet) {
		f.StringSliceVar(&o.Models, "models", nil, r.modelsUsage())
		f.BoolVar(&o.MeanCost, "mean-cost", false, "predict a model's mean cost for every prompt, and no cost per prompt")
		f.IntVar(&o.Intervals.Resamples, "resamples", o.Intervals.Resamples, "number of bootstrap resamples; 0 for no intervals")
		if r.name == "cluster" {
			f.StringVar(&o.Base, "base", "", "cluster router `FILE` to add the models of the data to; its clusters stay")
		}
	})
}

// named returns the models that --models names; nil for all.
func (o poolOptions) named() []string {
	if slices.Equal(o.Models, []string{"all"}) {
		return nil
	}
	return o.Models
}

// runPool trains a router among several models.
func runPool(ctx context.Context, s cmdutil.Streams, r trainable, o options, train harness.TrainOptions) error {
	t, err := trainPool(ctx, r.name, o.pool, harness.TrainPoolOptions{
		TrainOptions: train, Models: o.pool.named(), Pricing: o.pool.Pricing, MeanCost: o.pool.MeanCost,
		Resamples: o.pool.Intervals.Resamples, Confidence: o.pool.Intervals.Confidence,
	})
	if err != nil {
		return err
	}
	if err := writeModel(s, o.Out, t.Model); err != nil {
		return err
	}
	if o.Plot != "" {
		if err := writePath(o.Plot, pathsOf(t.Choices)); err != nil {
			return err
		}
		fmt.Fprintf(s.Err, "wrote %s\n", o.Plot)
	}
	return writePool(s.Out, t)
}

// trainPool trains a router, or adds models to one.
func trainPool(ctx context.Context, router string, o poolOptions, all harness.TrainPoolOptions) (*harness.PoolTraining, error) {
	if o.Base != "" {
		return harness.AddModels(ctx, o.Base, all)
	}
	return harness.TrainPool(ctx, router, all)
}

// writeModel writes a trained model.
func writeModel(s cmdutil.Streams, path string, m harness.TrainedModel) error {
	if err := outfile.MkdirAll(filepath.Dir(path)); err != nil {
		return fault.Wrap(err)
	}
	if err := m.WriteFile(path); err != nil {
		return fault.Wrap(err)
	}
	fmt.Fprintf(s.Err, "wrote %s\n", path)
	return nil
}

// pathsOf returns the settings that cross-validation tried, for a picture.
func pathsOf(choices []training.Choice) []training.Report {
	var out []training.Report
	for _, c := range choices {
		out = append(out, training.Report{Source: c.Of, Setting: c.Name + " " + setting(c.Value), Path: c.Path})
	}
	return out
}

func setting(x float64) string { return fmt.Sprintf("%.3g", x) }

// writePool writes what a training for several models found.
func writePool(w io.Writer, t *harness.PoolTraining) error {
	if err := modelTable(t).Text(w); err != nil {
		return err
	}
	if t.Evaluation == nil {
		return nil
	}
	fmt.Fprintf(w, "\n%s\n", text.Wrap(heading(t)))
	if err := metricTable(t).Text(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n", text.Wrap(verdict(t)))
	return err
}

// heading says what was cross-validated.
func heading(t *harness.PoolTraining) string {
	on := text.Plural(t.Complete, "prompt")
	if t.Complete < t.Prompts {
		on = fmt.Sprintf("the %s on which every model was measured, of %s", on, text.Thousands(t.Prompts))
	}
	return fmt.Sprintf("%s in %d-fold cross-validation on %s:", t.Router, t.Parts, on)
}

// modelTable returns one row per model.
func modelTable(t *harness.PoolTraining) *table.Table {
	out := &table.Table{Header: []string{"model", "prompts", "quality", "USD per 1,000", "chosen"}}
	for k, m := range t.Models {
		out.Add(m.Name, text.Thousands(m.Rows), known("%.4f", m.Quality), known("%.4g", 1000*m.Cost), chosenFor(t.Choices, k, m.Name))
	}
	return out
}

// chosenFor returns the setting of a model. One for all models stands in the first row.
func chosenFor(choices []training.Choice, row int, model string) string {
	for _, c := range choices {
		if c.Of == model {
			return c.Name + " " + setting(c.Value)
		}
		if others, ok := strings.CutPrefix(c.Of, "all models"); ok && row == 0 {
			return c.Name + " " + setting(c.Value) + others
		}
	}
	return ""
}

// metricTable returns one row per metric.
func metricTable(t *harness.PoolTraining) *table.Table {
	out := &table.Table{Header: []string{"metric", "value", fmt.Sprintf("%g %% interval", text.Percent(t.Confidence))}, Left: []int{2}}
	m := t.Evaluation.Routers[0]
	for _, x := range []struct {
		name  string
		value pool.Estimate
	}{
		{"lift over the static mix", m.Lift}, {"log lift", m.LogLift},
	} {
		out.Add(x.name, number(x.value.Value), interval(x.value))
	}
	cost := m.CostFor[0]
	value := "never"
	if !math.IsNaN(cost.Value) {
		value = percent(cost.Value)
	}
	out.Add(fmt.Sprintf("cost for %g %%", text.Percent(harness.CostTarget)), value, costInterval(cost))
	return out
}

func percent(x float64) string { return fmt.Sprintf("%.1f %%", text.Percent(x)) }

func number(x float64) string { return text.Unsigned(known("%.4f", x)) }

// interval writes the interval of an estimate.
func interval(e pool.Estimate) string {
	if math.IsNaN(e.Lo) {
		return "?"
	}
	return fmt.Sprintf("[%s, %s]", number(e.Lo), number(e.Hi))
}

// costInterval writes the interval of a cost, whose upper end may never be reached.
func costInterval(e pool.Estimate) string {
	switch {
	case math.IsNaN(e.Lo):
		return "?"
	case math.IsInf(e.Lo, 1):
		return "never"
	case math.IsInf(e.Hi, 1):
		return fmt.Sprintf("[%s, never]", percent(e.Lo))
	}
	return fmt.Sprintf("[%s, %s]", percent(e.Lo), percent(e.Hi))
}

// verdict says whether the router is better than mixtures of models that look at no prompt.
func verdict(t *harness.PoolTraining) string {
	m := t.Evaluation.Routers[0]
	lift := number(m.Lift.Value) + " " + interval(m.Lift)
	switch c := t.Evaluation.Constants; {
	case c.Best == c.Cheapest:
		best := t.Models[c.Best].Name
		return fmt.Sprintf("%s is the cheapest model and no other is better: there is nothing to choose. Call %s for every prompt.", best, best)
	case m.Lift.Lo > 0:
		return fmt.Sprintf("%s is better than the static mix of the models: cross-validated lift %s.", t.Router, lift)
	case math.IsNaN(m.Lift.Lo):
		return fmt.Sprintf("%s has the cross-validated lift %s over the static mix of the models, without an interval: whether it is better is not known.", t.Router, number(m.Lift.Value))
	}
	out := fmt.Sprintf("%s is not significantly better than the static mix of the models: cross-validated lift %s; ", t.Router, lift)
	if m.LogLift.Lo > 0 {
		return out + fmt.Sprintf("where budgets are small it is: log lift %s %s.", number(m.LogLift.Value), interval(m.LogLift))
	}
	return out + fmt.Sprintf("route with %s instead.", instead(t))
}

// instead names the models of the static mix, the cheapest first.
func instead(t *harness.PoolTraining) string {
	c := t.Evaluation.Constants
	var names []string
	for _, v := range c.StaticMix().Vertices {
		for m, cost := range c.Cost {
			if cost == v.Cost && c.Quality[m] == v.Quality {
				names = append(names, t.Models[m].Name)
				break
			}
		}
	}
	if len(names) == 1 {
		return names[0] + " alone"
	}
	return "the mix of " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
