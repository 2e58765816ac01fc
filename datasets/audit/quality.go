package audit

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
)

// outOfRange finds qualities outside the bounds of the file. If those are unknown, it finds the
// exceptions of a model whose qualities are nearly all from 0 to 1.
func outOfRange(in Input) []Finding {
	var found []Finding
	for _, c := range in.Table.Quality {
		lo, hi, severity, bounds := in.Table.Meta.Min, in.Table.Meta.Max, Error, "the bounds of the file"
		if math.IsNaN(lo) && math.IsNaN(hi) {
			if !mostlyShares(c.Values) {
				continue
			}
			lo, hi, severity, bounds = 0, 1, Warning, "the range of nearly all others"
		}
		found = append(found, ifAny(Finding{Code: "quality-range", Severity: severity, About: c.Name,
			Message: fmt.Sprintf("the quality is outside %s, %v to %v", bounds, lo, hi),
			Rows:    rowsWhere(len(c.Values), func(i int) bool { return c.Values[i] < lo || c.Values[i] > hi })})...)
	}
	return found
}

// mostlyShares reports whether at least 95 % of the measured values are from 0 to 1.
func mostlyShares(values []float64) bool {
	inside, measured := 0, 0
	for _, v := range values {
		if math.IsNaN(v) {
			continue
		}
		measured++
		if v >= 0 && v <= 1 {
			inside++
		}
	}
	return measured > 0 && float64(inside) >= 0.95*float64(measured)
}

// notMeasured finds samples without a quality of the pair. Missing outcomes of other models do
// no harm.
func notMeasured(in Input) []Finding {
	if in.Strong == "" {
		return nil
	}
	var found []Finding
	for _, c := range judged(in) {
		found = append(found, ifAny(Finding{Code: "not-measured", Severity: Note, About: c.Name, Mend: Nothing,
			Message: "the quality is missing: eval excludes the sample", Rows: rowsWhere(len(c.Values), func(i int) bool { return math.IsNaN(c.Values[i]) })})...)
	}
	return found
}

// turns finds qualities that are not the mean of their two turns.
func turns(in Input) []Finding {
	var found []Finding
	for _, c := range in.Table.Quality {
		one, ok1 := in.Table.ExtraOf("quality_turn1:" + c.Name)
		two, ok2 := in.Table.ExtraOf("quality_turn2:" + c.Name)
		if !ok1 || !ok2 {
			continue
		}
		found = append(found, ifAny(Finding{Code: "turn-mean", Severity: Error, About: c.Name, Message: "the quality is not the mean of the two turns",
			Rows: rowsWhere(len(one), func(i int) bool { return math.Abs(c.Values[i]-(one[i]+two[i])/2) > 1e-9 })})...)
	}
	return found
}

// oneValue reports a model that has the same quality in every sample.
func oneValue(c datasets.Column) []Finding {
	rows := rowsWhere(len(c.Values), func(i int) bool { return !math.IsNaN(c.Values[i]) })
	if len(rows) < minTask {
		return nil
	}
	return []Finding{{Code: "constant-quality", Severity: Warning, About: c.Name, Rows: rows,
		Message: fmt.Sprintf("the quality is %v in every sample", c.Values[rows[0]])}}
}

// byTask groups the rows by task. Tasks are in the order of their first row.
func byTask(tasks []string) (names []string, rows [][]int) {
	at := map[string]int{}
	for i, task := range tasks {
		k, ok := at[task]
		if !ok {
			k = len(rows)
			at[task] = k
			names, rows = append(names, task), append(rows, nil)
		}
		rows[k] = append(rows[k], i)
	}
	return names, rows
}

func measured(values []float64, index []int) []int {
	return slices.DeleteFunc(slices.Clone(index), func(i int) bool { return math.IsNaN(values[i]) })
}

// extremes returns the smallest and the largest measured value, or NaN if there is none.
func extremes(values []float64) (lo, hi float64) {
	lo, hi = math.NaN(), math.NaN()
	for _, v := range values {
		if !(v >= lo) && !math.IsNaN(v) {
			lo = v
		}
		if !(v <= hi) && !math.IsNaN(v) {
			hi = v
		}
	}
	return lo, hi
}
