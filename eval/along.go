package eval

import (
	"fmt"

	"github.com/routellm/routellm/eval/sweep"
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
	tracks, out := make([]*sweep.Track, len(scores)), make([][][]float64, len(scores))
	for k := range scores {
		var err error
		if tracks[k], err = newTrack(o, cluster, scores[k]); err != nil {
			return nil, err
		}
		for range at[k] {
			out[k] = append(out[k], make([]float64, b.Resamples))
		}
	}
	sums := newSums(o, cluster)
	err := b.Each(len(sums.size), func() func(int, []int32) {
		return func(i int, draws []int32) {
			m, _ := meansOf(sums, draws)
			for k, t := range tracks {
				along(at[k], out[k], i, t, draws, m)
			}
		}
	})
	return out, err
}

// along writes the means at the points of one router in resample i.
func along(at, to [][]float64, i int, t *sweep.Track, draws []int32, m means) {
	if len(at) == 0 {
		return
	}
	asked := Points{Fractions: make([]float64, len(at))}
	for p := range at {
		asked.Fractions[p] = at[p][i]
	}
	found := asked.replicates(1)
	read(newReader(asked), found, 0, t, draws, m)
	for p, f := range asked.Fractions {
		to[p][i] = found.QualityAt[p][0]
		if !(f >= 0 && f <= 1) {
			to[p][i] = f
		}
	}
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
		return func(i int, draws []int32) {
			m, _ := meansOf(sums, draws)
			strong[i], weak[i] = m.strong, m.weak
		}
	})
	return strong, weak, err
}
