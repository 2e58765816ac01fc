package cluster

import (
	"math"

	"github.com/routellm/routellm/eval/pool"
)

// tally holds the sums of known values by cluster and model.
type tally struct {
	sum, count pool.Matrix // one row per cluster
}

func newTally(clusters, models int) tally {
	return tally{pool.NewMatrix(clusters, models), pool.NewMatrix(clusters, models)}
}

// add adds a row of values, in which NaN is not known.
func (t tally) add(cluster int, values []float64) {
	for m, v := range values {
		if !math.IsNaN(v) {
			t.sum.Row(cluster)[m] += v
			t.count.Row(cluster)[m]++
		}
	}
}

// means returns the mean of each cluster and model. Each mean counts one more value, the model's
// mean over all clusters, so that a cluster with few rows or none stays near it. A model without
// rows has the mean 0.
func (t tally) means() pool.Matrix {
	out := pool.NewMatrix(t.sum.Rows(), t.sum.Columns)
	for m := range out.Columns {
		sum, n := 0.0, 0.0
		for c := range out.Rows() {
			sum, n = sum+t.sum.At(c, m), n+t.count.At(c, m)
		}
		if n == 0 {
			continue
		}
		for c := range out.Rows() {
			out.Row(c)[m] = (t.sum.At(c, m) + sum/n) / (t.count.At(c, m) + 1)
		}
	}
	return out
}

// join returns the columns of two tallies of the same clusters.
func (t tally) join(more tally) tally {
	return tally{joined(t.sum, more.sum), joined(t.count, more.count)}
}

func joined(a, b pool.Matrix) pool.Matrix {
	out := pool.Matrix{Columns: a.Columns + b.Columns}
	for i := range a.Rows() {
		out.Values = append(append(out.Values, a.Row(i)...), b.Row(i)...)
	}
	return out
}
