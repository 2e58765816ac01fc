package audit

import (
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/datasets"
)

// minCopy is the number of rows that two models must have in common before equal values say that
// one is a copy of the other.
const minCopy = 20

// copies finds models whose qualities are those of an earlier model in every row, or whose costs
// are, or are a fixed multiple of them.
func copies(in Input) []Finding {
	var found []Finding
	for i, c := range in.Table.Quality {
		for _, earlier := range in.Table.Quality[:i] {
			if ratio, rows := multiple(c.Values, earlier.Values); ratio == 1 {
				found = append(found, Finding{Code: "copied-model", Severity: Warning, About: c.Name, Mend: Nothing, Rows: rows,
					Message: fmt.Sprintf("the quality is that of %q in every row%s: they may be one model, which a pool needs once", earlier.Name, sameCosts(in.Table, c.Name, earlier.Name))})
				break
			}
		}
	}
	return append(found, copiedCosts(in.Table)...)
}

// sameCosts says that two models also cost the same, "" if they do not.
func sameCosts(t *datasets.Table, a, b string) string {
	x, okX := t.ExtraOf(costPrefix + a)
	y, okY := t.ExtraOf(costPrefix + b)
	if ratio, _ := multiple(x, y); okX && okY && ratio == 1 {
		return ", and so is the cost"
	}
	return ""
}

// costPrefix begins the names of columns of costs.
const costPrefix = "cost_usd:"

// copiedCosts finds costs that follow from those of an earlier model, which has another quality.
func copiedCosts(t *datasets.Table) []Finding {
	var found []Finding
	columns := costColumns(t)
	for i, c := range columns {
		for _, earlier := range columns[:i] {
			ratio, rows := multiple(c.Values, earlier.Values)
			if math.IsNaN(ratio) {
				continue
			}
			code, message := "proportional-cost", fmt.Sprintf("cost_usd is %.4g times that of %q in every row: it may have been computed from the other model's tokens", ratio, modelOf(earlier))
			if ratio == 1 {
				code, message = "copied-cost", fmt.Sprintf("cost_usd is that of %q in every row", modelOf(earlier))
			}
			found = append(found, Finding{Code: code, Severity: Warning, About: modelOf(c), Mend: Nothing, Message: message, Rows: rows})
			break
		}
	}
	return found
}

// costColumns returns the columns of costs.
func costColumns(t *datasets.Table) []datasets.Column {
	var out []datasets.Column
	for _, c := range t.Extras {
		if strings.HasPrefix(c.Name, costPrefix) {
			out = append(out, c)
		}
	}
	return out
}

func modelOf(c datasets.Column) string { return strings.TrimPrefix(c.Name, costPrefix) }

// multiple returns the number by which every value of b has to be multiplied for those of a, and
// the rows that have both; NaN if there is no such number, if the values do not vary, or if fewer
// than minCopy rows have both.
func multiple(a, b []float64) (ratio float64, rows []int) {
	ratio = math.NaN()
	varies := false
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		if math.IsNaN(x) || math.IsNaN(y) {
			continue
		}
		rows = append(rows, i)
		varies = varies || y != b[rows[0]]
		switch {
		case x == y && (math.IsNaN(ratio) || ratio == 1 || x == 0):
			if x != 0 {
				ratio = 1
			}
		case x == 0 || y == 0:
			return math.NaN(), nil
		case math.IsNaN(ratio):
			ratio = x / y
		case math.Abs(x-ratio*y) > 1e-9*math.Abs(x):
			return math.NaN(), nil
		}
	}
	if !varies || len(rows) < minCopy {
		return math.NaN(), nil
	}
	return ratio, rows
}

// missingPrices finds models without costs among models that have some.
func missingPrices(in Input) []Finding {
	columns := costColumns(in.Table)
	if len(columns) == 0 {
		return nil
	}
	var found []Finding
	for _, q := range in.Table.Quality {
		if _, ok := in.Table.ExtraOf(costPrefix + q.Name); ok {
			continue
		}
		found = append(found, ifAny(Finding{Code: "missing-price", Severity: Warning, About: q.Name, Mend: Nothing,
			Message: "there is no cost_usd of the model, which others have: it needs a price (--price)",
			Rows:    rowsWhere(len(q.Values), func(i int) bool { return !math.IsNaN(q.Values[i]) })})...)
	}
	return found
}

// The costs of one prompt in USD, and prices per million tokens, that no model on the market has.
const (
	mostCost, leastCost   = 5, 1e-8
	mostPrice, leastPrice = 1e4, 1e-4
	// constantCost is the cost from which a column of one value is more likely a price.
	constantCost = 0.01
)

// costUnits finds costs whose unit is likely not USD per prompt.
func costUnits(in Input) []Finding {
	var found []Finding
	for _, c := range costColumns(in.Table) {
		known := rowsWhere(len(c.Values), func(i int) bool { return c.Values[i] > 0 && !math.IsInf(c.Values[i], 0) })
		if message := oddUnit(in.Table, c, known); message != "" && len(known) >= minTask {
			found = append(found, Finding{Code: "cost-unit", Severity: Warning, About: modelOf(c), Mend: Nothing, Message: message, Rows: known})
		}
	}
	return found
}

// oddUnit says what looks wrong about the unit of costs, "" if nothing does.
func oddUnit(t *datasets.Table, c datasets.Column, known []int) string {
	mean := meanOf(c.Values, known)
	lo, hi := extremes(c.Values)
	price := impliedPrice(t, c, known)
	switch {
	case lo == hi && lo >= constantCost:
		return fmt.Sprintf("cost_usd is %v in every row: expected USD per prompt, and not a price per million tokens", lo)
	case mean > mostCost:
		return fmt.Sprintf("a prompt costs %.4g on average: expected USD per prompt, and not per million tokens or 1,000 prompts", mean)
	case mean < leastCost:
		return fmt.Sprintf("a prompt costs %.4g on average: expected USD per prompt, and not per token", mean)
	case price > mostPrice || price < leastPrice:
		return fmt.Sprintf("cost_usd and the token counts give %.4g USD per million tokens: one of them has another unit", price)
	}
	return ""
}

// impliedPrice returns the USD per million tokens that costs and token counts give; NaN without
// counts.
func impliedPrice(t *datasets.Table, c datasets.Column, known []int) float64 {
	input, okIn := t.ExtraOf("input_tokens:" + modelOf(c))
	output, okOut := t.ExtraOf("output_tokens:" + modelOf(c))
	if !okIn || !okOut {
		return math.NaN()
	}
	cost, tokens := 0.0, 0.0
	for _, i := range known {
		if n := input[i] + output[i]; n > 0 {
			cost, tokens = cost+c.Values[i], tokens+n
		}
	}
	return 1e6 * cost / tokens
}

// meanOf returns the mean of the values in some rows; NaN without rows.
func meanOf(values []float64, rows []int) float64 {
	sum := 0.0
	for _, i := range rows {
		sum += values[i]
	}
	return sum / float64(len(rows))
}

// parts finds counts that are larger than those that they are part of.
func parts(in Input) []Finding {
	var found []Finding
	for _, p := range [][2]string{{"cached_input_tokens", "input_tokens"}, {"reasoning_tokens", "output_tokens"}} {
		found = append(found, eachCount(in.Table, p[:1], func(kind, model string, values, _ []float64) []Finding {
			whole, ok := in.Table.ExtraOf(p[1] + ":" + model)
			if !ok {
				return nil
			}
			return ifAny(Finding{Code: "part-above-total", Severity: Error, About: model, Mend: Nothing, Message: kind + " is larger than " + p[1] + ", of which it is a part",
				Rows: rowsWhere(len(values), func(i int) bool { return values[i] > whole[i] })})
		})...)
	}
	return found
}
