package harness

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/measure"
	"github.com/routellm/routellm/internal/slicesx"
	"github.com/routellm/routellm/internal/text"
)

// addCosts adds what both models' answers to the evaluated rows cost, as far as that is known.
func (b *Benchmark) addCosts(p Pricing) error {
	var err error
	b.samples.Costs, b.costWarning, err = b.pairCosts(p)
	return err
}

// pairCosts returns what both models' answers to the evaluated rows cost; nil if that is not known.
// warning says why costs that the data has in part are not shown.
func (b *Benchmark) pairCosts(p Pricing) (costs *measure.Costs, warning string, err error) {
	models := []string{b.pair.Strong, b.pair.Weak}
	if !hasCosts(b.table, models) {
		return nil, "", nil
	}
	columns, used, err := p.costsOf(b.table, models)
	if err != nil {
		return nil, "", err
	}
	for m, column := range columns {
		columns[m] = slicesx.Pick(column, b.used)
		if unknown := count(columns[m], math.IsNaN); unknown > 0 {
			return nil, fmt.Sprintf("costs are not shown: that of the model %q is not known for %s", models[m], text.Plural(unknown, "sample")), nil
		}
		if negative := count(columns[m], func(v float64) bool { return v < 0 }); negative > 0 {
			return nil, fmt.Sprintf("costs are not shown: that of the model %q is below 0 for %s", models[m], text.Plural(negative, "sample")), nil
		}
	}
	return &measure.Costs{Strong: columns[0], Weak: columns[1], Prices: used}, costWarning(b, columns), nil
}

// hasCosts reports whether the table has a column of costs for each model.
func hasCosts(t *datasets.Table, models []string) bool {
	for _, m := range models {
		if _, ok := t.ExtraOf(costColumn + m); !ok {
			return false
		}
	}
	return true
}

// costWarning returns the warning about costs that make routing pointless, "" for none.
func costWarning(b *Benchmark, columns [][]float64) string {
	if zero := count(columns[0], func(v float64) bool { return v == 0 }); zero == len(columns[0]) {
		return fmt.Sprintf("every cost of the strong model %q is 0: if its price was not known, true costs are higher", b.pair.Strong)
	}
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
