package harness

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// latencyColumn is what the names of columns with seconds begin with, before the model.
const latencyColumn = "latency_s:"

// Axes lists the axes of pools.
func Axes() []string {
	return []string{string(results.CostAxis), string(results.LatencyAxis), string(results.CharsAxis), string(results.CallsAxis)}
}

// check refuses options that no pool can have, and completes them.
func (o *PoolOptions) check() error {
	if err := o.Clusters.check(); err != nil {
		return err
	}
	if o.Axis == "" {
		o.Axis = results.CostAxis
	}
	if !slices.Contains(Axes(), string(o.Axis)) {
		return hint.DidYouMean(fmt.Errorf("axis %q: expected cost, latency, chars or calls", o.Axis), string(o.Axis), Axes())
	}
	if r := o.Range; r != (pool.Range{}) && !(r.Lo >= 0 && r.Hi > r.Lo && num.Finite(r.Hi)) {
		return fmt.Errorf("range of budgets from %v to %v: expected two costs of 0 or more, the lower one first", r.Lo, r.Hi)
	}
	return nil
}

// costs returns the costs of each row in the unit of the axis, one column per model.
func (o PoolOptions) costs(t *datasets.Table, models []string, pair results.Pair) ([][]float64, []results.PriceUsed, error) {
	switch o.Axis {
	case results.CostAxis:
		return o.Pricing.costsOf(t, models)
	case results.CallsAxis:
		return calls(t, models, pair)
	}
	prefix, advice := latencyColumn, "the axis latency needs the seconds that each answer took"
	if o.Axis == results.CharsAxis {
		prefix, advice = outputChars, "the axis chars needs the characters of each answer"
	}
	out, ok := extras(t, prefix, models)
	if !ok {
		k := slices.IndexFunc(models, func(m string) bool { _, found := t.ExtraOf(prefix + m); return !found })
		return nil, nil, hint.With(fmt.Errorf("column %q: missing", prefix+models[k]), advice)
	}
	for k, values := range out {
		if i := slices.IndexFunc(values, func(v float64) bool { return v < 0 || math.IsInf(v, 1) }); i >= 0 {
			return nil, nil, fmt.Errorf("sample %q: column %q is %v: expected 0 or more", t.SampleID[i], prefix+models[k], values[i])
		}
	}
	return out, nil, nil
}

// dropUnmeasured leaves the models that were never measured on the axis out of a pool of all models,
// and says so. Models in dollars stay: they need a price.
func (o PoolOptions) dropUnmeasured(p *Pool, f *datasets.File) {
	prefix := map[results.Axis]string{results.LatencyAxis: latencyColumn, results.CharsAxis: outputChars}[o.Axis]
	if prefix == "" || o.Models != nil {
		return
	}
	var kept, left []string
	for _, m := range p.models {
		if f.HasColumn(prefix + m) {
			kept = append(kept, m)
		} else {
			left = append(left, m)
		}
	}
	if len(kept) == 0 || len(left) == 0 {
		return
	}
	p.models = kept
	p.warnings = append(p.warnings, fmt.Sprintf("%s without a column %sMODEL %s no part of the pool: %s", text.Plural(len(left), "model"), prefix, text.Agree(len(left), "is", "are"), text.Quoted(left, 5)))
}

// calls returns the cost 0 for the weak and 1 for the strong one of two models.
func calls(t *datasets.Table, models []string, pair results.Pair) ([][]float64, []results.PriceUsed, error) {
	if len(models) != 2 {
		return nil, nil, hint.With(fmt.Errorf("the axis calls is for two models: found %d", len(models)), "name them: --models A,B", "--axis cost is for any number of models")
	}
	if pair == (results.Pair{}) {
		return nil, nil, hint.With(errors.New("the axis calls counts calls to the strong model, and it is not known which one that is"), "name it: --pair STRONG,WEAK")
	}
	out := make([][]float64, 2)
	for k, m := range models {
		out[k] = slices.Repeat([]float64{map[bool]float64{true: 1}[m == pair.Strong]}, t.Rows())
	}
	return out, nil, nil
}

// pairIn returns the pair among which two-model routers choose: the given one, or else the file's
// own, or the better and the worse one of two models. It is empty if none is known.
func (in *opener) pairIn(f *datasets.File, models []string, pair results.Pair) (results.Pair, error) {
	if pair != (results.Pair{}) {
		return pair, checkModels("the pool", models, pair)
	}
	meta := results.Pair{Strong: f.Meta().Strong, Weak: f.Meta().Weak}
	if slices.Contains(models, meta.Strong) && slices.Contains(models, meta.Weak) {
		return meta, nil
	}
	if len(models) != 2 {
		return results.Pair{}, nil
	}
	pair, err := in.betterOf(f, models[0], models[1])
	if err != nil { // nothing tells which one is better
		return results.Pair{}, nil
	}
	return pair, nil
}

// extras returns extra columns of all models, or false if one is missing.
func extras(t *datasets.Table, prefix string, models []string) (columns [][]float64, ok bool) {
	for _, m := range models {
		values, ok := t.ExtraOf(prefix + m)
		if !ok {
			return nil, false
		}
		columns = append(columns, values)
	}
	return columns, true
}
