package eval

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// pValue returns the p value of the permutation test: (1 + m)/(permutations + 1), where m is
// the number of permutations with |t*| >= |t|. A permutation tosses a coin for each cluster
// and, if it is heads, lets the two routers swap the ranks of that cluster's samples. It swaps
// ranks because the routers' scores have different scales. Another coin decides which router's
// samples come first if both have the same rank; ties within a router stay ties. Permutation p
// draws from PCG(seed, p).
func (d *duel) pValue(t float64, permutations int, seed uint64) float64 {
	if len(d.centre) < 2 {
		return math.NaN() // no standard error
	}
	// Rounding must not make equal statistics differ.
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

// permuted walks through the duel after tossing the clusters' sides, and tosses the ties
// between the routers on the way.
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
		first := k + int(c.toss()) // branch-free: a branch on a coin is mispredicted half of the time
		w.take(first)
		w.take(2*k + 1 - first)
		k++
	}
	return w.measure()
}

// coins tosses coins. It draws 64 at a time.
type coins struct {
	source *rand.PCG
	bits   uint64 // coins that are drawn but not tossed yet
	left   int    // number of those coins
}

func newCoins() coins { return coins{source: rand.NewPCG(0, 0)} }

// seed restarts the coins from PCG(seed, stream).
func (c *coins) seed(seed, stream uint64) {
	c.source.Seed(seed, stream)
	c.left = 0
}

// toss returns 0 or 1, each with probability 1/2.
func (c *coins) toss() uint8 {
	if c.left == 0 {
		c.bits, c.left = c.source.Uint64(), 64
	}
	bit := uint8(c.bits & 1)
	c.bits >>= 1
	c.left--
	return bit
}
