// Package cosine finds vectors with similar directions, such as those of near-duplicate
// prompts. Call [Between] to compare two sets of vectors, [Within] for one set, or
// [Largest] for each vector's nearest. [Sketch] is for sets too large to compare every pair.
package cosine

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"github.com/routellm/routellm/routers/internal/neighbours"
)

// Pair holds row A of one set, row B of the other, and the cosine of their vectors.
type Pair struct {
	A, B   int     // row numbers from 0
	Cosine float64 // Cosine is from -1 to 1, and exactly 1 for equal vectors
}

// Options selects what to return.
type Options struct {
	Least float64 // Least is the smallest cosine of vectors that count as near
	Pairs int     // Pairs is the number of closest pairs to return, near or not
	// Progress, if non-nil, is called after every few rows of the first set with
	// their number, never concurrently.
	Progress func(done, total int)
}

// Found is the result of a comparison.
type Found struct {
	Near  []bool // Near reports for each row of the first set whether a row of the other is near
	Pairs []Pair // Pairs holds the closest pairs, by descending cosine, then by A and B
}

// Between compares every vector of a with every vector of b. All must have the same
// number of finite components. A zero vector has no direction and is in no pair. The
// result equals the result of a double loop in float64 on any number of cores; memory
// grows with len(a) + len(b). If ctx is done, Between returns its error.
func Between(ctx context.Context, a, b [][]float32, o Options) (Found, error) {
	return find(ctx, newRows(a), newRows(b), false, o)
}

// Within compares the vectors of one set, each two of them once: in a pair A is less than
// B.
func Within(ctx context.Context, a [][]float32, o Options) (Found, error) {
	rows := newRows(a)
	return find(ctx, rows, rows, true, o)
}

func find(ctx context.Context, a, b rows, within bool, o Options) (Found, error) {
	s := &search{a: a, b: b, within: within, Options: o, near: make([]bool, len(a.vectors))}
	if len(a.vectors) == 0 || len(b.vectors) == 0 {
		return Found{Near: s.near}, ctx.Err()
	}
	s.slack = float64(b.dim+8) / (1 << 23)
	err := neighbours.Rows(b.vectors, b.dim, 0).Cosines(ctx, a.vectors, func(i int, cosines []float64) error {
		s.row(i, cosines)
		return nil
	})
	slices.SortFunc(s.best, compare)
	return Found{Near: s.near, Pairs: slices.Clip(s.best)}, err
}

// compare orders pairs by descending cosine, then by A and B.
func compare(p, q Pair) int {
	return cmp.Or(cmp.Compare(q.Cosine, p.Cosine), cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
}

// search is shared by the goroutines; each handles other rows of a.
type search struct {
	a, b   rows
	within bool
	Options
	slack float64 // bound on the error of products in float32
	near  []bool

	mu   sync.Mutex // guards the fields below
	best closest
	done int
}

// row checks the pairs of row i whose cosine may matter.
func (s *search) row(i int, cosines []float64) {
	cut := s.cut() - s.slack
	for j, c := range cosines {
		if c >= cut && !(s.within && i == j) && s.a.norm2[i] > 0 && s.b.norm2[j] > 0 {
			s.check(i, j, min(1, c+s.slack))
			cut = s.cut() - s.slack
		}
	}
	if s.Progress == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done++; s.done%progressRows == 0 || s.done == len(s.near) {
		s.Progress(s.done, len(s.near))
	}
}

// progressRows is the number of rows between two calls of Progress.
const progressRows = 64

// cut returns the smallest cosine of a pair that may matter.
func (s *search) cut() float64 {
	if s.Pairs == 0 {
		return s.Least
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.best) < s.Pairs {
		return -1
	}
	return min(s.Least, s.best[0].Cosine)
}

// check computes the exact cosine of a pair if one of at most atMost can matter.
func (s *search) check(i, j int, atMost float64) {
	ordered := !s.within || i < j // two rows of one set form one pair
	if s.near[i] && !(ordered && s.wants(Pair{i, j, atMost})) {
		return
	}
	p := Pair{i, j, cosineOf(s.a.vectors[i], s.b.vectors[j], s.a.norm2[i], s.b.norm2[j])}
	s.near[i] = s.near[i] || p.Cosine >= s.Least
	if !ordered {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.best.wants(p, s.Pairs) {
		s.best.add(p, s.Pairs)
	}
}

// wants reports whether a pair is among the closest so far.
func (s *search) wants(p Pair) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.best.wants(p, s.Pairs)
}

// cosineOf returns a cosine that is the same for (x, y) and (y, x), and exactly 1 for
// equal vectors, because the root of a square is exact.
func cosineOf(x, y []float32, x2, y2 float64) float64 {
	return max(-1, min(1, dot(x, y)/math.Sqrt(x2*y2)))
}

func dot(x, y []float32) float64 {
	sum := 0.0
	for k, v := range x {
		sum += float64(v) * float64(y[k]) // exact, so a fused multiply-add gives the same result
	}
	return sum
}
