// Package agreement measures how well two labels of the same items agree, and what else a label
// depends on. [Kappa] compares categories, [Quadratic] and [Correlation] compare numbers, and
// [Partial] finds how a label moves with another number while further ones are held fixed.
//
// Every interval treats whole clusters of items as independent, so that repeats of a prompt count as
// what they are. They come from a cluster jackknife, for kappas and correlations on the scale of
// Fisher's z. With 50 to 100 clusters it holds the true value in 93 to 96 % of simulated runs, where
// a percentile bootstrap comes down to 90 %. The package does no input or output, and gives the same
// floats on every run and any number of cores.
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

// none returns an estimate that does not exist.
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

// kappa returns a statistic in (-1,1] of the sums with its interval. Where a single cluster keeps it
// from being 1, no jackknife exists, and the interval is the percentile of a cluster bootstrap.
func (s sums) kappa(f func(total []float64) float64, b eval.Bootstrap) (Estimate, error) {
	out := s.jackknife(1, func(total, out []float64) { out[0] = math.Atanh(f(total)) }, b.Confidence)[0].tanh()
	if num.Finite(out.Lo) || !num.Finite(out.Value) || s.clusters() < eval.MinClusters(b.Confidence) {
		return out, nil
	}
	drawn := make([]float64, b.Resamples)
	err := b.Each(s.clusters(), func() func(int, []int32) {
		total := make([]float64, s.width)
		return func(i int, weight []int32) {
			s.weigh(total, weight)
			drawn[i] = f(total)
		}
	})
	out.Interval = eval.Percentile(drawn, b.Confidence)
	return out, err
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
