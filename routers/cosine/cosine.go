// Package cosine finds vectors that point the same way: the near copies among
// prompts.
package cosine

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
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

// tile is how many rows of either set are multiplied at once: two tiles of 256
// components and their products stay in the second-level cache.
const tile = 64

func find(ctx context.Context, a, b rows, within bool, o Options) (Found, error) {
	s := &search{a: a, b: b, within: within, Options: o}
	workers := make([]*worker, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for i := range workers {
		workers[i] = &worker{search: s, near: make([]bool, a.n()), products: make([]float32, tile*tile)}
		wait.Go(func() { workers[i].work(ctx) })
	}
	wait.Wait()
	found := Found{Near: make([]bool, a.n())}
	for _, w := range workers {
		for i, near := range w.near {
			found.Near[i] = found.Near[i] || near
		}
		found.Pairs = append(found.Pairs, w.best...)
	}
	slices.SortFunc(found.Pairs, compare)
	found.Pairs = slices.Clip(found.Pairs[:min(o.Pairs, len(found.Pairs))])
	return found, ctx.Err()
}

// compare orders pairs: the closest first.
func compare(p, q Pair) int {
	return cmp.Or(cmp.Compare(q.Cosine, p.Cosine), cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
}

// search is what the workers share: rows of a are given out, a tile at a time.
type search struct {
	a, b   rows
	within bool
	Options
	mu   sync.Mutex
	next int
}

// take gives out the next rows of a, none at the end.
func (s *search) take() (from, to int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, to = s.next, min(s.next+tile, s.a.n())
	s.next = to
	if s.Progress != nil && from < to {
		s.Progress(to, s.a.n())
	}
	return from, to
}

// worker has what one goroutine finds.
type worker struct {
	*search
	near     []bool
	best     closest
	products []float32
}

func (w *worker) work(ctx context.Context) {
	for from, to := w.take(); from < to; from, to = w.take() {
		start := 0
		if w.within {
			start = from
		}
		for ; start < w.b.n(); start += tile {
			if ctx.Err() != nil {
				return
			}
			w.multiply(from, to, start, min(start+tile, w.b.n()))
		}
	}
}

// multiply multiplies a tile of a with one of b and looks at the products that may
// matter. They are in float32 and off by less than slack.
func (w *worker) multiply(aFrom, aTo, bFrom, bTo int) {
	a, b := w.a.matrix(aFrom, aTo), w.b.matrix(bFrom, bTo)
	c := blas32.General{Rows: aTo - aFrom, Cols: bTo - bFrom, Stride: tile, Data: w.products}
	blas32.Gemm(blas.NoTrans, blas.Trans, 1, a, b, 0, c)
	slack := float64(w.a.dim+8) / (1 << 23)
	cut := float32(w.cut() - slack)
	for i := range c.Rows {
		for j, product := range c.Data[i*tile:][:c.Cols] {
			if product >= cut {
				w.check(aFrom+i, bFrom+j, min(1, float64(product)+slack))
				cut = float32(w.cut() - slack)
			}
		}
	}
}

// cut is the cosine from which a pair may matter.
func (w *worker) cut() float64 {
	if w.Pairs == 0 {
		return w.Least
	}
	if len(w.best) < w.Pairs {
		return -1
	}
	return min(w.Least, w.best[0].Cosine)
}

// check looks closely at a pair whose cosine is at most the given one.
func (w *worker) check(i, j int, atMost float64) {
	if w.within && i >= j || w.a.norm2[i] == 0 || w.b.norm2[j] == 0 {
		return
	}
	known := w.near[i] && (!w.within || w.near[j])
	if known && !w.wants(Pair{i, j, atMost}) {
		return
	}
	p := Pair{i, j, cosineOf(w.a.vectors[i], w.b.vectors[j], w.a.norm2[i], w.b.norm2[j])}
	if p.Cosine >= w.Least {
		w.near[i] = true
		if w.within {
			w.near[j] = true
		}
	}
	if w.wants(p) {
		w.best.add(p, w.Pairs)
	}
}

// wants reports whether a pair is among the closest so far.
func (w *worker) wants(p Pair) bool {
	return len(w.best) < w.Pairs || w.Pairs > 0 && compare(p, w.best[0]) < 0
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
