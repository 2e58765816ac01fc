package audit

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
)

// outOfRange trusts the file's bounds, else the models that are all but always right
// or wrong.
func outOfRange(in Input) []Finding {
	var found []Finding
	for _, c := range in.Table.Quality {
		lo, hi, severity, reason := in.Table.Meta.Min, in.Table.Meta.Max, Error, "the file's bounds"
		if math.IsNaN(lo) && math.IsNaN(hi) {
			if !mostlyShares(c.Values) {
				continue
			}
			lo, hi, severity, reason = 0, 1, Warning, "nearly all of its others"
		}
		found = append(found, some(Finding{Code: "quality-range", Severity: severity, About: c.Name,
			Message: fmt.Sprintf("the quality is outside %s, %v to %v", reason, lo, hi),
			Rows:    rowsWhere(len(c.Values), func(i int) bool { return c.Values[i] < lo || c.Values[i] > hi })})...)
	}
	return found
}

// mostlyShares reports whether 95 % of the measured values are from 0 to 1.
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

// notMeasured is about the pair alone: that a data set lacks other models' outcomes does
// no harm.
func notMeasured(in Input) []Finding {
	if in.Strong == "" {
		return nil
	}
	var found []Finding
	for _, c := range judged(in) {
		found = append(found, some(Finding{Code: "not-measured", Severity: Note, About: c.Name, Mend: Nothing,
			Message: "no quality: eval leaves the sample out", Rows: rowsWhere(len(c.Values), func(i int) bool { return math.IsNaN(c.Values[i]) })})...)
	}
	return found
}

// turns compares a quality with the mean of its turns.
func turns(in Input) []Finding {
	var found []Finding
	for _, c := range in.Table.Quality {
		one, ok1 := in.Table.ExtraOf("quality_turn1:" + c.Name)
		two, ok2 := in.Table.ExtraOf("quality_turn2:" + c.Name)
		if !ok1 || !ok2 {
			continue
		}
		found = append(found, some(Finding{Code: "turn-mean", Severity: Error, About: c.Name, Message: "the quality is not the mean of both turns",
			Rows: rowsWhere(len(one), func(i int) bool { return math.Abs(c.Values[i]-(one[i]+two[i])/2) > 1e-9 })})...)
	}
	return found
}

// Bounds of oneSided: tasks of fewer samples are passed over, and so is what chance makes
// of that many tasks and models more often than once in a hundred data sets.
const (
	minTask   = 10
	maxChance = 0.01
)

// oneSided finds models that are always or never right in a task, where luck at the rate
// of the other tasks does not explain it.
func oneSided(in Input) []Finding {
	names, rows := byTask(in.Table.Task)
	var found []Finding
	for _, c := range in.Table.Quality {
		lo, hi := extremes(c.Values)
		if !(lo < hi) {
			found = append(found, oneValue(c)...)
			continue
		}
		for k, index := range rows {
			for _, side := range []struct {
				value float64
				word  string
			}{{hi, "always"}, {lo, "never"}} {
				n, p := sideOf(c.Values, index, side.value)
				if n >= minTask && math.Pow(p, float64(n))*float64(len(rows)*len(in.Table.Quality)) < maxChance {
					found = append(found, Finding{Code: side.word + "-right", Severity: Warning, About: c.Name,
						Message: fmt.Sprintf("%s right in all %d samples of the task %q, elsewhere in %.0f %%", side.word, n, names[k], 100*rightShare(p, side.word)),
						Rows:    measured(c.Values, index)})
				}
			}
		}
	}
	return found
}

func rightShare(p float64, word string) float64 {
	if word == "never" {
		return 1 - p
	}
	return p
}

// oneValue is a model with one and the same quality throughout.
func oneValue(c datasets.Column) []Finding {
	rows := rowsWhere(len(c.Values), func(i int) bool { return !math.IsNaN(c.Values[i]) })
	if len(rows) < minTask {
		return nil
	}
	return []Finding{{Code: "constant-quality", Severity: Warning, About: c.Name, Rows: rows,
		Message: fmt.Sprintf("the quality is %v in every sample", c.Values[rows[0]])}}
}

// sideOf returns the number of measured samples of a task, 0 unless all have the value,
// and the value's share in the other tasks; 1 where there is none, so that a data set of
// one task proves nothing.
func sideOf(values []float64, task []int, value float64) (n int, elsewhere float64) {
	for _, i := range task {
		switch {
		case math.IsNaN(values[i]):
		case values[i] != value:
			return 0, 1
		default:
			n++
		}
	}
	all, same := 0, 0
	for _, v := range values {
		if !math.IsNaN(v) {
			all++
		}
		if v == value {
			same++
		}
	}
	if all == n {
		return n, 1
	}
	return n, float64(same-n) / float64(all-n)
}

// byTask groups the rows, in order of appearance.
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

// extremes returns the smallest and the largest measured value; NaN where there is none.
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
