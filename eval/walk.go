package eval

import "math"

// measured holds the result of a walk: the difference between the two sides and its standard
// error.
type measured struct{ difference, se float64 }

// t returns the statistic of the permutation test, or 0 if the sides do not differ.
func (m measured) t() float64 {
	if m.difference == 0 {
		return 0
	}
	return m.difference / m.se
}

// observed walks through the duel with every sample on its own router's side.
func (d *duel) observed() measured {
	w := newWalk(d)
	for k := range d.blocks {
		w.take(k)
	}
	return w.measure()
}

// walk holds the state of a walk through a duel. The arrays have one value per side.
type walk struct {
	duel  *duel
	swap  []uint8    // 1 if the cluster's samples change sides, else 0
	pull  []float64  // unscaled influence of each cluster on the difference
	count [2]float64 // sum of the weights of the samples so far
	gain  [2]float64 // summed gain of those samples
	area  [2]float64 // unscaled area under the cumulative gain
}

func newWalk(d *duel) *walk {
	return &walk{duel: d, swap: make([]uint8, len(d.centre)), pull: make([]float64, len(d.centre))}
}

func (w *walk) reset() {
	clear(w.pull)
	w.count, w.gain, w.area = [2]float64{}, [2]float64{}, [2]float64{}
}

// take deals the samples of block k to the sides. Those on the same side are tied: half of
// them count as above and half as below each other.
func (w *walk) take(k int) {
	b, start := w.duel.blocks[k], int32(0)
	if k > 0 {
		start = w.duel.blocks[k-1].end
	}
	entries := w.duel.entries[start:b.end]
	if len(entries) == 1 {
		w.takeOne(entries[0], b.router)
		return
	}
	var count, gain [2]float64
	for _, e := range entries {
		side := b.router ^ w.swap[e.cluster]
		count[side&1] += e.weight
		gain[side&1] += e.gain
	}
	n := w.duel.n
	below := [2]float64{n - w.count[0] - count[0]/2, n - w.count[1] - count[1]/2}
	above := [2]float64{w.gain[0] + gain[0]/2, w.gain[1] + gain[1]/2}
	for _, e := range entries {
		side := (b.router ^ w.swap[e.cluster]) & 1
		pull := float64(e.gain*below[side]) + float64(e.weight*above[side])
		w.pull[e.cluster] += pull * float64(1-2*int(side))
	}
	for side := range count {
		w.area[side] += float64(gain[side] * below[side])
		w.count[side] += count[side]
		w.gain[side] += gain[side]
	}
}

// takeOne deals a block of a single sample, the most frequent kind.
func (w *walk) takeOne(e entry, router uint8) {
	side := (router ^ w.swap[e.cluster]) & 1
	below := w.duel.n - w.count[side] - e.weight/2
	lost := float64(e.gain * below)
	pull := lost + float64(e.weight*(w.gain[side]+e.gain/2))
	w.pull[e.cluster] += pull * float64(1-2*int(side))
	w.area[side] += lost
	w.count[side] += e.weight
	w.gain[side] += e.gain
}

// measure returns the difference between the sides and its standard error after a complete
// walk.
func (w *walk) measure() measured {
	s := w.duel.scaling
	difference := (w.area[0] - w.area[1]) / s.divisor
	squares := 0.0
	for c, pull := range w.pull {
		x := pull - float64(difference*s.centre[c])
		squares += float64(x * x)
	}
	clusters, n := float64(len(w.pull)), s.n
	return measured{difference, s.factor * math.Sqrt(squares*clusters/(clusters-1)) / n}
}
