package harness

import (
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/results"
)

// costColumn is what the names of cost columns begin with, before the model.
const costColumn = "cost_usd:"

// knows reports whether the cost of every model was measured or is to be computed from prices.
// Without that, a command that does not need costs shows none.
func (p Pricing) knows(t *datasets.Table, models []string) bool {
	for _, m := range models {
		if _, measured := t.ExtraOf(costColumn + m); !measured && !p.priced() && !p.free(m) {
			return false
		}
	}
	return true
}

// costsOf returns each model's cost of each row of the table in USD, NaN where it is not known,
// and where the costs come from. The table was read with its extra columns and features. A
// measured cost counts before a price, unless p.Reprice is set. A model without any cost, an
// impossible cost, and a cost of 0 of a model that is not declared free are errors.
func (p Pricing) costsOf(t *datasets.Table, models []string) (columns [][]float64, used []results.PriceUsed, err error) {
	for _, m := range models {
		values, how, err := p.costOf(t, m)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", nameOfTable(t), err)
		}
		columns, used = append(columns, values), append(used, how)
	}
	return columns, used, nil
}

// nameOfTable names a table in messages.
func nameOfTable(t *datasets.Table) string {
	if t.Meta.Name == "" {
		return "the data"
	}
	return t.Meta.Name
}

// costOf returns a model's cost of each row.
func (p Pricing) costOf(t *datasets.Table, model string) ([]float64, results.PriceUsed, error) {
	measured, ok := t.ExtraOf(costColumn + model)
	_, given := p.Given[model]
	if ok && (!p.Reprice || !given && p.List == nil) {
		return measured, noPriceUsed(model, costMeasured), p.checkMeasured(model, measured)
	}
	if !given && p.free(model) {
		return make([]float64, t.Rows()), noPriceUsed(model, costFree), nil
	}
	price, used, err := p.price(model)
	if err != nil {
		return nil, used, noCostHint(t, err)
	}
	counts, err := p.countsOf(t, model)
	if err != nil {
		return nil, used, err
	}
	used.Tokens = counts.how
	out := make([]float64, t.Rows())
	for i := range out {
		tokens := counts.at(i)
		if err := price.Check(tokens); err != nil {
			return nil, used, fmt.Errorf("row %d, model %q: %w", i+1, model, err)
		}
		out[i] = price.Cost(tokens)
	}
	return out, used, nil
}

// noCostHint adds the axis that the data has without prices.
func noCostHint(t *datasets.Table, err error) error {
	for _, c := range t.Extras {
		if strings.HasPrefix(c.Name, outputChars) {
			return hint.With(err, "--axis chars counts cost in characters of output, which the data has")
		}
	}
	return err
}

// checkMeasured returns an error if a measured cost is impossible, or 0 for a model that is not
// declared free.
func (p Pricing) checkMeasured(model string, costs []float64) error {
	column, zeros, first, known := costColumn+model, 0, 0, 0
	for i, v := range costs {
		switch {
		case math.IsNaN(v):
			continue
		case v < 0 || math.IsInf(v, 0):
			return fmt.Errorf("row %d, column %q: found %v, expected a cost in USD of 0 or more", i+1, column, v)
		case v == 0:
			if zeros++; zeros == 1 {
				first = i + 1
			}
		}
		known++
	}
	switch {
	case known == 0:
		return hint.With(fmt.Errorf("column %q: found no cost", column), pricingHints(model)...)
	case zeros > 0 && !p.free(model):
		return hint.With(fmt.Errorf("row %d, column %q: found 0, as in %s of %s: expected a cost, which is often 0 where a price was not known or an answer was cached",
			first, column, text.Thousands(zeros), text.Plural(known, "row")),
			fmt.Sprintf("--free '%s' declares that such answers cost nothing; --reprice with --price or --prices computes costs", model))
	}
	return nil
}
