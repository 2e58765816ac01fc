package moved

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
)

// Start sums up the prompts of one bucket where the path begins. With weights, all sums but Rows are
// weighted.
type Start struct {
	Bucket        int32
	Rows          int64   // number of prompts
	N             float64 // sum of the weights; the number of prompts without weights
	Quality, Cost float64 // sums over the models that the prompts start with
	// Chosen holds the number of prompts that start with each model. ModelQuality and ModelCost hold
	// the sums of each model's qualities and costs over all prompts.
	Chosen, ModelQuality, ModelCost []float64
}

// Cell sums up the moves of one bucket in one bin of lambda. With weights, all sums are weighted.
type Cell struct {
	Bin, Bucket   int32
	Min, Max      float64 // smallest and largest lambda of the moves
	N             float64 // number of moves
	Quality, Cost float64 // sums of the changes
	// QualityLoss and CostLoss are the sums of the changes below 0.
	QualityLoss, CostLoss float64
	Chosen                []float64 // changes of the number of prompts that each model answers
}

// Summary sums up the path of one router among several models. Get one from [New].
type Summary struct {
	// Starts holds the starts in ascending order of the buckets; one without buckets.
	Starts []Start
	// Cells holds the moves by falling lambda, then by bucket. The bins are numbered in this order.
	Cells []Cell
	// Bucketed reports whether starts and cells are in buckets: each holds whole clusters.
	Bucketed bool
	// Unused is the number of rows of the table that cannot be used. They are in no other number.
	Unused int64

	bins   int
	whole  Start // sum of the starts
	blocks []block
}

// New returns the summary of starts and cells in any order, which it keeps, adds up and sorts. The
// numbers of the bins only say which cells belong together. New returns an error without a start, for
// numbers that no prompts have, and for bins that overlap.
func New(s Summary) (*Summary, error) {
	if len(s.Starts) == 0 {
		return nil, errors.New("no start of a path: want the row of lambda = infinity")
	}
	s.Starts = addStarts(s.Starts)
	for _, x := range s.Starts {
		if err := x.check(len(s.Starts[0].Chosen)); err != nil {
			return nil, fmt.Errorf("start, bucket %d: %w", x.Bucket, err)
		}
	}
	s.whole = addStarts(inOneBucket(s.Starts))[0]
	for _, c := range s.Cells {
		if err := s.check(c); err != nil {
			return nil, fmt.Errorf("bin of lambda %v to %v, bucket %d: %w", c.Min, c.Max, c.Bucket, err)
		}
	}
	if err := s.sort(); err != nil {
		return nil, err
	}
	s.join()
	return &s, nil
}

// Models returns the number of models.
func (s *Summary) Models() int { return len(s.whole.Chosen) }

// Bins returns the number of bins of lambda.
func (s *Summary) Bins() int { return s.bins }

// Rows returns the number of prompts.
func (s *Summary) Rows() int64 { return s.whole.Rows }

// Weighted reports whether the prompts have weights.
func (s *Summary) Weighted() bool { return s.whole.N != float64(s.whole.Rows) }

// Exact reports whether all metrics are exact, because every bin holds one lambda.
func (s *Summary) Exact() bool {
	return !slices.ContainsFunc(s.blocks, func(b block) bool { return !b.single })
}

// group returns the index of a bucket's start; -1 without one.
func (s *Summary) group(bucket int32) int {
	i, found := slices.BinarySearchFunc(s.Starts, bucket, func(x Start, b int32) int { return cmp.Compare(x.Bucket, b) })
	if !found {
		return -1
	}
	return i
}

// rounding is the relative error of sums that were rounded in another order.
const rounding = 1e-9

// check returns an error for numbers that no prompts have.
func (x Start) check(models int) error {
	if models == 0 || len(x.Chosen) != models || len(x.ModelQuality) != models || len(x.ModelCost) != models {
		return errors.New("want sums of each model")
	}
	if !num.Finite(x.N) || x.N <= 0 || x.Rows <= 0 {
		return fmt.Errorf("%s of size %v: want at least one, and a finite size above 0", text.Plural(int(x.Rows), "row"), x.N)
	}
	if err := finite(slices.Concat([]float64{x.Quality, x.Cost}, x.ModelQuality, x.ModelCost)); err != nil {
		return err
	}
	if x.Cost < 0 || slices.Min(x.ModelCost) < 0 {
		return errors.New("a sum of costs is below 0: want 0 or more")
	}
	return balanced(x.Chosen, x.N, x.N)
}

// check returns an error for a cell without a start and for numbers that no moves have.
func (s *Summary) check(c Cell) error {
	slack := func(x float64) float64 { return rounding * max(math.Abs(x), c.N) }
	switch {
	case s.group(c.Bucket) < 0:
		return errors.New("the bucket has moves and no start: want both from one query")
	case len(c.Chosen) != s.Models():
		return errors.New("want the changes of each model")
	case !num.Finite(c.Min) || !num.Finite(c.Max) || c.Min > c.Max || c.Min <= 0:
		return errors.New("want two finite lambdas above 0 in ascending order")
	case !num.Finite(c.N) || c.N <= 0:
		return fmt.Errorf("%v moves: want a finite number above 0", c.N)
	}
	if err := finite([]float64{c.Quality, c.Cost, c.QualityLoss, c.CostLoss}); err != nil {
		return err
	}
	if c.QualityLoss > slack(c.Quality) || c.QualityLoss > c.Quality+slack(c.Quality) {
		return fmt.Errorf("the changes of quality below 0 sum up to %v, and all to %v: want at most 0 and at most the sum of all", c.QualityLoss, c.Quality)
	}
	if c.CostLoss > slack(c.Cost) || c.CostLoss > c.Cost+slack(c.Cost) {
		return fmt.Errorf("the changes of cost below 0 sum up to %v, and all to %v: want at most 0 and at most the sum of all", c.CostLoss, c.Cost)
	}
	return balanced(c.Chosen, 0, c.N)
}

// finite returns an error unless all sums are finite.
func finite(sums []float64) error {
	for _, x := range sums {
		if !num.Finite(x) {
			return fmt.Errorf("a sum is %v: want a finite number", x)
		}
	}
	return nil
}

// balanced returns an error unless the models' numbers of prompts sum up to want, within the rounding
// of so many prompts.
func balanced(chosen []float64, want, size float64) error {
	sum := 0.0
	for _, x := range chosen {
		sum += x
	}
	if !(math.Abs(sum-want) <= rounding*size) {
		return fmt.Errorf("the numbers of prompts by model sum up to %v: want %v", sum, want)
	}
	return nil
}

// inOneBucket returns the starts in bucket 0.
func inOneBucket(starts []Start) []Start {
	out := slices.Clone(starts)
	for i := range out {
		out[i].Bucket = 0
	}
	return out
}

// addStarts adds up the starts of each bucket, in an order that does not depend on that of the rows.
func addStarts(all []Start) []Start {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Start) int {
		return cmp.Or(cmp.Compare(a.Bucket, b.Bucket), cmp.Compare(a.N, b.N), cmp.Compare(a.Quality, b.Quality), cmp.Compare(a.Cost, b.Cost))
	})
	var out []Start
	for _, x := range all {
		if n := len(out); n == 0 || out[n-1].Bucket != x.Bucket {
			x.Chosen, x.ModelQuality, x.ModelCost = slices.Clone(x.Chosen), slices.Clone(x.ModelQuality), slices.Clone(x.ModelCost)
			out = append(out, x)
			continue
		}
		to := &out[len(out)-1]
		to.Rows, to.N, to.Quality, to.Cost = to.Rows+x.Rows, to.N+x.N, to.Quality+x.Quality, to.Cost+x.Cost
		addTo(to.Chosen, x.Chosen)
		addTo(to.ModelQuality, x.ModelQuality)
		addTo(to.ModelCost, x.ModelCost)
	}
	return out
}

// addTo adds numbers to others.
func addTo(to, x []float64) {
	for i := range min(len(to), len(x)) {
		to[i] += x[i]
	}
}
