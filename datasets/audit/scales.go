package audit

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets"
)

// MixedScales describes, one clause each, signs that the qualities of a table are not on
// one scale: a model or a task with qualities from 0 to 1 beside another whose qualities
// are mostly above 1; two models or tasks of which one has a range more than ten times as wide,
// and mostly larger qualities than any of the other's; or a model with qualities from 0 to 1 and
// others of 10 or more, but none between. A mean over two scales is decided by the larger one.
// models are the models to look at; none stands for all.
func MixedScales(t *datasets.Table, models ...string) []string {
	columns := columnsOf(t, models)
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
type scale struct{ lo, median, hi, size float64 } // size is the median without signs

// scaleOf returns the scale of the measured values, and false if there are too few.
func scaleOf(values []float64) (scale, bool) {
	values = slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	if len(values) < minTask {
		return scale{}, false
	}
	slices.Sort(values)
	s := scale{lo: values[0], median: values[len(values)/2], hi: values[len(values)-1]}
	for i, v := range values {
		values[i] = math.Abs(v)
	}
	slices.Sort(values)
	s.size = values[len(values)/2]
	return s, true
}

// unit reports whether the values are from 0 to 1. Values that are all 1 may be the lowest
// grades of another scale.
func (s scale) unit() bool { return s.lo >= 0 && s.lo < 1 && s.hi <= 1 }

// much is the smallest ratio of the ranges of two scales that are told apart.
const much = 10

// above reports whether the qualities seem to be on a larger scale than the others. Two models
// with qualities from 0 to 1 have one scale, even if one of them is hardly ever right.
func (s scale) above(other scale) bool {
	width, one := other.hi-other.lo, s.lo >= 0 && s.hi <= 1 && other.lo >= 0
	return width > 0 && !one && s.hi-s.lo > much*width && s.size > max(math.Abs(other.lo), math.Abs(other.hi))
}

// wide reports whether most of the values are above 1.
func (s scale) wide() bool { return s.median > 1 }

// twoScales compares named groups of qualities and describes the first two of different
// scales. what names a group in the message.
func twoScales(names []string, values [][]float64, what string) []string {
	unit, wide := -1, -1
	scales, known := make([]scale, len(values)), make([]bool, len(values))
	for k, v := range values {
		s, ok := scaleOf(v)
		scales[k], known[k] = s, ok
		switch {
		case ok && unit < 0 && s.unit():
			unit = k
		case ok && wide < 0 && s.wide():
			wide = k
		}
	}
	if unit < 0 || wide < 0 {
		if unit, wide = narrowest(scales, known); unit < 0 || wide < 0 || !scales[wide].above(scales[unit]) {
			return nil
		}
	}
	return []string{fmt.Sprintf("the qualities of the %s %q are from %.4g to %.4g, those of %q from %.4g to %.4g: they seem to be on different scales",
		what, names[unit], scales[unit].lo, scales[unit].hi, names[wide], scales[wide].lo, scales[wide].hi)}
}

// narrowest returns the group with the smallest range above 0 and the one with the largest
// qualities, or -1.
func narrowest(scales []scale, known []bool) (narrow, large int) {
	narrow, large = -1, -1
	for k, s := range scales {
		if !known[k] {
			continue
		}
		if width := s.hi - s.lo; width > 0 && (narrow < 0 || width < scales[narrow].hi-scales[narrow].lo) {
			narrow = k
		}
		if large < 0 || s.size > scales[large].size {
			large = k
		}
	}
	return narrow, large
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
