package logged

import (
	"fmt"

	"github.com/routellm/routellm/eval"
)

// Resamples holds what the resamples of a log say about some thresholds: one value per resample.
type Resamples struct {
	Mean   []float64            // mean outcome of the logged decisions
	Values [][Methods][]float64 // estimates, by threshold
	Random [][Methods][]float64 // by threshold: what asking the strong side for a random share of the decisions has, the threshold's own share
}

// Resample estimates the values of thresholds on resamples of whole clusters. Every resample
// fits the model anew. Resample b depends only on the seed and b. It returns an error if
// Resamples is below 1, or that of Progress.
func (e *Estimator) Resample(b eval.Bootstrap, thresholds []float64) (*Resamples, error) {
	if b.Resamples < 1 {
		return nil, fmt.Errorf("number of resamples is %d: want at least 1", b.Resamples)
	}
	out := &Resamples{make([]float64, b.Resamples), make([][Methods][]float64, len(thresholds)), make([][Methods][]float64, len(thresholds))}
	at := make([]int, len(thresholds))
	for j, t := range thresholds {
		at[j] = e.calls(t)
		for m := range Methods {
			out.Values[j][m], out.Random[j][m] = make([]float64, b.Resamples), make([]float64, b.Resamples)
		}
	}
	err := b.Each(e.clusters, func() func(int, []int32) {
		all := make([]sums, len(e.units)+1)
		return func(i int, weight []int32) {
			e.scan(weight, e.fit(weight), func(k int, s sums) { all[k] = s })
			out.Mean[i] = e.meanOf(weight)
			last := all[len(e.units)]
			never, always := values(all[0], last), values(last, last)
			for j, k := range at {
				v := values(all[k], last)
				share := all[k][strong].n / last[strong].n
				for m := range Methods {
					out.Values[j][m][i] = v[m]
					out.Random[j][m][i] = never[m] + float64(share*(always[m]-never[m]))
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// meanOf returns the mean outcome on a resample.
func (e *Estimator) meanOf(weight []int32) float64 {
	n, y := 0.0, 0.0
	for i := range e.units {
		w := float64(weight[e.units[i].cluster])
		n += w
		y += float64(w * e.units[i].y)
	}
	return y / n
}
