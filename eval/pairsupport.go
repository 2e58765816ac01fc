package eval

// PairSupports measures the support of differences between routers.
type PairSupports struct {
	outcomes     Outcomes
	gains        []float64
	cluster      []int
	whole        Support
	below, above [][]float64 // positions of the samples, one row per router; the random router comes last
}

// NewPairSupports prepares the supports of all pairs of routers, and of each with the random one.
// scores[k][i] is router k's score for sample i. It returns an error for the same input as
// [NewCurve].
func NewPairSupports(o Outcomes, cluster []int, scores [][]float64) (PairSupports, error) {
	s := PairSupports{outcomes: o, gains: o.Gains(), cluster: cluster, whole: NewSupport(o, cluster)}
	for k := range len(scores) + 1 {
		of := make([]float64, o.N())
		if k < len(scores) {
			of = scores[k]
		}
		ranked, err := rankFor(o, of)
		if err != nil {
			return s, err
		}
		below, above := o.positions(ranked)
		s.below, s.above = append(s.below, below), append(s.above, above)
	}
	return s, nil
}

// Of returns the support of the difference between two routers. If they rank few clusters
// differently, Effective is that of the clusters' influences on the difference in area, where it
// is smaller: the few then carry the difference.
func (s PairSupports) Of(p Pairing) Support {
	b := p.B
	if b == RandomRouter {
		b = len(s.below) - 1
	}
	shift, pull := make([]float64, len(s.gains)), make([]float64, len(s.gains))
	for i, g := range s.gains {
		shift[i] = s.below[p.A][i] - s.below[b][i]
		pull[i] = float64(g*shift[i]) + (s.above[p.A][i] - s.above[b][i])
	}
	out := s.whole
	size, moved := s.outcomes.clusterSums(shift, s.cluster)
	if Effective(moved) >= wideEffective {
		return out
	}
	mean := s.outcomes.mean(pull)
	_, total := s.outcomes.clusterSums(pull, s.cluster)
	for c := range total {
		total[c] -= float64(size[c] * mean)
	}
	out.Effective = min(out.Effective, Effective(total))
	return out
}
