package eval

import "slices"

// PairSupports measures the support of differences between routers.
type PairSupports struct {
	whole   Support
	size    []float64   // sum of the weights of each cluster
	routers []positions // the random router comes last
}

// positions sums up, by cluster, where one router ranks the samples.
type positions struct {
	below []float64 // summed size of the samples ranked below each sample
	pull  []float64 // influence on n^2 times the area, but for a constant
}

// NewPairSupports prepares the supports of all pairs of routers, and of each with the random one.
// scores[k][i] is router k's score for sample i. It returns an error for the same input as
// [NewCurve].
func NewPairSupports(o Outcomes, cluster []int, scores [][]float64) (PairSupports, error) {
	return pairSupports(append(scoredBy(o, cluster, scores), Scored{o, cluster, make([]float64, o.N())}))
}

// NewPairSupportsScored does what [NewPairSupports] does for at least one router with samples of its
// own. It returns an error if their numbers of clusters differ, and for the same input as NewCurve.
func NewPairSupportsScored(routers []Scored) (PairSupports, error) {
	if err := checkClusters(routers); err != nil {
		return PairSupports{}, err
	}
	first := routers[0]
	return pairSupports(append(slices.Clone(routers), Scored{first.Outcomes, first.Cluster, make([]float64, first.Outcomes.N())}))
}

// pairSupports prepares the supports of routers, of which the last is the random one.
func pairSupports(routers []Scored) (PairSupports, error) {
	s := PairSupports{}
	for k, r := range routers {
		p, err := newPositions(r)
		if err != nil {
			return s, err
		}
		if s.routers = append(s.routers, p); k == 0 {
			s.whole, s.size = NewSupport(r.Outcomes, r.Cluster), r.Outcomes.clusterSizes(r.Cluster)
		}
	}
	return s, nil
}

// newPositions sums up where a router ranks the samples.
func newPositions(r Scored) (p positions, err error) {
	ranked, err := rankFor(r.Outcomes, r.Scores)
	if err != nil {
		return p, err
	}
	below, above := r.Outcomes.positions(ranked)
	p.below = clusterSums(r.Outcomes.times(below), r.Cluster)
	for i := range above {
		above[i] += float64((r.Outcomes.Strong[i] - r.Outcomes.Weak[i]) * below[i])
	}
	p.pull = clusterSums(r.Outcomes.times(above), r.Cluster)
	return p, nil
}

// Of returns the support of the difference between two routers. If they rank few clusters
// differently, Effective is that of the clusters' influences on the difference in area, where it
// is smaller: the few then carry the difference.
func (s PairSupports) Of(p Pairing) Support {
	b := p.B
	if b == RandomRouter {
		b = len(s.routers) - 1
	}
	x, y, out := s.routers[p.A], s.routers[b], s.whole
	moved, total := make([]float64, len(s.size)), make([]float64, len(s.size))
	for c := range total {
		moved[c], total[c] = x.below[c]-y.below[c], x.pull[c]-y.pull[c]
	}
	if Effective(moved) >= wideEffective {
		return out
	}
	mean := sum(total) / sum(s.size)
	for c := range total {
		total[c] -= float64(s.size[c] * mean)
	}
	out.Effective = min(out.Effective, Effective(total))
	return out
}
