package eval

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// meanTest is a one-sided t-test of whether the mean of D over all samples is above 0, with
// clusters of any sizes. Samples with rare losses may happen to hold none, and the clusters
// that were not drawn may be the long ones. So the test adds t^2/2 artificial clusters with the
// worst possible D: one as large as the largest cluster, or a part of one where t^2/2 is below
// 1, and the rest of the size of a random sample's cluster, sum m_c^2 / sum m_c. (For
// independent 0/1 values this is close to the score test: Agresti and Coull, Am. Stat. 52,
// 1998.) The degrees of freedom come from the effective number of clusters.
type meanTest struct {
	size     []float64 // number of samples per cluster
	critical float64   // t; NaN with an effective number of clusters of 1
	extra    [2]artificial
}

// artificial is a number of equal artificial clusters, which need not be whole.
type artificial struct{ count, size float64 }

// newMeanTest returns the test at a confidence in (0,1), where each sample counts with its weight.
// cluster[i] is the cluster of sample i, from [ClusterIDs].
func (o Outcomes) newMeanTest(cluster []int, confidence float64) meanTest {
	size, _ := o.relativeSums(make([]float64, len(cluster)), cluster)
	t := meanTest{size: size, critical: studentT(confidence, o.worth(cluster))}
	count, largest, squares := t.critical*t.critical/2, 0.0, 0.0
	for _, m := range size {
		largest = max(largest, m)
		squares += float64(m * m)
	}
	one := min(1, count)
	t.extra = [2]artificial{{one, largest}, {count - one, squares / float64(len(cluster))}}
	return t
}

// relativeSums returns the size and the sum of x of each cluster, where each sample counts with its
// weight over the mean weight.
func (o Outcomes) relativeSums(x []float64, cluster []int) (size, total []float64) {
	size = o.clusterSizes(cluster)
	if o.Weight != nil {
		size = clusterSums(o.relative(slices.Repeat([]float64{1}, len(x))), cluster)
	}
	return size, clusterSums(o.relative(x), cluster)
}

// worth returns the effective number of clusters, or the number of those with an observed outcome if
// that is smaller.
func (o Outcomes) worth(cluster []int) float64 {
	size, _ := o.relativeSums(make([]float64, len(cluster)), cluster)
	_, observed := o.observed(nil, cluster, len(size))
	return min(effectiveSize(size), float64(observed))
}

// studentT returns the t with P(T <= t) = confidence, where T has Student's distribution with
// clusters - 1 degrees of freedom; NaN for one cluster.
func studentT(confidence, clusters float64) float64 {
	if !(clusters > 1) {
		return math.NaN()
	}
	return distuv.StudentsT{Sigma: 1, Nu: clusters - 1}.Quantile(confidence)
}

// holds reports whether the test establishes that the mean of D is above 0. total has the sum
// of D over each cluster, and worst is the smallest possible D of a sample.
func (t *meanTest) holds(total []float64, worst float64) bool {
	n, all, count := 0.0, 0.0, float64(len(total))
	for c, x := range total {
		n += t.size[c]
		all += x
	}
	for _, a := range t.extra {
		n += float64(a.count * a.size)
		all += float64(a.count * a.size * worst)
		count += a.count
	}
	mean, squares := all/n, 0.0
	for c, x := range total {
		d := x - float64(t.size[c]*mean)
		squares += float64(d * d)
	}
	for _, a := range t.extra {
		d := a.size * (worst - mean)
		squares += float64(a.count * d * d)
	}
	se := math.Sqrt(squares*count/(count-1)) / n
	return mean > t.critical*se && mean > 0
}
