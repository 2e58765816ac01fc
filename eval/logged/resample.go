package logged

import (
	"fmt"

	"github.com/routellm/routellm/eval"
)

// Resamples holds what the resamples of a log say about some thresholds: one value per resample.
type Resamples struct {
	Mean   []float64            // mean outcome of the logged decisions
	Values [][Methods][]float64 // estimates by threshold
	Random [][Methods][]float64 // estimates by threshold of a random choice with its share of strong calls
}

// newResamples returns room for a number of thresholds and resamples.
func newResamples(thresholds, resamples int) *Resamples {
	r := &Resamples{make([]float64, resamples), make([][Methods][]float64, thresholds), make([][Methods][]float64, thresholds)}
	for j := range thresholds {
		for m := range Methods {
			r.Values[j][m], r.Random[j][m] = make([]float64, resamples), make([]float64, resamples)
		}
	}
	return r
}

// Resample estimates the values of thresholds on resamples of whole clusters. Every resample
// fits the model anew. Resample b depends only on the seed and b. It returns an error if
// Resamples is below 1, or that of Progress.
func (e *Estimator) Resample(b eval.Bootstrap, thresholds []float64) (*Resamples, error) {
	if b.Resamples < 1 {
		return nil, fmt.Errorf("number of resamples is %d: want at least 1", b.Resamples)
	}
	out := newResamples(len(thresholds), b.Resamples)
	at, slot := e.slots(thresholds)
	err := b.Each(e.clusters, func() func(int, []int32) {
		ends := make([]sums, len(at)+2)
		return func(i int, weight []int32) {
			e.scan(weight, e.fit(weight), slot, ends)
			out.Mean[i] = e.meanOf(weight)
			none, all := ends[slot[0]], ends[slot[len(e.units)]]
			never, always := values(none, all), values(all, all)
			for j, k := range at {
				above := ends[slot[k]]
				v, share := values(above, all), above[strong].n/all[strong].n
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

// slots returns the number of strong calls of each threshold, and for each number of strong calls
// the place where scan puts its sums: of these, of none and of all.
func (e *Estimator) slots(thresholds []float64) (at []int, slot []int32) {
	slot = make([]int32, len(e.units)+1)
	for k := range slot {
		slot[k] = -1
	}
	used := int32(0)
	take := func(k int) {
		if slot[k] < 0 {
			slot[k] = used
			used++
		}
	}
	take(0)
	take(len(e.units))
	for _, t := range thresholds {
		at = append(at, e.calls(t))
		take(at[len(at)-1])
	}
	return at, slot
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
