package moved

import (
	"container/heap"
	"math"

	"github.com/routellm/routellm/eval/pool"
)

// envelope bounds the quality within a budget from one side, as it passes along the path. sign is 1
// for the lower bound and -1 for the upper one; qualities are stored times sign.
type envelope struct {
	sign float64
	out  *pool.Path
	top  float64 // highest cost of an edge so far
	at   float64 // the quality there, times sign
	held reached // earlier blocks in which the path may have been dearer than top
}

// reached is a heap of blocks by the bound of their quality.
type reached []reach

// reach holds the largest cost that a block can have, and the bound of its quality.
type reach struct{ quality, cost float64 }

func (h reached) Len() int           { return len(h) }
func (h reached) Less(i, j int) bool { return h[i].quality < h[j].quality }
func (h reached) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *reached) Push(x any)        { *h = append(*h, x.(reach)) }
func (h *reached) Pop() any          { last := (*h)[len(*h)-1]; *h = (*h)[:len(*h)-1]; return last }

// newEnvelope returns the envelope of pieces that begin at a vertex, over budgets up to hi.
func newEnvelope(sign float64, start pool.Vertex, pieces []piece, hi float64) *pool.Path {
	e := envelope{sign: sign, out: &pool.Path{}, top: start.Cost, at: sign * start.Quality}
	e.vertex(start.Cost, e.at)
	for _, x := range pieces {
		e.pass(x)
	}
	e.end(hi)
	return e.out
}

// vertex adds a vertex of a quality times sign.
func (e *envelope) vertex(cost, quality float64) {
	e.out.Vertices = append(e.out.Vertices, pool.Vertex{Lambda: math.NaN(), Cost: cost, Quality: e.sign * quality})
}

// bound returns the bound of the quality in a piece's rectangle, times sign.
func (e *envelope) bound(x piece) float64 {
	if e.sign > 0 {
		return x.least.Quality
	}
	return -x.most.Quality
}

// pass passes a piece. The path certainly reaches the budgets from top to the piece's end in the piece,
// if it did not do so in an earlier one.
func (e *envelope) pass(x piece) {
	higher := x.to.Cost > e.top
	if higher {
		for b := e.top; b < x.to.Cost; {
			e.drop(b)
			next := x.to.Cost
			if len(e.held) > 0 {
				next = min(next, e.held[0].cost)
			}
			e.level(x, b, next)
			b = next
		}
		e.top, e.at = x.to.Cost, e.sign*x.to.Quality
	}
	if !x.single && (higher || x.most.Cost > e.top) {
		heap.Push(&e.held, reach{e.bound(x), x.most.Cost})
	}
}

// drop removes the first blocks of the heap while their costs do not exceed a budget.
func (e *envelope) drop(budget float64) {
	for len(e.held) > 0 && e.held[0].cost <= budget {
		heap.Pop(&e.held)
	}
}

// level adds the bound over budgets between two, which are first reached in a piece or in the blocks of
// the heap, of which the first one has the bound.
func (e *envelope) level(x piece, from, to float64) {
	left, right := e.bound(x), e.bound(x)
	if x.single {
		left, right = e.sign*x.line(from), e.sign*x.line(to)
	}
	if len(e.held) > 0 {
		least := min(left, right, e.held[0].quality)
		left, right = least, least
	}
	e.vertex(from, left)
	e.vertex(to, right)
}

// end adds the bound beyond the highest edge, where the path stays at its place of the highest cost:
// that edge, or a place in one of the blocks that may be as dear.
func (e *envelope) end(hi float64) {
	least := e.at
	for _, h := range e.held {
		if h.cost >= e.top {
			least = min(least, h.quality)
		}
	}
	if hi > e.top {
		e.vertex(e.top, least)
		e.vertex(hi, least)
	}
}
