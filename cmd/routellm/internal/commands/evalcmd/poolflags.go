package evalcmd

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// poolFlags are the flags of an evaluation with any number of models.
type poolFlags struct {
	Models     []string
	Axis       string
	CostRange  string
	OwnCost    []string // each ROUTER=USD or USD, per 1,000 prompts
	OwnLatency []string // each ROUTER=SECONDS or SECONDS
	CPUHour    float64
	Optimistic bool
}

// add adds the flags.
func (o *poolFlags) add(c *cobra.Command) {
	cmdutil.AddFlagGroup(c, "Flags for any number of models", func(f *pflag.FlagSet) {
		f.StringArrayVar(&o.Models, "models", nil, "`MODELS` to choose among: all, or names separated by commas; repeatable")
		f.StringVar(&o.Axis, "axis", string(results.CostAxis), "`AXIS` of costs: cost (USD), latency (seconds), chars (of output) or calls (two models only)")
		f.StringVar(&o.CostRange, "cost-range", "", "budgets `LO,HI` of the areas, as in tables (default: from the cheapest to the best model)")
		f.StringArrayVar(&o.OwnCost, "own-cost", nil, "what a router itself costs, `[ROUTER=]USD` per 1,000 prompts; repeatable")
		f.StringArrayVar(&o.OwnLatency, "own-latency", nil, "what a router itself takes, `[ROUTER=]SECONDS` per prompt (default: as measured); repeatable")
		f.Float64Var(&o.CPUHour, "cpu-hour", 0, "price of a processor core in `USD` per hour, for what routers themselves cost")
		f.BoolVar(&o.Optimistic, "optimistic", false, "also show published figures that are chosen on the evaluated prompts")
	})
}

// notWithModels lists the flags that have no meaning with --models, and onlyWithModels those that
// have none without it.
var (
	notWithModels  = []string{"by", "band", "artifact", "in-sample", "gold-part", "num-results", "cpt", "at"}
	onlyWithModels = []string{"axis", "cost-range", "own-cost", "own-latency", "cpu-hour", "optimistic"}
)

// checkGiven refuses flags that do not go together.
func (o *poolFlags) checkGiven(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		switch {
		case err != nil:
		case o.Models != nil && slices.Contains(notWithModels, f.Name):
			err = fmt.Errorf("--%s does not go with --models, which evaluates routers among several models by cost", f.Name)
		case o.Models == nil && slices.Contains(onlyWithModels, f.Name) && !(f.Name == "cost-range" && flags.Changed("summary")):
			err = fmt.Errorf("--%s goes with --models: two models are evaluated by calls", f.Name)
		}
	})
	return err
}

// scale returns the factor from a cost as the tables show it to one per prompt.
func (o *poolFlags) scale() float64 {
	if results.Axis(o.Axis) == results.CostAxis {
		return 1. / 1000
	}
	return 1
}

// budgets returns the range of --cost-range per prompt.
func (o *poolFlags) budgets() (pool.Range, error) {
	if o.CostRange == "" {
		return pool.Range{}, nil
	}
	low, high, ok := strings.Cut(o.CostRange, ",")
	lo, err1 := strconv.ParseFloat(strings.TrimSpace(low), 64)
	hi, err2 := strconv.ParseFloat(strings.TrimSpace(high), 64)
	if !ok || err1 != nil || err2 != nil || !(lo >= 0 && hi > lo) || !num.Finite(hi) {
		return pool.Range{}, fmt.Errorf("--cost-range %q: want LO,HI, two costs of 0 or more, the lower one first", o.CostRange)
	}
	return pool.Range{Lo: lo * o.scale(), Hi: hi * o.scale()}, nil
}

// own returns what routers themselves cost.
func (o *poolFlags) own() (out harness.OwnCosts, err error) {
	if !(o.CPUHour >= 0) || !num.Finite(o.CPUHour) {
		return out, fmt.Errorf("--cpu-hour %v: want a price of 0 or more", o.CPUHour)
	}
	out.CPUHour = o.CPUHour
	if out.Cost, err = labelled("own-cost", o.OwnCost, 1./1000); err != nil {
		return out, err
	}
	out.Latency, err = labelled("own-latency", o.OwnLatency, 1)
	return out, err
}

// labelled returns numbers by the label before them, "" without one, multiplied by a factor.
func labelled(flag string, texts []string, factor float64) (map[string]float64, error) {
	out := map[string]float64{}
	for _, text := range texts {
		i := strings.LastIndex(text, "=")
		v, err := strconv.ParseFloat(text[i+1:], 64)
		if err != nil || !(v >= 0) || !num.Finite(v) {
			return nil, fmt.Errorf("--%s %q: want a number of 0 or more, or ROUTER= and one", flag, text)
		}
		label := text[:max(0, i)]
		if _, twice := out[label]; twice {
			return nil, fmt.Errorf("--%s %q: given twice", flag, text)
		}
		out[label] = factor * v
	}
	return out, nil
}
