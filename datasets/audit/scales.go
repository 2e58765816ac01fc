package audit

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
)

// MixedScales describes, one clause each, signs that the qualities of a table are not on
// one scale: a model or a task with qualities from 0 to 1 beside another whose qualities
// are mostly above 1, or a model with qualities from 0 to 1 and others of 10 or more, but
// none between. A mean over two scales is decided by the larger one. models are the
// models to look at; none stands for all.
func MixedScales(t *datasets.Table, models ...string) []string {
	var columns []datasets.Column
	for _, c := range t.Quality {
		if len(models) == 0 || slices.Contains(models, c.Name) {
			columns = append(columns, c)
		}
	}
	if out := scalesOfModels(columns); out != nil {
		return out
	}
	if out := scalesOfTasks(columns, t.Task); out != nil {
		return out
	}
	return scalesOfRows(columns)
}

// mixedScales finds what MixedScales describes.
func mixedScales(in Input) []Finding {
	var found []Finding
	for _, message := range MixedScales(in.Table) {
		found = append(found, Finding{Code: "mixed-scales", Severity: Warning, Message: message, Mend: Nothing,
			Rows: rowsWhere(in.Table.Rows(), func(int) bool { return true })})
	}
	return found
}

// scale is the range of some measured qualities.
type scale struct{ lo, median, hi float64 }

// scaleOf returns the scale of the measured values, and false if there are too few.
func scaleOf(values []float64) (scale, bool) {
	values = slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	if len(values) < minTask {
		return scale{}, false
	}
	slices.Sort(values)
	return scale{values[0], values[len(values)/2], values[len(values)-1]}, true
}

// unit reports whether the values are from 0 to 1. Values that are all 1 may be the lowest
// grades of another scale.
func (s scale) unit() bool { return s.lo >= 0 && s.lo < 1 && s.hi <= 1 }

// wide reports whether most of the values are above 1.
func (s scale) wide() bool { return s.median > 1 }

// twoScales compares named groups of qualities and describes the first two of different
// scales. what names a group in the message.
func twoScales(names []string, values [][]float64, what string) []string {
	unit, wide := -1, -1
	scales := make([]scale, len(values))
	for k, v := range values {
		s, ok := scaleOf(v)
		scales[k] = s
		switch {
		case ok && unit < 0 && s.unit():
			unit = k
		case ok && wide < 0 && s.wide():
			wide = k
		}
	}
	if unit < 0 || wide < 0 {
		return nil
	}
	return []string{fmt.Sprintf("the qualities of the %s %q are from %.4g to %.4g, those of %q from %.4g to %.4g: they seem to be on different scales",
		what, names[unit], scales[unit].lo, scales[unit].hi, names[wide], scales[wide].lo, scales[wide].hi)}
}

func scalesOfModels(columns []datasets.Column) []string {
	var names []string
	var values [][]float64
	for _, c := range columns {
		names, values = append(names, c.Name), append(values, c.Values)
	}
	return twoScales(names, values, "model")
}

// scalesOfTasks compares the qualities of all models between tasks.
func scalesOfTasks(columns []datasets.Column, tasks []string) []string {
	names, rows := byTask(tasks)
	values := make([][]float64, len(rows))
	for k, index := range rows {
		for _, c := range columns {
			for _, i := range index {
				values[k] = append(values[k], c.Values[i])
			}
		}
	}
	return twoScales(names, values, "task")
}

// Limits of scalesOfRows.
const (
	minSide = 0.1 // smallest share of the qualities on either scale
	far     = 10  // smallest quality that counts as one of a larger scale
)

// scalesOfRows looks for a model with two separate groups of qualities. Qualities of 0
// belong to any scale.
func scalesOfRows(columns []datasets.Column) []string {
	for _, c := range columns {
		small, between, large, n := 0, 0, 0, 0.0
		for _, v := range c.Values {
			if !math.IsNaN(v) {
				n++
			}
			switch {
			case v > 0 && v <= 1:
				small++
			case v > 1 && v < far:
				between++
			case v >= far:
				large++
			}
		}
		if between == 0 && small+large >= minTask && float64(small) >= minSide*n && float64(large) >= minSide*n {
			return []string{fmt.Sprintf("%.0f %% of the qualities of the model %q are above 0 and at most 1, %.0f %% are %d or more, and none are between: they seem to be on different scales",
				100*float64(small)/n, c.Name, 100*float64(large)/n, far)}
		}
	}
	return nil
}
