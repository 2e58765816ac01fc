package binned

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// Cell sums up the samples of a bin that are in one bucket and one task.
type Cell struct {
	Bin    int32 // index of the bin
	Bucket int32 // number of the bucket, from 0
	Task   int32 // index of the task
	Rows   int64 // number of samples
	// N, Strong, Weak and Gain2 are as in [Bin].
	N, Strong, Weak, Gain2 float64
}

// Summary sums up the scored samples of one router. Get one from [New].
type Summary struct {
	// Bins holds the bins in descending order of their scores.
	Bins []Bin
	// Cells holds the parts of the bins, in the order of the bins, then of the tasks, then of the
	// buckets. It is nil without buckets and tasks.
	Cells []Cell
	// Tasks names the tasks; nil without tasks.
	Tasks []string
	// Bucketed reports whether the cells are in buckets: each holds whole clusters.
	Bucketed bool
	// Unused is the number of rows of the table that cannot be used: without a finite score, both
	// qualities or a weight above 0. They are in no other number.
	Unused int64

	curve *eval.Curve
}

// New returns the summary of bins and cells in any order, which it keeps and sorts. With cells, the
// bins need no sums but Area: those of the cells count. New returns an error without bins, for numbers
// that no samples have, and for bins that overlap.
func New(s Summary) (*Summary, error) {
	if len(s.Bins) == 0 {
		return nil, errors.New("no bins: want at least one")
	}
	if len(s.Cells) == 0 {
		s.Cells = nil
	}
	s.sort()
	s.sumCells()
	for _, b := range s.Bins {
		if err := b.check(); err != nil {
			return nil, fmt.Errorf("the bin of scores %v to %v: %w", b.Min, b.Max, err)
		}
	}
	for i := 1; i < len(s.Bins); i++ {
		if above, b := s.Bins[i-1], s.Bins[i]; !(b.Max < above.Min) {
			return nil, &OverlapError{Lower: b, Upper: above}
		}
	}
	if err := s.trace(); err != nil {
		return nil, err
	}
	return &s, nil
}

// trace makes the curve.
func (s *Summary) trace() (err error) {
	blocks, rows := make([]eval.Block, len(s.Bins)), int64(0)
	for i, b := range s.Bins {
		blocks[i], rows = eval.Block{Threshold: b.Min, Size: b.N, Strong: b.Strong, Weak: b.Weak}, rows+b.Rows
	}
	if s.curve, err = eval.NewBlockCurve(blocks, int(rows)); err == nil {
		s.curve.LargestTie = s.largestTie()
	}
	return err
}

// OverlapError is the error about two bins whose scores overlap: the bin is no monotone function of
// the score.
type OverlapError struct{ Lower, Upper Bin }

// Error names both bins by their scores.
func (e *OverlapError) Error() string {
	return fmt.Sprintf("the bins with scores %v to %v and %v to %v overlap: want bins that divide the scores",
		e.Lower.Min, e.Lower.Max, e.Upper.Min, e.Upper.Max)
}

// check returns an error for numbers that no samples have.
func (b Bin) check() error {
	const slack = 1e-9 // of sums that were rounded in another order
	g := b.gain()
	switch {
	case !num.Finite(b.Min) || !num.Finite(b.Max) || b.Min > b.Max:
		return fmt.Errorf("scores from %v to %v: want two finite numbers in ascending order", b.Min, b.Max)
	case !num.Finite(b.N) || b.N <= 0 || b.Rows <= 0:
		return fmt.Errorf("%s of size %v: want at least one, and a finite size above 0", text.Plural(int(b.Rows), "row"), b.N)
	case !num.Finite(b.Strong) || !num.Finite(b.Weak) || !num.Finite(b.Gain2):
		return fmt.Errorf("sums of qualities %v and %v, of squared gains %v: want finite numbers", b.Strong, b.Weak, b.Gain2)
	case float64(g*g) > b.N*b.Gain2*(1+slack)+slack*slack*b.N*b.N:
		return fmt.Errorf("the summed gain %v of %v is larger than the sum %v of the squared gains allows", g, b.N, b.Gain2)
	case math.Abs(b.Area-b.chordArea()) > b.areaBound()*(1+slack)+slack*b.N*math.Sqrt(b.N*b.Gain2):
		return fmt.Errorf("the area %v is not within %v of %v, as that of every order of the samples is: the ranks are not those inside the bin", b.Area, b.areaBound(), b.chordArea())
	}
	return nil
}

// sort puts the bins into descending order of their scores, and the cells into the order of the bins.
func (s *Summary) sort() {
	order := make([]int32, len(s.Bins))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(s.Bins[b].Max, s.Bins[a].Max) })
	bins, place := make([]Bin, len(order)), make([]int32, len(order))
	for to, from := range order {
		bins[to], place[from] = s.Bins[from], int32(to)
	}
	s.Bins = bins
	for i := range s.Cells {
		s.Cells[i].Bin = place[s.Cells[i].Bin]
	}
	before := len(s.Cells)
	if s.Cells = mergeCells(s.Cells); len(s.Cells) < before { // of several tables, whose areas do not add up
		for i := range s.Bins {
			s.Bins[i].Area = nan
		}
	}
}

// sumCells sets the sums of the bins to those of their cells, which do not depend on the order of rows.
func (s *Summary) sumCells() {
	if s.Cells == nil {
		return
	}
	for i, b := range s.Bins {
		s.Bins[i] = Bin{Min: b.Min, Max: b.Max, Area: b.Area}
	}
	for _, c := range s.Cells {
		s.Bins[c.Bin].add(c)
	}
}

// mergeCells sorts cells by bin, task and bucket, and adds up equal ones, in place.
func mergeCells(cells []Cell) []Cell {
	slices.SortFunc(cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Bin, b.Bin), cmp.Compare(a.Task, b.Task), cmp.Compare(a.Bucket, b.Bucket))
	})
	out := cells[:0]
	for _, c := range cells {
		k := len(out) - 1
		if k < 0 || out[k].Bin != c.Bin || out[k].Task != c.Task || out[k].Bucket != c.Bucket {
			out = append(out, c)
			continue
		}
		x := &out[k]
		x.Rows, x.N, x.Strong, x.Weak, x.Gain2 = x.Rows+c.Rows, x.N+c.N, x.Strong+c.Strong, x.Weak+c.Weak, x.Gain2+c.Gain2
	}
	return out
}

// Rows returns the number of samples.
func (s *Summary) Rows() int64 { return int64(s.curve.N) }

// Weighted reports whether the samples have weights other than 1.
func (s *Summary) Weighted() bool {
	return slices.ContainsFunc(s.Bins, func(b Bin) bool { return b.N != float64(b.Rows) })
}

// Single reports whether every bin holds one score, so that all values are exact.
func (s *Summary) Single() bool {
	return !slices.ContainsFunc(s.Bins, func(b Bin) bool { return !b.single() })
}

// Buckets returns the number of buckets that hold samples; 0 without buckets.
func (s *Summary) Buckets() int {
	if !s.Bucketed {
		return 0
	}
	return len(s.buckets())
}

// Of returns the summary of the samples of some tasks, given by their indices in Tasks. Its bins have
// the scores of the whole bins, and no areas.
func (s *Summary) Of(tasks []int) (*Summary, error) {
	out := Summary{Bucketed: s.Bucketed}
	for _, c := range s.Cells {
		if !slices.Contains(tasks, int(c.Task)) {
			continue
		}
		if k := len(out.Bins) - 1; k < 0 || s.Bins[c.Bin].Max != out.Bins[k].Max {
			whole := s.Bins[c.Bin]
			out.Bins = append(out.Bins, Bin{Min: whole.Min, Max: whole.Max, Area: nan})
		}
		out.Bins[len(out.Bins)-1].add(c)
		c.Bin, c.Task = int32(len(out.Bins)-1), 0
		out.Cells = append(out.Cells, c)
	}
	if !out.Bucketed {
		out.Cells = nil
	}
	return New(out)
}

// add adds a cell's sums to a bin.
func (b *Bin) add(c Cell) {
	b.Rows += c.Rows
	b.N += c.N
	b.Strong += c.Strong
	b.Weak += c.Weak
	b.Gain2 += c.Gain2
}

// largestTie returns the share of the samples in the largest bin that holds one score.
func (s *Summary) largestTie() float64 {
	tie, total := 0.0, 0.0
	for _, b := range s.Bins {
		total += b.N
		if b.single() {
			tie = max(tie, b.N)
		}
	}
	return tie / total
}
