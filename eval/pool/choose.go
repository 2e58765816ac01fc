package pool

import (
	"encoding/binary"
	"math"
)

// Policy is one operating point of a router, as it is stored and served.
type Policy struct {
	Lambda float64 // quality that a unit of cost must bring, at least 0
	// Mix is the share of the prompts that take the most expensive one where several models are
	// equally good at Lambda, in [0,1]; the others take the cheapest one. It is how the router
	// randomises between two vertices of its path.
	Mix float64
}

// Choose returns the model with the largest p - lambda k for a prompt with the predicted qualities
// p and costs k. Values within 1e-9 of the largest, relative to their parts, are equally good.
// draw is a random number in [0,1), the same for the same prompt: see [Draw].
func (y Policy) Choose(p, k []float64, draw float64) int {
	return y.ChooseAmong(p, k, draw, func(int) bool { return true })
}

// ChooseAmong does what Choose does with the models that may be chosen; -1 if there are none.
func (y Policy) ChooseAmong(p, k []float64, draw float64, may func(m int) bool) int {
	best, size := math.Inf(-1), 0.0
	for m := range p {
		if v := p[m] - float64(y.Lambda*k[m]); v > best && may(m) {
			best, size = v, math.Abs(p[m])+float64(y.Lambda*math.Abs(k[m]))
		}
	}
	chosen := -1
	for m := range p {
		if p[m]-float64(y.Lambda*k[m]) < best-float64(sameLambda*size) || !may(m) {
			continue
		}
		dearer := chosen >= 0 && k[m] > k[chosen]
		if chosen < 0 || k[m] != k[chosen] && dearer == (draw < y.Mix) {
			chosen = m
		}
	}
	return chosen
}

// Draw returns the random number of a prompt for [Policy.Choose]: the first 53 bits of the SHA-256
// digest of its UTF-8 bytes, as a fraction. digest is at least 8 bytes long.
func Draw(digest []byte) float64 {
	return float64(binary.BigEndian.Uint64(digest)>>11) / (1 << 53)
}
