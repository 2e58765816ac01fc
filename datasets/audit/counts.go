package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
)

// counted are the extra columns "<kind>:<model>" that cannot be negative.
var counted = []string{"input_tokens", "output_tokens", "total_tokens", "output_chars", "cost_usd", "input_cost_usd", "output_cost_usd", "latency_s"}

// eachCount calls check with every extra column of one of the kinds, and its model's
// quality; nil where the table has none.
func eachCount(t *datasets.Table, kinds []string, check func(kind, model string, values, quality []float64) []Finding) []Finding {
	var found []Finding
	for _, c := range t.Extras {
		kind, model, _ := strings.Cut(c.Name, ":")
		if slices.Contains(kinds, kind) {
			quality, _ := t.QualityOf(model)
			found = append(found, check(kind, model, c.Values, quality)...)
		}
	}
	return found
}

func negative(in Input) []Finding {
	return eachCount(in.Table, counted, func(kind, model string, values, _ []float64) []Finding {
		return some(Finding{Code: "negative-count", Severity: Error, About: model, Mend: Nothing, Message: kind + " is below 0",
			Rows: rowsWhere(len(values), func(i int) bool { return values[i] < 0 })})
	})
}

// constantCounts finds token counts that say the same of every prompt.
func constantCounts(in Input) []Finding {
	return eachCount(in.Table, []string{"input_tokens", "output_tokens", "total_tokens", "output_chars"}, func(kind, model string, values, _ []float64) []Finding {
		lo, hi := extremes(values)
		rows := rowsWhere(len(values), func(i int) bool { return values[i] == lo })
		if lo != hi || len(rows) < minTask {
			return nil
		}
		return []Finding{{Code: "constant-count", Severity: Warning, About: model, Mend: Nothing, Rows: rows,
			Message: fmt.Sprintf("%s is %v in every row", kind, lo)}}
	})
}

// missingCounts finds measured samples without a count or a cost. Output counts of right
// answers are another finding.
func missingCounts(in Input) []Finding {
	return eachCount(in.Table, []string{"input_tokens", "output_tokens", "output_chars", "cost_usd"}, func(kind, model string, values, quality []float64) []Finding {
		best, isOutput := right(in.Table, quality), slices.Contains(outputKinds, kind)
		if lo, _ := extremes(values); math.IsNaN(lo) {
			isOutput = false // the whole column is empty
		}
		rows := rowsWhere(len(quality), func(i int) bool {
			return math.IsNaN(values[i]) && !math.IsNaN(quality[i]) && !(isOutput && quality[i] >= best)
		})
		code := "missing-count"
		if kind == "cost_usd" {
			code = "missing-cost"
		}
		return some(Finding{Code: code, Severity: Warning, About: model, Mend: Nothing, Message: "there is a quality, but no " + kind, Rows: rows})
	})
}

func zeroCosts(in Input) []Finding {
	return eachCount(in.Table, []string{"cost_usd"}, func(kind, model string, values, _ []float64) []Finding {
		return some(Finding{Code: "zero-cost", Severity: Warning, About: model, Mend: Nothing, Message: kind + " is 0: curves against cost take it as free",
			Rows: rowsWhere(len(values), func(i int) bool { return values[i] == 0 })})
	})
}

// wholes are columns that are the sum of others.
var wholes = []struct{ whole, a, b string }{
	{"total_tokens", "input_tokens", "output_tokens"},
	{"cost_usd", "input_cost_usd", "output_cost_usd"},
}

// totals finds sums that are larger than their parts.
func totals(in Input) []Finding {
	var found []Finding
	for _, w := range wholes {
		found = append(found, eachCount(in.Table, []string{w.whole}, func(_, model string, whole, _ []float64) []Finding {
			a, ok := in.Table.ExtraOf(w.a + ":" + model)
			b, ok2 := in.Table.ExtraOf(w.b + ":" + model)
			if !ok || !ok2 {
				return nil
			}
			return some(Finding{Code: "total-above-parts", Severity: Error, About: model, Mend: Nothing,
				Message: fmt.Sprintf("%s is larger than %s and %s together", w.whole, w.a, w.b),
				Rows:    rowsWhere(len(whole), func(i int) bool { return whole[i] > (a[i]+b[i])*(1+1e-9) })})
		})...)
	}
	return found
}
