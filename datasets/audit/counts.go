package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
)

// countKinds lists the kinds of extra columns "<kind>:<model>" that cannot be negative.
var countKinds = []string{"input_tokens", "output_tokens", "total_tokens", "cached_input_tokens", "reasoning_tokens", "output_chars", "cost_usd", "input_cost_usd", "output_cost_usd", "latency_s"}

// eachCount calls check for every extra column of one of the kinds, with the quality of its
// model, which is nil if the table has none. It returns all findings.
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
	return eachCount(in.Table, countKinds, func(kind, model string, values, _ []float64) []Finding {
		return ifAny(Finding{Code: "negative-count", Severity: Error, About: model, Mend: Nothing, Message: kind + " is below 0",
			Rows: rowsWhere(len(values), func(i int) bool { return values[i] < 0 })})
	})
}

// constantCounts finds counts that are equal in every row.
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

// missingCounts finds rows with a quality but without a count or a cost. It leaves out missing
// output counts of correct answers, which unanswered reports.
func missingCounts(in Input) []Finding {
	return eachCount(in.Table, []string{"input_tokens", "output_tokens", "output_chars", "cost_usd"}, func(kind, model string, values, quality []float64) []Finding {
		best, isOutput := correctQuality(in.Table, quality), slices.Contains(outputKinds, kind)
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
		return ifAny(Finding{Code: code, Severity: Warning, About: model, Mend: Nothing, Message: kind + " is missing, though the quality is known", Rows: rows})
	})
}

func zeroCosts(in Input) []Finding {
	return eachCount(in.Table, []string{"cost_usd"}, func(kind, model string, values, _ []float64) []Finding {
		return ifAny(Finding{Code: "zero-cost", Severity: Warning, About: model, Mend: Nothing, Message: kind + " is 0: costs are used only if --free declares the model free",
			Rows: rowsWhere(len(values), func(i int) bool { return values[i] == 0 })})
	})
}

// sums lists columns that are the sum of two others.
var sums = []struct{ total, a, b string }{
	{"total_tokens", "input_tokens", "output_tokens"},
	{"cost_usd", "input_cost_usd", "output_cost_usd"},
}

// totals finds totals that are larger than the sum of their parts.
func totals(in Input) []Finding {
	var found []Finding
	for _, s := range sums {
		found = append(found, eachCount(in.Table, []string{s.total}, func(_, model string, total, _ []float64) []Finding {
			a, ok := in.Table.ExtraOf(s.a + ":" + model)
			b, ok2 := in.Table.ExtraOf(s.b + ":" + model)
			if !ok || !ok2 {
				return nil
			}
			return ifAny(Finding{Code: "total-above-parts", Severity: Error, About: model, Mend: Nothing,
				Message: fmt.Sprintf("%s is larger than %s and %s together", s.total, s.a, s.b),
				Rows:    rowsWhere(len(total), func(i int) bool { return total[i] > (a[i]+b[i])*(1+1e-9) })})
		})...)
	}
	return found
}
