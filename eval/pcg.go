package eval

import (
	"math/bits"

	"github.com/routellm/routellm/eval/sweep"
)

// pcg draws the numbers of rand.New(rand.NewPCG(seed, stream)) of math/rand/v2, the generator
// PCG-DXSM (O'Neill, HMC-CS-2014-0905, 2014). A resample draws a number per cluster, which takes
// half of the time without calls through an interface.
type pcg struct{ hi, lo uint64 }

// below returns a uniform number below n, as rand.Rand's Uint32N does, and the generator after it.
func (p pcg) below(n uint32) (pcg, uint32) {
	p, bits64 := p.next()
	if n&(n-1) == 0 {
		return p, uint32(bits64) & (n - 1)
	}
	x, rest := bits.Mul64(bits64, uint64(n))
	if rest < uint64(n) {
		for least := -uint64(n) % uint64(n); rest < least; {
			p, bits64 = p.next()
			x, rest = bits.Mul64(bits64, uint64(n))
		}
	}
	return p, uint32(x)
}

// next returns the next 64 bits and the generator after them. It takes and returns values, which
// stay in registers.
func (p pcg) next() (pcg, uint64) {
	const (
		factorHi, factorLo = 0x2360ed051fc65da4, 0x4385df649fccf645
		addHi, addLo       = 0x5851f42d4c957f2d, 0x14057b7ef767814f
		mix                = 0xda942042e4dd58b5
	)
	hi, lo := bits.Mul64(p.lo, factorLo)
	hi += p.hi*factorLo + p.lo*factorHi
	lo, carry := bits.Add64(lo, addLo, 0)
	hi, _ = bits.Add64(hi, addHi, carry)
	p = pcg{hi, lo}
	hi ^= hi >> 32
	hi *= mix
	hi ^= hi >> 48
	return p, hi * (lo | 1)
}

// draw draws len(draws) clusters with replacement and counts how often it drew each. The count of
// a byte overflows after 255, which [meansOf] notices.
func draw[D sweep.Draws](p pcg, draws []D) {
	clear(draws)
	n := uint32(len(draws))
	for range draws {
		var c uint32
		p, c = p.below(n)
		draws[c]++
	}
}
