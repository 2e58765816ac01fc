package eval

import "math"

// RandomTest tests one router against random, without resamples: its area over random divided
// by the cluster-robust standard error from the influence functions, by Student's
// distribution. cluster[i] is the cluster of sample i, from [ClusterIDs]. With fewer clusters
// than [MinClusters] at the given confidence both p values are NaN, and the verdict is
// inconclusive. It returns an error for the same input as [NewCurve].
func RandomTest(o Outcomes, cluster []int, scores []float64, confidence float64) (Tested, error) {
	c, err := NewCurve(o, scores)
	if err != nil {
		return Tested{}, err
	}
	router, err := newRanking(o, scores)
	if err != nil {
		return Tested{}, err
	}
	random, err := newRanking(o, make([]float64, o.N()))
	if err != nil {
		return Tested{}, err
	}
	d := newDuel(router, random, cluster, newScaling(o, cluster, true))
	out, clusters := Tested{Value: c.AreaOverRandom(), P: 1}, len(d.centre)
	switch {
	case clusters < MinClusters(confidence):
		out.P = math.NaN()
	case out.Value != 0:
		out.P = StudentP(out.Value/d.observed().se, clusters)
	}
	out.Adjusted, out.Critical = out.P, StudentQuantile(confidence, clusters)
	return out, nil
}
