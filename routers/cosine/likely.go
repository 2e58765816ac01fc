package cosine

import (
	"context"
	"math"
	"slices"
	"sync/atomic"
)

// Each table compares vectors that agree in some bits of their sketches.
const (
	tableBits = 16
	tables    = sketchBits / tableBits
	window    = 128 // number of vectors in the same bucket that one is compared with
)

// Recall returns the probability with which [Sketched.Near] finds a pair whose cosine is just
// least; it is larger for closer pairs. Two vectors agree in a bit with probability 1 - angle/pi
// (Charikar 2002): at a cosine of 0.95 with 0.90, in all bits of a table with 0.18, and in at
// least one of the 32 tables with 0.998.
func Recall(least float64) float64 {
	agree := math.Pow(1-differ(least), tableBits)
	return 1 - math.Pow(1-agree, tables)
}

// differ returns the probability that two vectors with a cosine differ in a bit.
func differ(cosine float64) float64 { return math.Acos(max(-1, min(1, cosine))) / math.Pi }

// Near reports, as [Found].Near does, for each vector whether one of another set has a cosine of
// at least least with it. It takes time in proportion to the number of vectors, but may miss some,
// as [Recall] says, and more where hundreds of vectors look alike without being near. What it
// reports is right. If b is nil, the vectors of the set are compared with each other. progress, if
// non-nil, is told how many of the tables are done.
func (a *Sketched) Near(ctx context.Context, b *Sketched, least float64, progress func(done, total int)) ([]bool, error) {
	s := &likely{a: a, b: a, within: b == nil, least: least, near: make([]atomic.Bool, a.source.N)}
	if b != nil {
		s.b = b
	}
	s.apart[0], s.apart[1] = mostApart(sketchBits/2, least), mostApart(sketchBits, least)
	for t := range tables {
		s.table(t)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if progress != nil {
			progress(t+1, tables)
		}
	}
	out := make([]bool, len(s.near))
	for i := range out {
		out[i] = s.near[i].Load()
	}
	return out, nil
}

// likely is a search under way.
type likely struct {
	a, b   *Sketched
	within bool
	least  float64
	near   []atomic.Bool
	apart  [2]int // largest number of bits in which sketches worth a comparison differ: of the first half, and of all
}

// mostApart returns the largest number, of some bits, in which vectors with a cosine of least
// differ, up to four standard deviations: 80 of 512 at 0.95. Vectors without anything in common
// differ in 256, give or take 11.
func mostApart(bits int, least float64) int {
	n, p := float64(bits), differ(least)
	return int(n*p + 4*math.Sqrt(n*p*(1-p)))
}

// table compares the vectors that agree in the bits of table t. What it finds does not depend on
// the order of the comparisons.
func (s *likely) table(t int) {
	order := byKey(s.b.sketches, t)
	if s.within {
		onAllCores(len(order), func(from, to int) {
			p := s.newPairs()
			for k := from; k < to; k++ {
				for _, other := range order[k+1 : min(len(order), k+1+window)] {
					if other.key != order[k].key {
						break
					}
					p.compare(int(order[k].row), int(other.row))
				}
			}
		})
		return
	}
	onAllCores(len(s.near), func(from, to int) {
		p := s.newPairs()
		for i := from; i < to; i++ {
			key := s.a.sketches[i].key(t)
			at, _ := slices.BinarySearchFunc(order, key, func(e entry, key uint16) int { return int(e.key) - int(key) })
			for _, e := range order[at:min(len(order), at+window)] {
				if e.key != key || s.near[i].Load() {
					break
				}
				p.compare(i, int(e.row))
			}
		}
	})
}

// pairs compares pairs in one goroutine.
type pairs struct {
	*likely
	x, y []float32 // space for two vectors
	row  int       // the vector that x holds
}

func (s *likely) newPairs() *pairs {
	return &pairs{likely: s, x: make([]float32, s.a.source.Dim), y: make([]float32, s.b.source.Dim), row: -1}
}

// compare marks a pair whose cosine is large enough.
func (p *pairs) compare(i, j int) {
	if p.near[i].Load() && (!p.within || p.near[j].Load()) || p.far(&p.a.sketches[i], &p.b.sketches[j]) {
		return
	}
	x2, y2 := p.a.norm2[i], p.b.norm2[j]
	if x2 == 0 || y2 == 0 {
		return
	}
	if p.row != i {
		p.a.source.Vector(p.x, i)
		p.row = i
	}
	p.b.source.Vector(p.y, j)
	if cosineOf(p.x, p.y, x2, y2) >= p.least {
		p.near[i].Store(true)
		if p.within {
			p.near[j].Store(true)
		}
	}
}

// far reports whether two sketches differ in too many bits to be worth a comparison.
func (s *likely) far(x, y *sketch) bool {
	n := apart(x, y, 0)
	return n > s.apart[0] || n+apart(x, y, len(x)/2) > s.apart[1]
}

// entry is a vector in a table.
type entry struct {
	key uint16
	row int32
}

// byKey returns the rows in the order of their keys in table t. Those with the same key are in
// the order of their keys in the next table, so that vectors that look alike are close.
func byKey(all []sketch, t int) []entry {
	rows := make([]entry, len(all))
	for i := range rows {
		rows[i].row = int32(i)
	}
	return sorted(sorted(rows, all, (t+1)%tables), all, t)
}

// sorted returns the entries with their keys in table t, sorted by these; equal ones keep their
// order.
func sorted(entries []entry, all []sketch, t int) []entry {
	start := make([]int, 1<<tableBits+1)
	for i := range all {
		start[int(all[i].key(t))+1]++
	}
	for k := 1; k < len(start); k++ {
		start[k] += start[k-1]
	}
	out := make([]entry, len(entries))
	for _, e := range entries {
		e.key = all[e.row].key(t)
		out[start[e.key]] = e
		start[e.key]++
	}
	return out
}
