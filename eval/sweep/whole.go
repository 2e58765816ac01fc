package sweep

import "math"

// whole is an event of cost 1 whose quality is a small whole number, as those of two models with
// right and wrong answers are. Sums are then whole too. Four bytes per event make walks faster: bits
// 0 to 7 hold the quality, bit 8 is set for the last event of a block, and the rest is the cluster.
type whole uint32

func (e whole) quality() int { return int(int8(e)) }
func (e whole) last() int    { return int(e >> 8 & 1) }
func (e whole) cluster() int { return int(e >> 9) }

// wholes returns the events as whole ones, nil if they are not.
func wholes(e Events) []whole {
	out := make([]whole, e.Len())
	for k, q := range e.Quality {
		gain, cluster := int8(max(-math.MaxInt8, min(q, math.MaxInt8))), e.Cluster[k]
		if e.Cost[k] != 1 || float64(gain) != q || cluster >= 1<<23 {
			return nil
		}
		out[k] = whole(cluster)<<9 | whole(uint8(gain))
		if e.Last[k] {
			out[k] |= 1 << 8
		}
	}
	return out
}

// wholeSingles walks along whole events as singles does.
func wholeSingles[D Draws](w *Walk, events []whole, draws []D, cost, quality float64) bool {
	q, area, least := int(w.To.Quality), int(w.Area), atLeast(quality)
	left := atLeast(cost - w.To.Cost)
	goal := w.To.Cost + float64(left)
	for k, e := range events {
		n := int(draws[e.cluster()])
		gain := n * e.quality()
		area += n * (q + q + gain)
		q += gain
		left -= n
		if left <= 0 || q >= least {
			return w.stop(k+1, Point{goal - float64(left+n), float64(q - gain)}, Point{goal - float64(left), float64(q)}, float64(area))
		}
	}
	to := Point{goal - float64(left), float64(q)}
	w.stop(len(events), to, to, float64(area))
	return false
}

// wholeBlocks walks along whole events as blocks does. It computes without a branch whether an event ends its
// block, which no processor can foresee: masks drop what counts only at the end of a block.
func wholeBlocks[D Draws](w *Walk, events []whole, draws []D, cost, quality float64) bool {
	q, area, least := int(w.To.Quality), int(w.Area), atLeast(quality)
	left := atLeast(cost - w.To.Cost)
	goal := w.To.Cost + float64(left)
	more, gained := 0, 0 // in the current block
	for k, e := range events {
		n := int(draws[e.cluster()])
		gain, ends := n*e.quality(), -e.last()
		q += gain
		gained += gain
		more += n
		left -= n
		area += more * (q + q - gained) & ends
		if (left <= 0 || q >= least) && ends != 0 {
			return w.stop(k+1, Point{goal - float64(left+more), float64(q - gained)}, Point{goal - float64(left), float64(q)}, float64(area))
		}
		more &^= ends
		gained &^= ends
	}
	to := Point{goal - float64(left), float64(q)}
	w.stop(len(events), to, to, float64(area))
	return false
}

// atLeast returns the smallest whole number that is at least x, as far as sums can reach.
func atLeast(x float64) int {
	const far = 1 << 50
	return int(max(-far, min(math.Ceil(x), far)))
}
