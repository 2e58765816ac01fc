package binned

import "math"

// Builder sums up samples in bins of scores and in buckets, in memory that does not depend on their number.
type Builder struct {
	edges   []float64
	buckets int // number of buckets; 0 for none
	bins    []span
	cells   []sums // cell of bin b and bucket k at b * buckets + k
	least   float64
	most    float64 // smallest and largest weight
	unused  int64
}

// span is the range of the scores of a bin.
type span struct{ min, max float64 }

// sums holds the sums of a cell.
type sums struct {
	rows                   int64
	n, strong, weak, gain2 float64
}

// NewBuilder returns a builder of bins between the edges, which are in ascending order: a score that equals an
// edge is in the bin above. buckets is the number of buckets, 0 for none.
func NewBuilder(edges []float64, buckets int) *Builder {
	b := &Builder{edges: edges, buckets: max(1, buckets), bins: make([]span, len(edges)+1), least: math.Inf(1)}
	b.cells = make([]sums, len(b.bins)*b.buckets)
	for i := range b.bins {
		b.bins[i] = span{math.Inf(1), math.Inf(-1)}
	}
	if buckets == 0 {
		b.buckets = 0
	}
	return b
}

// Add adds a sample of a weight above 0; bucket counts from 0, and is 0 without buckets. If its score or a quality
// is not finite, it is only counted.
func (b *Builder) Add(score, strong, weak, weight float64, bucket int) {
	if gain := strong - weak; score-score != 0 || gain-gain != 0 { // NaN or infinite
		b.unused++
		return
	}
	at := b.bin(score)
	span := &b.bins[at]
	span.min, span.max = min(span.min, score), max(span.max, score)
	b.least, b.most = min(b.least, weight), max(b.most, weight)
	c, gain := &b.cells[at*max(1, b.buckets)+bucket], strong-weak
	c.rows++
	c.n += weight
	c.strong += float64(weight * strong)
	c.weak += float64(weight * weak)
	c.gain2 += float64(weight * gain * gain)
}

// bin returns the number of edges that are not above the score.
func (b *Builder) bin(score float64) int {
	edges, from := b.edges, 0
	for n := len(edges); n > 0; {
		half := n / 2
		if edges[from+half] <= score {
			from += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return from
}

// Summary returns what was added. Equal weights count as none. It returns an error if no sample can be used. The
// builder is of no use afterwards.
func (b *Builder) Summary() (*Summary, error) {
	out, unit := Summary{Bucketed: b.buckets > 0, Unused: b.unused}, 1.0
	if b.least == b.most {
		unit = b.least
	}
	width := max(1, b.buckets)
	if out.Bucketed {
		out.Cells = make([]Cell, 0, b.filled())
	}
	for i, span := range b.bins {
		if span.min > span.max {
			continue
		}
		at := int32(len(out.Bins))
		bin := Bin{Min: span.min + 0, Max: span.max + 0, Area: nan} // -0 is 0
		for k, c := range b.cells[i*width : (i+1)*width] {
			if c.rows == 0 {
				continue
			}
			cell := Cell{Bin: at, Bucket: int32(k), Rows: c.rows, N: c.n / unit, Strong: c.strong / unit, Weak: c.weak / unit, Gain2: c.gain2 / unit}
			bin.add(cell)
			if out.Bucketed {
				out.Cells = append(out.Cells, cell)
			}
		}
		out.Bins = append(out.Bins, bin)
	}
	b.cells = nil
	return New(out)
}

// filled returns the number of cells that hold samples.
func (b *Builder) filled() int {
	n := 0
	for i := range b.cells {
		if b.cells[i].rows > 0 {
			n++
		}
	}
	return n
}
