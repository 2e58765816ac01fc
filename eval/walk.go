package eval

import "math"

// measured is what a walk finds: the difference between the sides and its standard error.
type measured struct{ difference, se float64 }

// t is the statistic of the permutation test; 0 for sides that do not differ.
func (m measured) t() float64 {
	if m.difference == 0 {
		return 0
	}
	return m.difference / m.se
}

// observed walks with every sample on its own side.
func (d *duel) observed() measured {
	w := newWalk(d)
	for k := range d.blocks {
		w.take(k)
	}
	return w.measure()
}

// walk is the state of a walk through a duel: each side's samples so far, their gains, and
// the area above them.
type walk struct {
	duel  *duel
	swap  []uint8 // 1 where a cluster's samples change sides
	pull  []float64
	count [2]float64
	gain  [2]float64
	area  [2]float64
}

func newWalk(d *duel) *walk {
	return &walk{duel: d, swap: make([]uint8, len(d.centre)), pull: make([]float64, len(d.centre))}
}

func (w *walk) reset() {
	clear(w.pull)
	w.count, w.gain, w.area = [2]float64{}, [2]float64{}, [2]float64{}
}

// take deals block k. Those of it on one side are tied: half of them are above and half
// below each other.
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
		count[side&1]++
		gain[side&1] += e.gain
	}
	n := float64(len(w.duel.entries) / 2)
	below := [2]float64{n - w.count[0] - count[0]/2, n - w.count[1] - count[1]/2}
	above := [2]float64{w.gain[0] + gain[0]/2, w.gain[1] + gain[1]/2}
	for _, e := range entries {
		side := (b.router ^ w.swap[e.cluster]) & 1
		pull := float64(e.gain*below[side]) + above[side]
		w.pull[e.cluster] += pull * float64(1-2*int(side))
	}
	for side := range count {
		w.area[side] += float64(gain[side] * below[side])
		w.count[side] += count[side]
		w.gain[side] += gain[side]
	}
}

// takeOne is take for a block of one sample, which most are.
func (w *walk) takeOne(e entry, router uint8) {
	side := (router ^ w.swap[e.cluster]) & 1
	below := float64(len(w.duel.entries)/2) - w.count[side] - 0.5
	lost := float64(e.gain * below)
	pull := lost + w.gain[side] + e.gain/2
	w.pull[e.cluster] += pull * float64(1-2*int(side))
	w.area[side] += lost
	w.count[side]++
	w.gain[side] += e.gain
}

// measure returns the difference of the sides after a whole walk.
func (w *walk) measure() measured {
	s := w.duel.scaling
	difference := (w.area[0] - w.area[1]) / s.divisor
	squares := 0.0
	for c, pull := range w.pull {
		x := pull - float64(difference*s.centre[c])
		squares += float64(x * x)
	}
	clusters, n := float64(len(w.pull)), float64(len(w.duel.entries)/2)
	return measured{difference, s.factor * math.Sqrt(squares*clusters/(clusters-1)) / n}
}
