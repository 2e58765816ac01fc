package binned

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Samples returns the summary's cells, or its bins without cells, as samples with weights: the mean
// qualities of each, its size as the weight, the smallest score of its bin as the score, and its
// bucket as the cluster. cluster is nil without buckets. Sums over them are those over the samples
// that were summed up, and so are sums over clusters; the samples inside a bin count as tied.
func (s *Summary) Samples() (o eval.Outcomes, cluster []int, scores []float64) {
	o.Summed = true
	add := func(bin int32, n, strong, weak float64) {
		o.Strong, o.Weak, o.Weight = append(o.Strong, strong/n), append(o.Weak, weak/n), append(o.Weight, n)
		scores = append(scores, s.Bins[bin].Min)
	}
	if s.Cells == nil {
		for i, b := range s.Bins {
			add(int32(i), b.N, b.Strong, b.Weak)
		}
		return o, nil, scores
	}
	var buckets []int32
	for _, c := range s.Cells {
		add(c.Bin, c.N, c.Strong, c.Weak)
		buckets = append(buckets, c.Bucket)
	}
	if s.Bucketed {
		cluster = numbered(buckets)
	}
	return o, cluster, scores
}

// numbered numbers the distinct buckets in ascending order: 0, 1, ... The same buckets have the same
// numbers in every summary.
func numbered(buckets []int32) []int {
	distinct := slices.Clone(buckets)
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	out := make([]int, len(buckets))
	for i, b := range buckets {
		out[i], _ = slices.BinarySearch(distinct, b)
	}
	return out
}

// SampleTasks returns the task of each of [Summary.Samples]; nil without tasks.
func (s *Summary) SampleTasks() []string {
	if s.Tasks == nil {
		return nil
	}
	out := make([]string, len(s.Cells))
	for i, c := range s.Cells {
		out[i] = s.Tasks[c.Task]
	}
	return out
}

// Random returns the random router, as [eval.NewRandom] does. With weights, whose squares no bin has,
// APGRSD is NaN, and the bands are those of as many samples without.
func (s *Summary) Random() eval.Random {
	rows, c := float64(s.Rows()), s.curve
	r := eval.RandomOf(rows, c.Strong*rows, c.Weak*rows, s.squares()*rows/c.Size())
	if s.Weighted() {
		r.APGRSD = nan
	}
	return r
}

// squares returns the sum of the squared deviations of the gains from their mean.
func (s *Summary) squares() float64 {
	n, gain := s.total()
	gain2 := 0.0
	for _, b := range s.Bins {
		gain2 += b.Gain2
	}
	return max(0, gain2-float64(gain*gain)/n)
}

// Gap returns the mean gain. Its standard error is that of the buckets, see [eval.NewGap]. Without
// buckets it takes the samples to be independent; with weights and no buckets it is not known, and NaN.
func (s *Summary) Gap() eval.Gap {
	if s.Bucketed {
		o, cluster := eval.Outcomes{Summed: true}, []int(nil)
		for _, b := range s.buckets() {
			o.Strong, o.Weak, o.Weight = append(o.Strong, b.Strong/b.N), append(o.Weak, b.Weak/b.N), append(o.Weight, b.N)
			cluster = append(cluster, len(cluster))
		}
		if g, err := eval.NewGap(o, cluster); err == nil {
			return g
		}
	}
	n, gain := s.total()
	if s.Weighted() {
		return eval.GapOf(gain/n, math.NaN())
	}
	rows := float64(s.Rows())
	return eval.GapOf(gain/n, math.Sqrt(s.squares()/n/(rows-1)))
}

// CheckSame returns an error unless two summaries may sum up the same samples: their totals must agree
// and, where both have buckets, those of every bucket.
func CheckSame(a, b *Summary) error {
	if a.Bucketed && b.Bucketed {
		return CheckPaired(a, b)
	}
	whole := func(s *Summary) (sum Bin) {
		for _, x := range s.Bins {
			sum.add(Cell{Rows: x.Rows, N: x.N, Strong: x.Strong, Weak: x.Weak, Gain2: x.Gain2})
		}
		return sum
	}
	if x, y := whole(a), whole(b); !x.agrees(y) {
		return unpaired("one has %v rows, qualities %v and %v, and the other %v, %v and %v", x.N, x.Strong, x.Weak, y.N, y.Strong, y.Weak)
	}
	return nil
}

// CheckPaired returns an error unless two summaries sum up the same samples in the same buckets, so
// that differences between their routers can be paired by bucket.
func CheckPaired(a, b *Summary) error {
	if !a.Bucketed || !b.Bucketed {
		return hint.With(fmt.Errorf("no buckets: expected them in both summaries"), "routellm sql summary --buckets 200 adds them")
	}
	x, y := a.buckets(), b.buckets()
	if len(x) != len(y) {
		return unpaired("one has %s and the other %d", text.Plural(len(x), "bucket"), len(y))
	}
	for k := range x {
		if x, y := x[k], y[k]; x.bucket != y.bucket || !x.agrees(y.Bin) {
			return unpaired("in bucket %d, one has %v rows, qualities %v and %v, and in bucket %d the other has %v, %v and %v",
				x.bucket, x.N, x.Strong, x.Weak, y.bucket, y.N, y.Strong, y.Weak)
		}
	}
	return nil
}

// bucketSum sums up the samples of a bucket. It has no scores.
type bucketSum struct {
	bucket int32
	Bin
}

// buckets returns the sums of the buckets that hold samples, in ascending order of their numbers.
func (s *Summary) buckets() []bucketSum {
	sums := map[int32]Bin{}
	for _, c := range s.Cells {
		sum := sums[c.Bucket]
		sum.add(c)
		sums[c.Bucket] = sum
	}
	var out []bucketSum
	for _, k := range slices.Sorted(maps.Keys(sums)) {
		out = append(out, bucketSum{k, sums[k]})
	}
	return out
}

// unpaired returns the error about summaries of other samples.
func unpaired(format string, args ...any) error {
	return hint.With(fmt.Errorf("the summaries are of other samples: "+format, args...),
		"make both from the same rows of one table, with the same --cluster and --buckets: rows that cannot be used for one router must be left out for both")
}
