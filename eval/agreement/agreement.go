// Package agreement measures how well two labels of the same items agree, and what else a label
// depends on. [Kappa] compares categories, [Quadratic] and [Correlation] compare numbers, and
// [Partial] finds how a label moves with another number while further ones are held fixed.
//
// Every estimate has a percentile interval from a cluster bootstrap: whole clusters of items are
// drawn, so that repeats of a prompt count as what they are. The package does no input or output,
// and gives the same floats on every run and any number of cores.
package agreement

import (
	"math"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/num"
)

// Estimate is a number with its interval. Value is NaN if the number does not exist; the ends are
// NaN if the interval does not.
type Estimate struct {
	Value float64
	eval.Interval
}

// none is an estimate that does not exist.
func none() Estimate { return Estimate{math.NaN(), eval.Interval{Lo: math.NaN(), Hi: math.NaN()}} }

// sums holds one row of sums per cluster, from which a statistic is computed.
type sums struct {
	width int
	rows  []float64
}

// newSums returns rows of zeros for clusters that are numbered from 0, as [eval.ClusterIDs] numbers
// them.
func newSums(cluster []int, width int) sums {
	most := -1
	for _, c := range cluster {
		most = max(most, c)
	}
	return sums{width, make([]float64, (most+1)*width)}
}

func (s sums) clusters() int { return len(s.rows) / s.width }

// row returns the sums of a cluster.
func (s sums) row(c int) []float64 { return s.rows[c*s.width : (c+1)*s.width] }

// total adds up all rows.
func (s sums) total() []float64 {
	out := make([]float64, s.width)
	for c := range s.clusters() {
		for k, v := range s.row(c) {
			out[k] += v
		}
	}
	return out
}

// estimates returns statistics of the sums with their intervals. f writes the statistics of a total
// into out; NaN is a statistic that does not exist. There are no intervals with fewer clusters than
// [eval.MinClusters].
func (s sums) estimates(n int, f func(total, out []float64), b eval.Bootstrap) ([]Estimate, error) {
	value := make([]float64, n)
	f(s.total(), value)
	drawn := make([][]float64, n)
	for k := range drawn {
		drawn[k] = make([]float64, b.Resamples)
	}
	if s.clusters() >= eval.MinClusters(b.Confidence) {
		if err := s.resample(f, drawn, b); err != nil {
			return nil, err
		}
	}
	out := make([]Estimate, n)
	for k := range out {
		out[k] = none()
		out[k].Value = value[k]
		if s.clusters() >= eval.MinClusters(b.Confidence) && num.Finite(value[k]) {
			out[k].Interval = eval.Percentile(drawn[k], b.Confidence)
		}
	}
	return out, nil
}

// resample writes the statistics of every resample.
func (s sums) resample(f func(total, out []float64), drawn [][]float64, b eval.Bootstrap) error {
	return b.Each(s.clusters(), func() func(int, []int32) {
		total, out := make([]float64, s.width), make([]float64, len(drawn))
		return func(i int, weight []int32) {
			s.weigh(total, weight)
			f(total, out)
			for k, v := range out {
				drawn[k][i] = v
			}
		}
	})
}

// weigh writes the sum of the rows, each as often as a resample holds its cluster.
func (s sums) weigh(total []float64, weight []int32) {
	clear(total)
	for c, w := range weight {
		if w == 0 {
			continue
		}
		for k, v := range s.row(c) {
			total[k] += float64(float64(w) * v)
		}
	}
}
