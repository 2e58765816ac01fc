package eval

import (
	"fmt"

	"github.com/routellm/routellm/internal/text"
)

// ResampleAlong returns the mean of other outcomes of the same samples, such as costs, along the
// curves of routers, on the same resamples as [Bootstrap.Resample]. at[k][p][i] is the strong
// fraction of router k's point p in resample i; the result has the same shape. Where it is NaN or
// infinite, for a point that is not reached, so is the mean. The errors are those of Resample.
func (b Bootstrap) ResampleAlong(o Outcomes, cluster []int, scores [][]float64, at [][][]float64) ([][][]float64, error) {
	if err := b.check(o, cluster); err != nil {
		return nil, err
	}
	if len(at) != len(scores) {
		return nil, fmt.Errorf("%s for %s: want the points of each router", text.Plural(len(at), "list of points"), text.Plural(len(scores), "router"))
	}
	orders, out := make([]order, len(scores)), make([][][]float64, len(scores))
	for k := range scores {
		var err error
		if orders[k], err = newOrder(o, cluster, scores[k]); err != nil {
			return nil, err
		}
		for range at[k] {
			out[k] = append(out[k], make([]float64, b.Resamples))
		}
	}
	sums := newSums(o, cluster)
	err := b.Each(len(sums.size), func() func(int, []int32) {
		c := &Curve{Vertices: make([]Vertex, o.N()+1), gains: make([]float64, o.N()+1)}
		return func(i int, weight []int32) {
			n, strong, weak := sums.means(weight)
			for k := range orders {
				if len(at[k]) == 0 {
					continue
				}
				orders[k].trace(c, weight, n, strong, weak)
				for p := range at[k] {
					if f := at[k][p][i]; f >= 0 && f <= 1 {
						out[k][p][i] = c.QualityAt(f)
					} else {
						out[k][p][i] = f
					}
				}
			}
		}
	})
	return out, err
}

// ResampleMeans returns the means of both models' outcomes on every resample of
// [Bootstrap.Resample].
func (b Bootstrap) ResampleMeans(o Outcomes, cluster []int) (strong, weak []float64, err error) {
	if err := b.check(o, cluster); err != nil {
		return nil, nil, err
	}
	strong, weak = make([]float64, b.Resamples), make([]float64, b.Resamples)
	sums := newSums(o, cluster)
	err = b.Each(len(sums.size), func() func(int, []int32) {
		return func(i int, weight []int32) { _, strong[i], weak[i] = sums.means(weight) }
	})
	return strong, weak, err
}
