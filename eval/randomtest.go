package eval

import "math"

// RandomTest tests one router against random, without resamples: its area over random divided
// by the cluster-robust standard error from the influence functions, by Student's
// distribution. cluster[i] is the cluster of sample i, from [ClusterIDs]. With fewer clusters
// than [MinClusters] at the given confidence both p values are NaN, and the verdict is
// inconclusive. If few samples carry the difference, it is Withheld where [Family.Withhold] would
// withhold it. It returns an error for the same input as [NewCurve].
func RandomTest(o Outcomes, cluster []int, scores []float64, confidence float64) (Tested, error) {
	c, err := NewCurve(o, scores)
	if err != nil {
		return Tested{}, err
	}
	router, err := newRanking(Scored{o, cluster, scores})
	if err != nil {
		return Tested{}, err
	}
	random, err := newRanking(Scored{o, cluster, make([]float64, o.N())})
	if err != nil {
		return Tested{}, err
	}
	d := newDuel(router, random, newScaling(o, cluster, true))
	out, clusters := Tested{Value: c.AreaOverRandom(), P: 1}, len(d.centre)
	switch {
	case clusters < MinClusters(confidence):
		out.P = math.NaN()
	case out.Value != 0:
		t := out.Value / d.observed().se
		out.P = StudentP(t, clusters)
		if out.Withheld, err = weaklySupported(t, o, cluster, scores, confidence); err != nil {
			return Tested{}, err
		}
	}
	out.Adjusted, out.Critical = out.P, StudentQuantile(confidence, clusters)
	return out, nil
}

// weaklySupported reports whether a difference from random of t standard errors is not significant
// by Student's distribution with the effective number of clusters as degrees of freedom, where
// that is small enough to matter ([Support.Paired]).
func weaklySupported(t float64, o Outcomes, cluster []int, scores []float64, confidence float64) (bool, error) {
	supports, err := NewPairSupports(o, cluster, [][]float64{scores})
	if err != nil {
		return false, err
	}
	level := supports.Of(Pairing{0, RandomRouter}).Paired(confidence)
	return !(level == confidence || math.Abs(t) > math.Sqrt2*math.Erfinv(level)), nil
}
