package harness

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
)

// addCosts adds what both models' answers to the evaluated rows cost, as far as that is known.
func (b *Benchmark) addCosts(p Pricing) error {
	var err error
	b.samples.Costs, b.costWarnings, err = b.pairCosts(p)
	return err
}

// pairCosts returns what both models' answers to the evaluated rows cost; nil if that is not known.
// A warning says why costs that the data has in part are not shown.
func (b *Benchmark) pairCosts(p Pricing) (costs *measure.Costs, warnings []string, err error) {
	models := []string{b.pair.Strong, b.pair.Weak}
	if !p.knows(b.table, models) {
		return nil, nil, nil
	}
	columns, used, err := p.costsOf(b.table, models)
	if err != nil {
		warning, err := p.hidden(err)
		return nil, notEmpty(warning), err
	}
	for m, column := range columns {
		columns[m] = slicesx.Pick(column, b.used)
		if unknown := count(columns[m], math.IsNaN); unknown > 0 {
			return nil, []string{fmt.Sprintf("costs are not shown: that of the model %q is not known for %s", models[m], text.Plural(unknown, "sample"))}, nil
		}
	}
	warnings = append(notEmpty(costWarning(b, columns)), p.warnings(b.name, b.table.Meta.Measured, used)...)
	return &measure.Costs{Strong: columns[0], Weak: columns[1], Prices: used}, warnings, nil
}

// notEmpty returns a list of the text, without elements if it is empty.
func notEmpty(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

// costWarning returns the warning about costs that make routing pointless, "" for none.
func costWarning(b *Benchmark, columns [][]float64) string {
	total := [2]float64{}
	for m, column := range columns {
		for _, v := range column {
			total[m] += v
		}
	}
	if total[0] < total[1] {
		return fmt.Sprintf("the strong model %q costs less than the weak model %q: always calling it is better and cheaper than routing", b.pair.Strong, b.pair.Weak)
	}
	return ""
}

// count returns the number of values for which test holds.
func count(values []float64, test func(float64) bool) int {
	n := 0
	for _, v := range values {
		if test(v) {
			n++
		}
	}
	return n
}

// The columns of samples.parquet with the cost of each sample, in USD.
const (
	strongCost = "cost_usd_strong"
	weakCost   = "cost_usd_weak"
)

// costColumns returns the costs of all evaluated samples, null for a benchmark without; none if no
// benchmark has any.
func costColumns(benches []*Benchmark) []datasets.AnyColumn {
	var strong, weak []float64
	known := false
	for _, b := range benches {
		if c := b.samples.Costs; c != nil {
			known, strong, weak = true, append(strong, c.Strong...), append(weak, c.Weak...)
			continue
		}
		none := num.NaNs(len(b.used))
		strong, weak = append(strong, none...), append(weak, none...)
	}
	if !known {
		return nil
	}
	return []datasets.AnyColumn{{Name: strongCost, Floats: strong}, {Name: weakCost, Floats: weak}}
}
