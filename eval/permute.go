package eval

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// pValue returns (1 + how many of the permutations have |t*| >= |t|)/(permutations + 1).
// Each lets the routers swap the ranks of whole clusters, every cluster by the toss of a
// coin: ranks and not scores, which two routers have on different scales. Where both
// routers' samples then have the same rank, a coin says which router's come first;
// a router's own ties stay ties. Permutation p draws from PCG(seed, p).
func (d *duel) pValue(t float64, permutations int, seed uint64) float64 {
	if len(d.centre) < 2 {
		return math.NaN() // no standard error
	}
	// Permutations that come to the same statistic must not be told apart by rounding.
	least := math.Abs(t) * (1 - 1e-9)
	var next, extreme atomic.Int64
	var wait sync.WaitGroup
	for range min(permutations, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			w, c := newWalk(d), newCoins()
			for p := next.Add(1) - 1; p < int64(permutations); p = next.Add(1) - 1 {
				c.seed(seed, uint64(p))
				if math.Abs(w.permuted(&c).t()) >= least {
					extreme.Add(1)
				}
			}
		})
	}
	wait.Wait()
	return float64(1+extreme.Load()) / float64(permutations+1)
}

// permuted walks with sides and ties tossed.
func (w *walk) permuted(c *coins) measured {
	w.reset()
	for i := range w.swap {
		w.swap[i] = c.toss()
	}
	blocks := w.duel.blocks
	for k := 0; k < len(blocks); k++ {
		if !blocks[k].tied {
			w.take(k)
			continue
		}
		first := k + int(c.toss()) // no branch on luck
		w.take(first)
		w.take(2*k + 1 - first)
		k++
	}
	return w.measure()
}

// coins tosses 64 coins at a time.
type coins struct {
	source *rand.PCG
	bits   uint64
	left   int
}

func newCoins() coins { return coins{source: rand.NewPCG(0, 0)} }

func (c *coins) seed(seed, stream uint64) {
	c.source.Seed(seed, stream)
	c.left = 0
}

// toss returns 0 or 1.
func (c *coins) toss() uint8 {
	if c.left == 0 {
		c.bits, c.left = c.source.Uint64(), 64
	}
	bit := uint8(c.bits & 1)
	c.bits >>= 1
	c.left--
	return bit
}
