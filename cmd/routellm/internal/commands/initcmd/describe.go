package initcmd

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/benchmarks"
	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// described holds the properties of a data set that init writes down.
type described struct {
	Data    string
	example bool // the data are a benchmark that stands for the user's own
	Rows    int
	Models  []model
	Pair    results.Pair
	why     string // says how the pair was chosen
	Columns []cmdutil.Column
	prompts bool // the data have prompts, or what routers need of them
}

// model is a model of the data.
type model struct {
	Name          string
	Quality, Cost float64 // means over the samples; NaN if not measured
}

// describe reads a data set.
func describe(ctx context.Context, name string, r harness.Reading, f harness.Feedback) (d described, err error) {
	file, _, err := harness.OpenData(ctx, name, r, f)
	if err != nil {
		return d, err
	}
	defer file.Close()
	t, err := file.Read(datasets.Select{AllModels: true, Extras: true})
	if err != nil {
		return d, err
	}
	_, builtin := benchmarks.Data(name)
	d = described{Data: name, Rows: t.Rows(), prompts: builtin || file.HasColumn("prompt") || file.HasColumn("embedding")}
	for _, c := range t.Quality {
		cost := math.NaN()
		if values, ok := t.ExtraOf("cost_usd:" + c.Name); ok {
			cost = mean(values)
		}
		d.Models = append(d.Models, model{c.Name, mean(c.Values), cost})
	}
	meta := file.Meta()
	d.choosePair(results.Pair{Strong: meta.Strong, Weak: meta.Weak})
	for _, name := range []string{d.Pair.Strong, d.Pair.Weak} {
		if strings.Contains(name, ",") {
			return d, hint.With(fmt.Errorf("model %q: expected a name without commas", name), "--model NAME=COLUMN gives the model of a column another name")
		}
	}
	return d, nil
}

// mean returns the mean of the values that are known.
func mean(values []float64) float64 {
	var m num.Mean
	for _, v := range values {
		m.Add(v)
	}
	return m.Value()
}

// choosePair takes the data's own pair or, without one, the model of the highest mean quality as the
// strong one and, as the weak one, the cheapest other model, or else that of the lowest quality.
func (d *described) choosePair(own results.Pair) {
	measured := slices.DeleteFunc(slices.Clone(d.Models), func(m model) bool { return !num.Finite(m.Quality) })
	switch {
	case own.Strong != "" && own.Weak != "":
		d.Pair, d.why = own, "as the data name it"
		return
	case len(measured) < 2:
		return
	}
	slices.SortStableFunc(measured, func(a, b model) int { return compare(b.Quality, a.Quality) })
	strong, others := measured[0], measured[1:]
	d.why = "by mean quality: the best model and the worst"
	weak := others[len(others)-1]
	if !slices.ContainsFunc(measured, func(m model) bool { return !num.Finite(m.Cost) }) {
		weak = slices.MinFunc(others, func(a, b model) int { return compare(a.Cost, b.Cost) })
		d.why = "by mean quality and cost: the best model, and the cheapest other one"
	}
	d.Pair = results.Pair{Strong: strong.Name, Weak: weak.Name}
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// priced reports whether all models have costs.
func (d *described) priced() bool {
	return len(d.Models) > 0 && !slices.ContainsFunc(d.Models, func(m model) bool { return !num.Finite(m.Cost) })
}

// isWord reports whether a text needs no quotes in YAML.
func isWord(text string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if text == "" || !strings.ContainsAny(text[:1], letters) || strings.Trim(text, letters+"0123456789_./@+-") != "" {
		return false
	}
	return !slices.Contains([]string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}, strings.ToLower(text))
}
