package eval

import "slices"

// Weights returns the weight of each sample, 1 if there are no weights.
func (o Outcomes) Weights() []float64 {
	if o.Weight != nil {
		return o.Weight
	}
	return slices.Repeat([]float64{1}, o.N())
}

// weight returns the weight of sample i.
func (o Outcomes) weight(i int) float64 {
	if o.Weight == nil {
		return 1
	}
	return o.Weight[i]
}

// total returns the sum of the weights: the number of samples if there are none.
func (o Outcomes) total() float64 {
	if o.Weight == nil {
		return float64(o.N())
	}
	return sum(o.Weight)
}

// mean returns the mean of x, where each sample counts with its weight.
func (o Outcomes) mean(x []float64) float64 { return o.sum(x) / o.total() }

// relative returns x times the weight of each sample over the mean weight, so that equal weights
// change nothing.
func (o Outcomes) relative(x []float64) []float64 {
	if o.Weight == nil {
		return x
	}
	out, mean := o.times(x), o.total()/float64(len(x))
	for i := range out {
		out[i] /= mean
	}
	return out
}

// sum returns the sum of x, where each sample counts with its weight.
func (o Outcomes) sum(x []float64) float64 { return sum(o.times(x)) }

// times returns x times the weight of each sample.
func (o Outcomes) times(x []float64) []float64 {
	if o.Weight == nil {
		return x
	}
	out := make([]float64, len(x))
	for i, w := range o.Weight {
		out[i] = w * x[i]
	}
	return out
}

// clusterSums returns the size and the sum of x of each cluster, where each sample counts with its
// weight.
func (o Outcomes) clusterSums(x []float64, cluster []int) (size, total []float64) {
	return o.clusterSizes(cluster), clusterSums(o.times(x), cluster)
}

// clusterSizes returns the sum of the weights of each cluster.
func (o Outcomes) clusterSizes(cluster []int) []float64 {
	if o.Weight != nil {
		return clusterSums(o.Weight, cluster)
	}
	size := make([]float64, clustersIn(cluster))
	for _, c := range cluster {
		size[c]++
	}
	return size
}

// clusterMean returns the mean of x, its standard error and the number of clusters, where each sample
// counts with its weight.
func (o Outcomes) clusterMean(x []float64, cluster []int) (mean, se float64, clusters int) {
	size, total := o.clusterSums(x, cluster)
	return meanOfClusters(o.sum(x)/o.total(), o.total(), size, total)
}

// EffectiveClusters returns what [EffectiveClusters] returns, where the size of a cluster is the sum
// of its samples' weights.
func (o Outcomes) EffectiveClusters(cluster []int) float64 {
	return effectiveSize(o.clusterSizes(cluster))
}
