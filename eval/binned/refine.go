package binned

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/hint"
)

// Refine returns a summary in which the bins of refined replace those that they lie in. The replaced
// bins must have the same sums as what replaces them. It returns an error if they differ or if a
// refined bin lies in none: the table has changed between the two queries, or it is another one.
// Cells of refined replace those of the bins; without buckets and tasks in either, there are none.
func (s *Summary) Refine(refined *Summary) (*Summary, error) {
	if s.Bucketed != refined.Bucketed || !slices.Equal(s.Tasks, refined.Tasks) {
		return nil, hint.With(fmt.Errorf("the refined rows have other columns of buckets and tasks than the summary: want the same"),
			"make both with the same flags")
	}
	out := Summary{Tasks: s.Tasks, Bucketed: s.Bucketed, Unused: s.Unused}
	place := make([]int32, len(s.Bins)) // of the bins that stay
	next := 0
	for i, b := range s.Bins {
		from := next
		sum := Bin{}
		for ; next < len(refined.Bins) && refined.Bins[next].Min >= b.Min; next++ {
			r := refined.Bins[next]
			if r.Max > b.Max {
				return nil, changed("the refined rows have scores from %v to %v, which are in no bin", r.Min, r.Max)
			}
			sum.add(Cell{Rows: r.Rows, N: r.N, Strong: r.Strong, Weak: r.Weak, Gain2: r.Gain2})
		}
		if place[i] = int32(len(out.Bins)); from == next {
			out.Bins = append(out.Bins, b)
			continue
		}
		if !b.agrees(sum) {
			return nil, changed("the bin of scores %v to %v has %v rows, qualities %v and %v, and its refined rows have %v, %v and %v",
				b.Min, b.Max, b.N, b.Strong, b.Weak, sum.N, sum.Strong, sum.Weak)
		}
		place[i] = -1
		out.Bins = append(out.Bins, refined.Bins[from:next]...)
	}
	if next < len(refined.Bins) {
		r := refined.Bins[next]
		return nil, changed("the refined rows have scores from %v to %v, which are in no bin", r.Min, r.Max)
	}
	out.Cells = s.refinedCells(refined, place, out.Bins)
	return New(out)
}

// changed returns the error about refined rows that do not fit.
func changed(format string, args ...any) error {
	return hint.With(fmt.Errorf("the table changed between the two queries: "+format, args...),
		"make both from the same snapshot of the table, with the same conditions")
}

// agrees reports whether the sums of two bins are equal but for rounding.
func (b Bin) agrees(o Bin) bool {
	scale := math.Sqrt(b.N*b.Gain2) + math.Abs(b.Strong) + math.Abs(b.Weak)
	return b.Rows == o.Rows && near(b.N, o.N, b.N) && near(b.Strong, o.Strong, scale) && near(b.Weak, o.Weak, scale)
}

// near reports whether two sums are equal but for rounding.
func near(a, b, scale float64) bool {
	const rounding = 1e-9
	return math.Abs(a-b) <= rounding*scale
}

// refinedCells returns the cells of the bins that stay, at their new places, and those of refined.
func (s *Summary) refinedCells(refined *Summary, place []int32, bins []Bin) []Cell {
	if s.Cells == nil {
		return nil
	}
	var cells []Cell
	for _, c := range s.Cells {
		if to := place[c.Bin]; to >= 0 {
			c.Bin = to
			cells = append(cells, c)
		}
	}
	for _, c := range refined.Cells {
		min := refined.Bins[c.Bin].Min
		to, _ := slices.BinarySearchFunc(bins, min, func(b Bin, at float64) int {
			switch {
			case b.Min > at:
				return -1
			case b.Min < at:
				return 1
			}
			return 0
		})
		c.Bin = int32(to)
		cells = append(cells, c)
	}
	return cells
}
