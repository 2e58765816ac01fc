package eval

// ranking is one router's samples in blocks of equal score, the best first.
type ranking struct {
	samples []int32
	gains   []float64
	ends    []int32 // of each block, in samples
}

func newRanking(o Outcomes, scores []float64) (ranking, error) {
	ranked, err := rankFor(o, scores)
	if err != nil {
		return ranking{}, err
	}
	r := ranking{samples: make([]int32, len(ranked)), gains: make([]float64, len(ranked))}
	for k, x := range ranked {
		r.samples[k] = int32(x.index)
		r.gains[k] = o.Strong[x.index] - o.Weak[x.index]
		if k+1 == len(ranked) || ranked[k+1].score != x.score {
			r.ends = append(r.ends, int32(k+1))
		}
	}
	return r, nil
}

// start is where block k begins.
func (r ranking) start(k int) int32 {
	if k == 0 {
		return 0
	}
	return r.ends[k-1]
}

// middle is twice block k's mean rank, less 1.
func (r ranking) middle(k int) int32 { return r.start(k) + r.ends[k] }

// scaling turns what a walk adds up into a difference and its standard error.
type scaling struct {
	divisor float64   // of the walk's area
	factor  float64   // of a cluster's influence
	centre  []float64 // a cluster's share of the difference, which its influence lacks
}

// newScaling is for APGR, or for the area over random in units of quality.
func newScaling(o Outcomes, cluster []int, area bool) scaling {
	size, gain := clusterSums(o.Gains(), cluster)
	n, mu := float64(o.N()), sum(o.Gains())/float64(o.N())
	s := scaling{divisor: n * n * mu, factor: 1 / (n * mu), centre: make([]float64, len(size))}
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
	gain    float64
}

// block is a tie of one router in the merged list.
type block struct {
	end    int32
	router uint8 // 0 is A
	tied   bool  // the next block, of the other router, has the same rank
}

// duel is two routers' rankings merged by rank. A walk through it deals each sample's two
// entries to two sides, so that both sides are ranked without sorting.
type duel struct {
	scaling
	entries []entry // 2n
	blocks  []block
}

func newDuel(a, b ranking, cluster []int, s scaling) *duel {
	d := &duel{scaling: s, entries: make([]entry, 0, 2*len(a.samples))}
	i, j := 0, 0
	for i < len(a.ends) || j < len(b.ends) {
		switch {
		case j == len(b.ends) || i < len(a.ends) && a.middle(i) <= b.middle(j):
			tied := j < len(b.ends) && a.middle(i) == b.middle(j)
			d.add(a, i, 0, cluster, tied)
			i++
		default:
			d.add(b, j, 1, cluster, false)
			j++
		}
	}
	return d
}

func (d *duel) add(r ranking, k int, router uint8, cluster []int, tied bool) {
	for x := r.start(k); x < r.ends[k]; x++ {
		d.entries = append(d.entries, entry{int32(cluster[r.samples[x]]), r.gains[x]})
	}
	d.blocks = append(d.blocks, block{int32(len(d.entries)), router, tied})
}
