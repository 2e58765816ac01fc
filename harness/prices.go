package harness

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// PricesOf returns the prices of the strong and of the weak model of a pair. An error names the
// models that have one.
func PricesOf(prices map[string]float64, pair results.Pair) ([]float64, error) {
	out := make([]float64, 2)
	for i, model := range []string{pair.Strong, pair.Weak} {
		price, ok := prices[model]
		if !ok {
			names := slices.Sorted(maps.Keys(prices))
			return nil, hint.DidYouMean(fmt.Errorf("no price of %q: there are prices of %s", model, strings.Join(names, ", ")), model, names)
		}
		out[i] = price
	}
	return out, nil
}
