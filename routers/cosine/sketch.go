package cosine

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// Source gives the vectors of a set that is too large to hold them as floats.
type Source struct {
	N, Dim int // number of vectors, and of their components
	// Vector writes vector i to dst, which has Dim elements. Calls are concurrent.
	Vector func(dst []float32, i int)
}

// Sketched is a set of vectors with a sketch of 64 bytes for each, by which [Sketched.Near] finds
// near ones. Get one from [Sketch].
type Sketched struct {
	source   Source
	sketches []sketch
	norm2    []float64 // squared lengths
}

// Sketch returns the vectors with their sketches. It uses all cores. Equal vectors have equal
// sketches. If ctx is done, Sketch returns its error.
func Sketch(ctx context.Context, from Source) (*Sketched, error) {
	s := &Sketched{source: from, sketches: make([]sketch, from.N), norm2: make([]float64, from.N)}
	turns := [2]rotation{newRotation(from.Dim, 0), newRotation(from.Dim, 1)}
	onAllCores(from.N, func(lo, hi int) {
		vector, space := make([]float32, from.Dim), make([]float32, len(turns[0].signs[0]))
		for i := lo; i < hi && ctx.Err() == nil; i++ {
			from.Vector(vector, i)
			s.norm2[i] = dot(vector, vector)
			for k, r := range turns {
				clear(space)
				copy(space, vector)
				copy(s.sketches[i][k*len(sketch{})/2:], r.signsOf(space))
			}
		}
	})
	return s, ctx.Err()
}

// onAllCores calls do with all parts of 0 to n, on all cores.
func onAllCores(n int, do func(from, to int)) {
	const part = 4096
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+part-1)/part) {
		wait.Go(func() {
			for from := int(next.Add(part)) - part; from < n; from = int(next.Add(part)) - part {
				do(from, min(from+part, n))
			}
		})
	}
	wait.Wait()
}

// sketchBits is the number of bits of a sketch, half of them from each of two rotations.
const sketchBits = 512

// sketch holds the signs of a vector's components after random rotations. Two vectors differ in
// a bit with probability angle/pi.
type sketch [sketchBits / 64]uint64

// key returns the bits of table t.
func (s *sketch) key(t int) uint16 { return uint16(s[t/4] >> (t % 4 * tableBits)) }

// apart returns the number of bits in which halves of two sketches differ: those that begin with
// word from.
func apart(x, y *sketch, from int) (n int) {
	for k := from; k < from+len(x)/2; k++ {
		n += bits.OnesCount64(x[k] ^ y[k])
	}
	return n
}

// rotation turns vectors at random: three times, it changes signs at random and takes the
// Walsh-Hadamard transform, which takes n log n steps (Andoni and others 2015,
// arXiv 1509.02897, section 6).
type rotation struct{ signs [3][]float32 }

// newRotation draws a rotation for vectors with dim components, padded with zeros to a power of
// two, at least as many as half a sketch has bits.
func newRotation(dim int, seed uint64) rotation {
	n := sketchBits / 2
	for n < dim {
		n *= 2
	}
	var r rotation
	rng := rand.New(rand.NewPCG(seed, 0))
	for k := range r.signs {
		r.signs[k] = make([]float32, n)
		for i := range r.signs[k] {
			r.signs[k][i] = float32(1 - 2*int(rng.Uint64()&1))
		}
	}
	return r
}

// signsOf returns half a sketch of a padded vector, which it overwrites.
func (r rotation) signsOf(v []float32) []uint64 {
	for _, signs := range r.signs {
		for i, sign := range signs {
			v[i] *= sign
		}
		transform(v)
	}
	var half [len(sketch{}) / 2]uint64
	for i := range 64 * len(half) {
		if v[i] >= 0 {
			half[i/64] |= 1 << (i % 64)
		}
	}
	return half[:]
}

// transform replaces v by its Walsh-Hadamard transform, without the factor.
func transform(v []float32) {
	for half := 1; half < len(v); half *= 2 {
		for from := 0; from < len(v); from += 2 * half {
			a, b := v[from:from+half], v[from+half:from+2*half]
			for i, x := range a {
				a[i], b[i] = x+b[i], x-b[i]
			}
		}
	}
}
