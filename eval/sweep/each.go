package sweep

// Each visits the summed cost and quality at each vertex: first the start's, then those after each
// block. weight[c] is the number of times that cluster c is drawn; nil stands for once. It needs no
// memory.
func (e *Events) Each(startCost, startQuality float64, weight []int32, visit func(cost, quality float64)) {
	c, q := startCost, startQuality
	visit(c, q)
	for k, id := range e.Cluster {
		w := 1.0
		if weight != nil {
			w = float64(weight[id])
		}
		q += float64(w * e.Quality[k])
		c += float64(w * e.Cost[k])
		if e.Last[k] {
			visit(c, q)
		}
	}
}
