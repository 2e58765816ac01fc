package eval

import "github.com/routellm/routellm/eval/sweep"

// eventsOf returns a router's sweep from never to always calling the strong model: an event per
// sample, with cost 1 and the sample's gain, both times its weight, and no values of the knob.
func eventsOf(o Outcomes, cluster []int, order []ranked) sweep.Events {
	n := len(order)
	e := sweep.Events{
		Cluster: make([]int32, n), Quality: make([]float64, n), Cost: make([]float64, n), Last: make([]bool, n),
	}
	for k, r := range order {
		w := o.weight(r.index)
		e.Cost[k], e.Quality[k] = w, w*(o.Strong[r.index]-o.Weak[r.index])
		e.Cluster[k], e.Last[k] = int32(cluster[r.index]), k+1 == n || order[k+1].score != r.score
	}
	return e
}

// newTrack ranks the samples by a router's scores.
func newTrack(o Outcomes, cluster []int, scores []float64) (*sweep.Track, error) {
	order, err := rankFor(o, scores)
	if err != nil {
		return nil, err
	}
	return sweep.NewTrack(eventsOf(o, cluster, order)), nil
}

// sums holds the size and the summed qualities of each cluster, with each sample times its weight.
type sums struct{ size, strong, weak []float64 }

// newSums sums up the clusters.
func newSums(o Outcomes, cluster []int) sums {
	var s sums
	s.size, s.strong = o.clusterSums(o.Strong, cluster)
	s.weak = clusterSums(o.times(o.Weak), cluster)
	return s
}

// means holds what is known of a resample before any router is looked at.
type means struct {
	n            float64 // number of drawn samples, each times its weight
	strong, weak float64 // mean quality of both models on them
	gain         float64 // summed gain
}

// meansOf returns the means of a resample, where draws[c] is the number of times that cluster c is
// drawn. ok is false if a count has overflowed: the counts then do not sum up to the clusters.
func meansOf[D sweep.Draws](s sums, draws []D) (out means, ok bool) {
	count, n, strong, weak := 0, 0.0, 0.0, 0.0
	for c, d := range draws {
		w := float64(d)
		count += int(d)
		n += float64(w * s.size[c])
		strong += float64(w * s.strong[c])
		weak += float64(w * s.weak[c])
	}
	return means{n, strong / n, weak / n, strong - weak}, count == len(draws)
}
