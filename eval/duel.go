package eval

// ranking holds the samples in one router's order, in blocks of tied scores, the largest
// score first.
type ranking struct {
	cluster []int32   // cluster of each sample
	weights []float64 // weight of each sample, in the same order
	gains   []float64 // gain of each sample times its weight
	ends    []int32   // index in these at which each block ends
	ranks   []float64 // sum of the weights up to the end of each block
}

// newRanking ranks the samples by score.
func newRanking(s Scored) (ranking, error) {
	o := s.Outcomes
	ranked, err := rankFor(o, s.Scores)
	if err != nil {
		return ranking{}, err
	}
	n := len(ranked)
	r, count := ranking{cluster: make([]int32, n), weights: make([]float64, n), gains: make([]float64, n)}, 0.0
	for k, x := range ranked {
		w := o.weight(x.index)
		r.cluster[k], r.weights[k] = int32(s.Cluster[x.index]), w
		r.gains[k] = w * (o.Strong[x.index] - o.Weak[x.index])
		count += w
		if k+1 == n || ranked[k+1].score != x.score {
			r.ends, r.ranks = append(r.ends, int32(k+1)), append(r.ranks, count)
		}
	}
	return r, nil
}

// start returns the index at which block k begins.
func (r ranking) start(k int) int32 {
	if k == 0 {
		return 0
	}
	return r.ends[k-1]
}

// middle returns twice the mean rank of block k, minus 1.
func (r ranking) middle(k int) float64 {
	if k == 0 {
		return r.ranks[0]
	}
	return r.ranks[k-1] + r.ranks[k]
}

// scaling holds the constants that turn the sums of a walk into a difference and its standard
// error.
type scaling struct {
	n       float64   // sum of the samples' weights
	divisor float64   // divides the area of the walk
	factor  float64   // multiplies the influence of a cluster
	centre  []float64 // weight of the difference in each cluster's influence
}

// newScaling returns the constants for APGR or, if area is true, for the area over random in
// units of quality.
func newScaling(o Outcomes, cluster []int, area bool) scaling {
	size, gain := o.clusterSums(o.Gains(), cluster)
	n, mu := o.total(), o.mean(o.Gains())
	s := scaling{n: n, divisor: n * n * mu, factor: 1 / (n * mu), centre: make([]float64, len(size))}
	if area {
		s.divisor, s.factor = n*n, 1/n
	}
	for c := range size {
		s.centre[c] = n * (gain[c] + float64(size[c]*mu))
		if area {
			s.centre[c] = 2 * n * size[c]
		}
	}
	return s
}

// entry is one sample in one router's ranking.
type entry struct {
	cluster int32
	weight  float64
	gain    float64 // times the weight
}

// block is a block of tied samples of one router in the merged list.
type block struct {
	end    int32 // index in entries at which the block ends
	router uint8 // 0 for router A, 1 for router B
	tied   bool  // the next block belongs to the other router and has the same rank
}

// duel holds two routers' rankings, merged by rank. A walk through it deals the two entries
// of each sample to two sides, so that both sides are ranked without sorting.
type duel struct {
	scaling
	entries []entry // two entries per sample
	blocks  []block
}

// newDuel merges the rankings of routers a and b.
func newDuel(a, b ranking, s scaling) *duel {
	d := &duel{scaling: s, entries: make([]entry, 0, len(a.gains)+len(b.gains))}
	i, j := 0, 0
	for i < len(a.ends) || j < len(b.ends) {
		switch {
		case j == len(b.ends) || i < len(a.ends) && a.middle(i) <= b.middle(j):
			tied := j < len(b.ends) && a.middle(i) == b.middle(j)
			d.add(a, i, 0, tied)
			i++
		default:
			d.add(b, j, 1, false)
			j++
		}
	}
	return d
}

// add appends block k of a ranking.
func (d *duel) add(r ranking, k int, router uint8, tied bool) {
	for x := r.start(k); x < r.ends[k]; x++ {
		d.entries = append(d.entries, entry{r.cluster[x], r.weights[x], r.gains[x]})
	}
	d.blocks = append(d.blocks, block{int32(len(d.entries)), router, tied})
}
