// Package cosine finds vectors that point the same way: the near copies among
// prompts.
package cosine

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"github.com/routellm/routellm/routers/internal/neighbours"
)

// Pair is row A of one set and row B of the other, with the cosine of their vectors.
type Pair struct {
	A, B   int
	Cosine float64 // from -1 to 1; exactly 1 where the vectors are equal
}

// Options say what to look for.
type Options struct {
	Least    float64 // cosine from which vectors are near
	Pairs    int     // how many of the closest pairs to return, near or not
	Progress func(done, total int)
}

// Found is what there is.
type Found struct {
	Near  []bool // rows of the first set with a near one in the other
	Pairs []Pair // the closest pairs: highest cosine first, equal ones by A, then B
}

// Between compares every vector of a with every one of b. All have as many finite
// components. A zero vector has no direction and is in no pair. The result is that
// of a double loop in float64, whatever the number of cores; memory grows with
// len(a) + len(b). The only error is that of a context that is done.
func Between(ctx context.Context, a, b [][]float32, o Options) (Found, error) {
	return find(ctx, newRows(a), newRows(b), false, o)
}

// Within compares the vectors of one set, each two once: A is below B in a pair.
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

// compare orders pairs: the closest first.
func compare(p, q Pair) int {
	return cmp.Or(cmp.Compare(q.Cosine, p.Cosine), cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
}

// search is what the goroutines share, each with other rows of a.
type search struct {
	a, b   rows
	within bool
	Options
	slack float64 // more than products in float32 are off by
	near  []bool

	mu   sync.Mutex // of what follows
	best closest
	done int
}

// row looks at the cosines of row i of a that may matter.
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

// progressRows is how many rows pass between two reports.
const progressRows = 64

// cut is the cosine from which a pair may matter.
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

// check looks closely at a pair whose cosine is at most the given one.
func (s *search) check(i, j int, atMost float64) {
	ordered := !s.within || i < j // each two rows of one set are one pair
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

// cosineOf is the same for a pair and its mirror image, and exactly 1 for equal
// vectors: the root of a square is exact.
func cosineOf(x, y []float32, x2, y2 float64) float64 {
	return max(-1, min(1, dot(x, y)/math.Sqrt(x2*y2)))
}

func dot(x, y []float32) float64 {
	sum := 0.0
	for k, v := range x {
		sum += float64(v) * float64(y[k]) // exact, and so the same fused or not
	}
	return sum
}
