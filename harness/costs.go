package harness

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// Pricing says where the costs of models come from. The zero value takes measured costs alone.
type Pricing struct{}

// costsOf returns each model's cost of each row of the table in USD, NaN where it is not known,
// and where the costs come from. A model without any cost is an error.
func (p Pricing) costsOf(t *datasets.Table, models []string) (columns [][]float64, used []results.PriceUsed, err error) {
	for _, m := range models {
		values, ok := t.ExtraOf(costColumn + m)
		if !ok {
			return nil, nil, hint.With(fmt.Errorf("column %q: missing", costColumn+m), "--prices FILE gives prices")
		}
		columns = append(columns, values)
		used = append(used, results.PriceUsed{Model: m, Source: "measured", Input: results.Value(math.NaN()), Output: results.Missing, CachedInput: results.Missing, Reasoning: results.Missing})
	}
	return columns, used, nil
}
