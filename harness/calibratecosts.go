package harness

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
)

// pricesHint is the advice for data whose costs are missing or wrong.
const pricesHint = "--prices STRONG,WEAK gives the cost of a thousand prompts for each model"

// costs returns both models' cost of each sample, in USD per thousand prompts: the given
// prices, or else the data's columns, or token counts and prices; nil if these are not usable and
// no budget needs them. Impossible costs are errors.
func (c *calibrator) costs(b *Benchmark) (strong, weak []float64, err error) {
	prices := c.o.Prices
	if prices == nil && c.o.ModelPrices != nil {
		if prices, err = PricesOf(c.o.ModelPrices, b.pair); err != nil {
			return nil, nil, err
		}
	}
	if prices != nil {
		if err := c.checkPrices(b, prices); err != nil {
			return nil, nil, err
		}
		n := len(b.used)
		strong, weak = slices.Repeat(prices[:1], n), slices.Repeat(prices[1:], n)
	} else if strong, weak, err = c.pricedCosts(b); strong == nil {
		return nil, nil, err
	}
	c.warnOrder(b, strong, weak)
	return strong, weak, nil
}

// checkPrices returns an error for given prices that cannot be, or that are 0 for a model that is
// not declared free.
func (c *calibrator) checkPrices(b *Benchmark, prices []float64) error {
	for i, model := range []string{b.pair.Strong, b.pair.Weak} {
		switch v := prices[i]; {
		case !(v >= 0) || !num.Finite(v):
			return fmt.Errorf("the price of %q is %v: expected USD per thousand prompts, 0 or more", model, v)
		case v == 0 && !c.o.Pricing.free(model):
			return hint.With(fmt.Errorf("the price of %q is 0: expected a price, without which any budget is kept", model), freeHint(model))
		}
	}
	return nil
}

// pricedCosts returns costs that were measured or follow from token counts. Without a budget, and
// if no prices were given to compute them from, costs that cannot be used are left out with a
// warning.
func (c *calibrator) pricedCosts(b *Benchmark) (strong, weak []float64, err error) {
	models, p := []string{b.pair.Strong, b.pair.Weak}, c.o.Pricing
	budget := c.o.Target.kind == budgetTarget
	if !budget && !p.knows(b.table, models) {
		return nil, nil, nil
	}
	columns, used, err := p.costsOf(b.table, models)
	if err != nil {
		err = fmt.Errorf("%s: %w", b.name, err)
	}
	for k := 0; err == nil && k < len(models); k++ {
		columns[k], err = usedCosts(b, models[k], columns[k])
	}
	switch {
	case err == nil:
		c.doc.Prices = used
		c.doc.Warnings = append(c.doc.Warnings, p.warnings(b.name, b.table.Meta.Measured, used)...)
		return columns[0], columns[1], nil
	case budget:
		return nil, nil, hint.With(err, pricesHint)
	}
	warning, err := p.hidden(err)
	if err == nil {
		c.doc.Warnings = append(c.doc.Warnings, warning)
	}
	return nil, nil, err
}

// usedCosts returns a model's cost of each evaluated sample, in USD per thousand prompts. A cost
// that is not known is an error.
func usedCosts(b *Benchmark, model string, costs []float64) ([]float64, error) {
	out := make([]float64, len(b.used))
	for k, i := range b.used {
		if out[k] = 1000 * costs[i]; math.IsNaN(out[k]) {
			return nil, fmt.Errorf("%s: row %d, column %q: found null, expected a cost", b.name, i+1, costColumn+model)
		}
	}
	return out, nil
}

// warnOrder warns of a strong model that costs less than the weak one.
func (c *calibrator) warnOrder(b *Benchmark, strong, weak []float64) {
	p := part{costStrong: strong, costWeak: weak}
	if dear, cheap := p.meanCosts(); dear < cheap {
		c.doc.Warnings = append(c.doc.Warnings, fmt.Sprintf("the strong model %q costs $%.4g per thousand prompts, less than the $%.4g of the weak model %q: always calling it is better and cheaper than routing",
			b.pair.Strong, dear, cheap, b.pair.Weak))
	}
}
