package harness

import (
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/pricelist"
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
	sources, err := p.sourcesOf(t, models)
	for i := 0; err == nil && i < len(models); i++ {
		var values []float64
		if values, err = p.costOf(t, &sources[i]); err == nil {
			columns, used = append(columns, values), append(used, sources[i].PriceUsed)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return columns, used, nil
}

// costSource is where the costs of a model come from.
type costSource struct {
	results.PriceUsed
	price pricelist.Price // the zero value if there is none
}

// sourcesOf returns where the costs of models come from. The error of a model without any names the
// other ones too.
func (p Pricing) sourcesOf(t *datasets.Table, models []string) ([]costSource, error) {
	var out []costSource
	var first error
	var others []string
	for _, m := range models {
		source, err := p.sourceOf(t, m)
		if out = append(out, source); err == nil {
			continue
		}
		if first == nil {
			first = err
		} else {
			others = append(others, m)
		}
	}
	if first == nil {
		return out, nil
	}
	if len(others) > 0 {
		first = hint.With(first, "models without a usable price too: "+text.Quoted(others, 5))
	}
	return nil, noCostHint(t, first)
}

// sourceOf returns where the costs of a model come from: they were measured, or the model has a
// price, or was declared free.
func (p Pricing) sourceOf(t *datasets.Table, model string) (s costSource, err error) {
	_, measured := t.ExtraOf(costColumn + model)
	_, given := p.Given[model]
	switch {
	case measured && (!p.Reprice || !given && p.List == nil):
		s.PriceUsed = noPriceUsed(model, costMeasured)
	case !given && p.free(model):
		s.PriceUsed = noPriceUsed(model, costFree)
	default:
		s.price, s.PriceUsed, err = p.price(model)
	}
	return s, err
}

// costOf returns a model's cost of each row, and notes where its token counts come from.
func (p Pricing) costOf(t *datasets.Table, s *costSource) ([]float64, error) {
	switch s.Source {
	case costMeasured:
		values, _ := t.ExtraOf(costColumn + s.Model)
		return values, p.checkMeasured(s.Model, values)
	case costFree:
		return make([]float64, t.Rows()), nil
	}
	counts, err := p.countsOf(t, s.Model)
	if err != nil {
		return nil, err
	}
	s.Tokens = counts.how
	out := make([]float64, t.Rows())
	for i := range out {
		tokens := counts.at(i)
		if err := s.price.Check(tokens); err != nil {
			return nil, fmt.Errorf("row %d, model %q: %w", i+1, s.Model, err)
		}
		out[i] = s.price.Cost(tokens)
	}
	return out, nil
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

// impossible is the error of a cost that no answer can have. It is never only a warning.
type impossible struct{ error }

func (e impossible) Unwrap() error { return e.error }

// checkMeasured returns an error if a measured cost is impossible, or 0 for a model that is not
// declared free.
func (p Pricing) checkMeasured(model string, costs []float64) error {
	column, zeros, first, known := costColumn+model, 0, 0, 0
	for i, v := range costs {
		switch {
		case math.IsNaN(v):
			continue
		case v < 0 || math.IsInf(v, 0):
			return impossible{fmt.Errorf("row %d, column %q: found %v, expected a cost of 0 or more, in USD", i+1, column, v)}
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
		return hint.With(fmt.Errorf("row %d, column %q: found 0, as in %s of %s: expected a cost above 0: 0 often stands for a price that was not known or an answer that was cached",
			first, column, text.Thousands(zeros), text.Plural(known, "row")),
			freeHint(model), "--reprice with --price or --prices computes costs from tokens")
	}
	return nil
}
