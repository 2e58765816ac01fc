package eval

// order holds one router's ranking in the form that a resample needs: the samples by
// descending score. A resample then takes one pass and no sorting.
type order struct {
	cluster []int32
	gain    []float64
	last    []bool // whether the sample is the last of its block of tied scores
}

// newOrder ranks the samples by score.
func newOrder(o Outcomes, cluster []int, scores []float64) (order, error) {
	ranked, err := rankFor(o, scores)
	if err != nil {
		return order{}, err
	}
	n := len(ranked)
	out := order{make([]int32, n), make([]float64, n), make([]bool, n)}
	for k, r := range ranked {
		out.cluster[k] = int32(cluster[r.index])
		out.gain[k] = o.Strong[r.index] - o.Weak[r.index]
		out.last[k] = k+1 == n || ranked[k+1].score != r.score
	}
	return out, nil
}

// trace writes the curve of n drawn samples into c and reuses c's memory. It leaves the
// thresholds out. It writes a vertex at every sample and keeps those that end a block of ties
// with at least one drawn sample: unpredictable branches would cost more.
func (o order) trace(c *Curve, weight []int32, n int, strong, weak float64) {
	c.N, c.Strong, c.Weak = n, strong, weak
	size := len(o.gain) + 1
	vertices, gains := c.Vertices[:size], c.gains[:size]
	vertices[0], gains[0] = Vertex{Quality: weak}, 0
	count, kept, end, gain := 0, 0, 1, 0.0
	for k, id := range o.cluster {
		w := int(weight[id])
		count += w
		gain += float64(float64(w) * o.gain[k])
		gains[end] = gain
		vertices[end].StrongFraction = float64(count) / float64(n)
		vertices[end].Quality = weak + gain/float64(n)
		if o.last[k] && count > kept {
			end++
			kept = count
		}
	}
	c.Vertices, c.gains = vertices[:end], gains[:end]
	c.Vertices[end-1].Quality = strong
}

// sums holds the size and the summed qualities of each cluster.
type sums struct {
	size         []int
	strong, weak []float64
}

// newSums sums up the clusters.
func newSums(o Outcomes, cluster []int) sums {
	var s sums
	for i, c := range cluster {
		for c >= len(s.size) {
			s.size, s.strong, s.weak = append(s.size, 0), append(s.strong, 0), append(s.weak, 0)
		}
		s.size[c]++
		s.strong[c] += o.Strong[i]
		s.weak[c] += o.Weak[i]
	}
	return s
}

// means returns the number of drawn samples and both models' mean quality on them, where
// weight[c] is the number of times that cluster c is drawn.
func (s sums) means(weight []int32) (n int, strong, weak float64) {
	for c, w := range weight {
		n += int(w) * s.size[c]
		strong += float64(float64(w) * s.strong[c])
		weak += float64(float64(w) * s.weak[c])
	}
	return n, strong / float64(n), weak / float64(n)
}
