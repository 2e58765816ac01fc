package eval

// NewPairSupport measures the support of the difference between two routers. a[i] and b[i] are
// their scores for sample i. If the routers rank few clusters differently, Effective is that of
// the clusters' influences on the difference in area, where it is smaller: the few then carry the
// difference. It returns an error for the same input as [NewCurve].
func NewPairSupport(o Outcomes, cluster []int, a, b []float64) (Support, error) {
	out, g := NewSupport(o, cluster), o.Gains()
	shift, pull := make([]float64, len(g)), make([]float64, len(g))
	for k, scores := range [][]float64{a, b} {
		ranked, err := rankFor(o, scores)
		if err != nil {
			return Support{}, err
		}
		sign := float64(1 - 2*k)
		below, above := positions(ranked, g)
		for i := range g {
			shift[i] += sign * below[i]
			pull[i] += sign * (float64(g[i]*below[i]) + above[i])
		}
	}
	size, moved := clusterSums(shift, cluster)
	if effective(moved) >= wideEffective {
		return out, nil
	}
	mean := sum(pull) / float64(len(pull))
	_, total := clusterSums(pull, cluster)
	for c := range total {
		total[c] -= float64(size[c] * mean)
	}
	out.Effective = min(out.Effective, effective(total))
	return out, nil
}
