package eval

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
	size, total = clusterSums(o.times(x), cluster)
	if o.Weight != nil {
		_, size = clusterSums(o.Weight, cluster)
	}
	return size, total
}
