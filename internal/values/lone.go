package values

import (
	"fmt"
	"math"
	"slices"
)

// Lone finds values of one model that stand outside the scale of all its others, as the -1 of a
// judge that failed stands outside grades from 3 to 10. Its means are the extremes: Add takes the
// values one by one and keeps the two smallest and the two largest distinct ones.
//
// The smallest value counts as lone if it is a usual code for a failure (-1, -9, -99, -999,
// and so on) and no other value is below 0, or the largest one if it is 99, 999 and so on, and as far
// above the others as these are spread. Any whole number counts that is three times as far outside
// of a usual scale (0 to 1, 1 to 5, 0 to 5) as this is wide, while all others are on it
// and differ. It must be less than half of at least five values. It must be at most one in twenty
// if it is no usual code, or is -1 and the others are at most 3: then it may be honest, as in -1, 0
// and 1 for a lost, a tied and a won game.
//
// Honest grades from 1 to 10, shares, and rewards without bounds are not found, however rare a
// value is; see TestLoneFalseAlarms. A lone 0 below grades from 1 is not found: it may be honest.
type Lone struct {
	n         int
	low, high edge
}

// edge holds the two outermost distinct values on one side.
type edge struct {
	outer, inner float64
	distinct     int // number of distinct values so far, at most 2 of which are kept
	count        int // how often outer occurred
	rows         []int
}

// add takes a value. out reports whether a is further out than b.
func (e *edge) add(v float64, row int, out func(a, b float64) bool) {
	switch {
	case e.distinct == 0 || out(v, e.outer):
		e.outer, e.inner, e.count, e.rows = v, e.outer, 0, e.rows[:0]
		e.distinct++
	case v == e.outer:
	case e.distinct == 1 || out(v, e.inner):
		e.inner = v
		e.distinct++
		return
	default:
		return
	}
	if e.count++; len(e.rows) < Listed {
		e.rows = append(e.rows, row)
	}
}

// Add takes a value; NaN is none. row is a number by which [LoneValue] names it again.
func (l *Lone) Add(v float64, row int) {
	if math.IsNaN(v) {
		return
	}
	l.n++
	l.low.add(v, row, func(a, b float64) bool { return a < b })
	l.high.add(v, row, func(a, b float64) bool { return a > b })
}

// LoneValue is a value outside the scale of all others of its model.
type LoneValue struct {
	Value  float64
	Count  int     // how often it occurs
	Rows   []int   // the first of its rows, at most [Listed]
	Lo, Hi float64 // range of all other values, without another lone one
}

// String says what was found in one clause.
func (v LoneValue) String() string {
	return fmt.Sprintf("%v, while all others are from %v to %v", v.Value, v.Lo, v.Hi)
}

// Found returns the lone values so far: at most one below the others and one above them.
func (l *Lone) Found() []LoneValue {
	if l.low.distinct < 2 { // all values are equal
		return nil
	}
	low := LoneValue{l.low.outer, l.low.count, l.low.rows, l.low.inner, l.high.inner}
	high := LoneValue{l.high.outer, l.high.count, l.high.rows, l.low.inner, l.high.inner}
	if low.Lo <= high.Hi && l.stands(low) && l.stands(high) {
		return []LoneValue{low, high}
	}
	low.Hi, high.Lo = l.high.outer, l.low.outer
	return slices.DeleteFunc([]LoneValue{low, high}, func(v LoneValue) bool { return !l.stands(v) })
}

// Limits of lone values.
const (
	fewest     = 5    // smallest number of values that make a scale
	mostLone   = 0.5  // a lone value is less than this share of all
	rare       = 0.05 // largest share of a value that could be honest
	smallScale = 3    // largest value of a scale on which -1 could be honest
	farOutside = 3    // how many widths of a scale a value without a usual code must be away from it
)

// codesBelow and codesAbove are the usual codes for values that failed or are missing.
var (
	codesBelow = []float64{-1, -9, -99, -999, -9999, -99999}
	codesAbove = []float64{99, 999, 9999, 99999}
)

// scales are short usual scales of grades. Longer ones look like counts, of which one may be large.
var scales = [][2]float64{{0, 1}, {1, 5}, {0, 5}}

// stands reports whether a value stands outside the scale of the others.
func (l *Lone) stands(v LoneValue) bool {
	share := float64(v.Count) / float64(l.n)
	if l.n < fewest || share >= mostLone || v.Value != math.Trunc(v.Value) || !(v.Lo <= v.Hi) {
		return false
	}
	switch {
	case v.Value < v.Lo && v.Lo >= 0 && slices.Contains(codesBelow, v.Value):
		return v.Hi > smallScale || v.Value != -1 || share <= rare
	case v.Value > v.Hi && slices.Contains(codesAbove, v.Value) && v.Hi > v.Lo && v.Value-v.Hi >= v.Hi-v.Lo:
		return true
	}
	return share <= rare && v.Hi > v.Lo && farFromScale(v)
}

// farFromScale reports whether a value is far outside of the narrowest of the scales that holds all
// others.
func farFromScale(v LoneValue) bool {
	for _, s := range scales {
		if v.Lo >= s[0] && v.Hi <= s[1] {
			away := max(s[0]-v.Value, v.Value-s[1])
			return away >= farOutside*(s[1]-s[0])
		}
	}
	return false
}
