package cosine

import (
	"context"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"
)

// Source gives the vectors of a set that is too large to hold them as floats.
type Source struct {
	N, Dim int // number of vectors, and of their components
	// Vector writes vector i to dst, which has Dim elements. Calls are concurrent.
	Vector func(dst []float32, i int)
}

// Each of the turns draws other sketches, and each table compares vectors that agree in some
// bits of them.
const (
	turns     = 2
	tableBits = 16
	tables    = sketchBits / tableBits // per turn
	window    = 128                    // number of vectors in the same bucket that one is compared with
)

// Recall returns the probability with which [Likely] finds a pair whose cosine is just least; it
// is larger for closer pairs. Two vectors agree in a bit with probability 1 - angle/pi (Charikar
// 2002): at a cosine of 0.95 with 0.90, in all bits of a table with 0.18, and in at least one of
// the 32 tables with 0.998.
func Recall(least float64) float64 {
	agree := math.Pow(1-math.Acos(max(-1, min(1, least)))/math.Pi, tableBits)
	return 1 - math.Pow(1-agree, turns*tables)
}

// Likely reports, as [Found].Near does, for each vector of a whether b has one with a cosine of
// at least least. It takes time in proportion to the number of vectors, but may miss some, as
// [Recall] says, and more where hundreds of vectors look alike without being near. What it
// reports is right. If b is nil, the vectors of a are compared with each other. progress, if
// non-nil, is told how many steps are done.
func Likely(ctx context.Context, a Source, b *Source, least float64, progress func(done, total int)) ([]bool, error) {
	s := &likely{a: a, b: a, within: b == nil, least: least, near: make([]bool, a.N), apart: mostApart(least)}
	if b != nil {
		s.b = *b
	}
	if s.a.N == 0 || s.b.N == 0 || s.a.Dim == 0 {
		return s.near, ctx.Err()
	}
	s.x, s.y, s.row = make([]float32, s.a.Dim), make([]float32, s.a.Dim), -1
	step, total := 0, turns*(tables+2)
	tell := func() error {
		step++
		if progress != nil {
			progress(step, total)
		}
		return ctx.Err()
	}
	for turn := range turns {
		if err := s.sketch(ctx, uint64(turn), tell); err != nil {
			return nil, err
		}
		for t := range tables {
			s.table(t)
			if err := tell(); err != nil {
				return nil, err
			}
		}
	}
	return s.near, ctx.Err()
}

// likely is a search under way.
type likely struct {
	a, b   Source
	within bool
	least  float64
	near   []bool
	of, in []sketch  // sketches of a and of b, which are the same within one set
	x, y   []float32 // space for two vectors
	row    int       // the vector of a that x holds
	x2     float64   // its squared length
	apart  int       // largest number of bits in which vectors that are worth comparing differ
}

// sketch draws the sketches of a turn.
func (s *likely) sketch(ctx context.Context, turn uint64, tell func() error) error {
	r := newRotation(s.a.Dim, turn)
	s.of = r.sketches(ctx, s.a)
	if err := tell(); err != nil {
		return err
	}
	s.in = s.of
	if !s.within {
		s.in = r.sketches(ctx, s.b)
	}
	return tell()
}

// table compares the vectors that agree in the bits of table t.
func (s *likely) table(t int) {
	order := byKey(s.in, t)
	if s.within {
		for k, e := range order {
			for _, other := range order[k+1 : min(len(order), k+1+window)] {
				if other.key != e.key {
					break
				}
				s.compare(int(e.row), int(other.row))
			}
		}
		return
	}
	for i, of := range s.of {
		if s.near[i] {
			continue
		}
		key := of.key(t)
		at, _ := slices.BinarySearchFunc(order, key, func(e entry, key uint16) int { return int(e.key) - int(key) })
		for _, e := range order[at:min(len(order), at+window)] {
			if e.key != key || s.near[i] {
				break
			}
			s.compare(i, int(e.row))
		}
	}
}

// compare marks a pair whose cosine is large enough.
func (s *likely) compare(i, j int) {
	if s.near[i] && (!s.within || s.near[j]) || s.of[i].distance(s.in[j]) > s.apart {
		return
	}
	if s.row != i {
		s.a.Vector(s.x, i)
		s.row, s.x2 = i, dot(s.x, s.x)
	}
	s.b.Vector(s.y, j)
	if y2 := dot(s.y, s.y); s.x2 > 0 && y2 > 0 && cosineOf(s.x, s.y, s.x2, y2) >= s.least {
		s.near[i] = true
		if s.within {
			s.near[j] = true
		}
	}
}

// mostApart returns the largest number of bits in which vectors with a cosine of least differ, up
// to four standard deviations: 45 of 256 at 0.95. Vectors without anything in common differ in 128,
// give or take 8.
func mostApart(least float64) int {
	differ := math.Acos(max(-1, min(1, least))) / math.Pi
	return int(sketchBits*differ + 4*math.Sqrt(sketchBits*differ*(1-differ)))
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
	for _, s := range all {
		start[int(s.key(t))+1]++
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

// sketchBits is the number of bits of a sketch.
const sketchBits = 256

// sketch holds the signs of a vector's components after a random rotation. Two vectors differ
// in a bit with probability angle/pi.
type sketch [sketchBits / 64]uint64

// key returns the bits of table t.
func (s sketch) key(t int) uint16 { return uint16(s[t/4] >> (t % 4 * tableBits)) }

// distance returns the number of bits in which two sketches differ.
func (s sketch) distance(o sketch) int {
	n := 0
	for k, word := range s {
		n += bits.OnesCount64(word ^ o[k])
	}
	return n
}

// sketches returns the sketch of each vector, on all cores.
func (r rotation) sketches(ctx context.Context, from Source) []sketch {
	out, workers := make([]sketch, from.N), runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			space := make([]float32, len(r.signs[0]))
			for i := w; i < from.N; i += workers {
				if i&1023 == 0 && ctx.Err() != nil {
					return // the caller returns the error
				}
				clear(space)
				from.Vector(space[:from.Dim], i)
				out[i] = r.of(space)
			}
		})
	}
	wait.Wait()
	return out
}
