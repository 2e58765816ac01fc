package harness

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// pricesHint is the advice for data whose costs are missing or wrong.
const pricesHint = "--prices STRONG,WEAK gives the cost of a thousand prompts for each model"

// costs returns both models' cost of each sample, in USD per thousand prompts: the given
// prices, or else the data's columns; nil if these are not usable and no budget needs them.
func (c *calibrator) costs(b *Benchmark) (strong, weak []float64, err error) {
	prices := c.o.Prices
	if prices == nil && c.o.ModelPrices != nil {
		if prices, err = PricesOf(c.o.ModelPrices, b.pair); err != nil {
			return nil, nil, err
		}
	}
	if prices != nil {
		n := len(b.used)
		strong, weak = slices.Repeat(prices[:1], n), slices.Repeat(prices[1:], n)
		return strong, weak, c.checkOrder(b, strong, weak)
	}
	if strong, err = costOf(b, b.pair.Strong); err == nil {
		weak, err = costOf(b, b.pair.Weak)
	}
	budget := c.o.Target.kind == budgetTarget
	switch _, some := b.table.ExtraOf(costColumn + b.pair.Strong); {
	case err == nil:
		if err := c.checkZero(b, strong, weak); err != nil {
			return nil, nil, err
		}
		return strong, weak, c.checkOrder(b, strong, weak)
	case budget:
		return nil, nil, hint.With(err, pricesHint)
	case some:
		c.doc.Warnings = append(c.doc.Warnings, "costs are not shown: "+err.Error())
	}
	return nil, nil, nil
}

// costOf returns a model's cost of each evaluated sample, in USD per thousand prompts. A missing
// or a negative cost is an error.
func costOf(b *Benchmark, model string) ([]float64, error) {
	name := costColumn + model
	column, ok := b.table.ExtraOf(name)
	if !ok {
		return nil, fmt.Errorf("%s: column %q: missing", b.name, name)
	}
	out := make([]float64, len(b.used))
	for k, i := range b.used {
		switch out[k] = 1000 * column[i]; {
		case math.IsNaN(out[k]):
			return nil, fmt.Errorf("%s: row %d, column %q: found null, expected a cost", b.name, i+1, name)
		case out[k] < 0:
			return nil, fmt.Errorf("%s: row %d, column %q: found %v, expected a cost of 0 or more", b.name, i+1, name, column[i])
		}
	}
	return out, nil
}

// checkZero looks for costs of 0, which are often those of a model whose price was not known. It
// returns an error if a budget would count the strong model as free, and else warns.
func (c *calibrator) checkZero(b *Benchmark, strong, weak []float64) error {
	budget, also := c.o.Target.kind == budgetTarget, ""
	if budget {
		also = ", and the budget may not be kept"
	}
	for _, m := range []struct {
		model string
		costs []float64
	}{{b.pair.Strong, strong}, {b.pair.Weak, weak}} {
		zero := 0
		for _, v := range m.costs {
			if v == 0 {
				zero++
			}
		}
		switch {
		case zero == 0:
		case budget && zero == len(m.costs) && m.model == b.pair.Strong:
			return hint.With(fmt.Errorf("%s: every cost of the strong model %q is 0: expected its price, without which any budget is kept", b.name, m.model), pricesHint)
		default:
			c.doc.Warnings = append(c.doc.Warnings, fmt.Sprintf("%s of %s of the model %q %s 0 and count as free: if a price was not known, true costs are higher%s",
				text.Thousands(zero), text.Plural(len(m.costs), "cost"), m.model, text.Agree(zero, "is", "are"), also))
		}
	}
	return nil
}

// checkOrder returns an error if a budget is to be kept by calling a strong model that costs less
// than the weak one, and else warns.
func (c *calibrator) checkOrder(b *Benchmark, strong, weak []float64) error {
	dear, cheap := eval.Outcomes{Strong: strong, Weak: weak}.Means()
	if dear >= cheap || dear == 0 && c.o.Prices == nil { // checkZero speaks of a cost of 0
		return nil
	}
	found := fmt.Sprintf("the strong model %q costs $%.4g per thousand prompts, less than the $%.4g of the weak model %q", b.pair.Strong, dear, cheap, b.pair.Weak)
	if c.o.Target.kind == budgetTarget {
		return hint.With(fmt.Errorf("%s: %s: always calling it is better and cheaper, and no threshold is needed", b.name, found),
			"if the costs are exchanged or wrong, correct them, or give them: --prices STRONG,WEAK")
	}
	c.doc.Warnings = append(c.doc.Warnings, found+": always calling it is better and cheaper than routing")
	return nil
}
