package pool

import (
	"encoding/binary"
	"math"
)

// Policy is one operating point of a router, as it is stored and served.
type Policy struct {
	Lambda float64 // quality that a unit of cost must bring, at least 0; +Inf where only cost counts
	// Mix is the share of the prompts that take the most expensive one where several models are
	// equally good at Lambda, in [0,1]; the others take the cheapest one. It is how the router
	// randomises between two vertices of its path. A vertex is its Lambda with the mix 1.
	Mix float64
}

// Choose returns the model with the largest p - lambda k for a prompt with the predicted qualities
// p and costs k. Values within 1e-9 of the largest, relative to their parts, are equally good.
// Models with the same p and k share their prompts equally. draw is a random number in [0,1), the
// same for the same prompt: see [Draw].
func (y Policy) Choose(p, k []float64, draw float64) int { return y.ChooseAmong(p, k, draw, anyModel) }

// anyModel lets every model be chosen.
func anyModel(int) bool { return true }

// ChooseAmong does what Choose does with the models that may be chosen; -1 if there are none.
func (y Policy) ChooseAmong(p, k []float64, draw float64, may func(m int) bool) int {
	cheap, dear := y.ends(p, k, may)
	if cheap < 0 {
		return -1
	}
	side, part := cheap, (draw-y.Mix)/(1-y.Mix)
	if draw < y.Mix {
		side, part = dear, draw/y.Mix
	}
	var equal []int
	for m := range twins(side, p, k) {
		if may(m) {
			equal = append(equal, m)
		}
	}
	return equal[min(int(part*float64(len(equal))), len(equal)-1)]
}

// Draw returns the random number of a prompt for [Policy.Choose]: the first 53 bits of the SHA-256
// digest of its UTF-8 bytes, as a fraction. digest is at least 8 bytes long.
func Draw(digest []byte) float64 {
	return float64(binary.BigEndian.Uint64(digest)>>11) / (1 << 53)
}

// Shares writes the probability with which the policy chooses each model for a prompt to share,
// which has one element per model; see [Policy.Choose].
func (y Policy) Shares(share, p, k []float64) {
	clear(share)
	cheap, dear := y.ends(p, k, anyModel)
	spread(share, 1-y.Mix, cheap, p, k)
	spread(share, y.Mix, dear, p, k)
}

// spread adds part to the models with the same p and k as a model, in equal shares.
func spread(share []float64, part float64, model int, p, k []float64) {
	count := 0.0
	for range twins(model, p, k) {
		count++
	}
	for m := range twins(model, p, k) {
		share[m] += part / count
	}
}

// twins returns the models with the same p and k as a model, itself included, in order.
func twins(model int, p, k []float64) func(func(int) bool) {
	return func(yield func(int) bool) {
		for m := range p {
			if p[m] == p[model] && k[m] == k[model] && !yield(m) {
				return
			}
		}
	}
}

// ends returns the cheapest and the most expensive of the equally good models; of several with
// that cost, the one with the highest p. Both are -1 if no model may be chosen.
func (y Policy) ends(p, k []float64, may func(m int) bool) (cheap, dear int) {
	least := y.least(p, k, may)
	cheap, dear = -1, -1
	for m := range p {
		switch {
		case y.value(p[m], k[m]) < least || !may(m):
			continue
		case cheap < 0:
			cheap, dear = m, m
			continue
		}
		if k[m] < k[cheap] || k[m] == k[cheap] && p[m] > p[cheap] {
			cheap = m
		}
		if k[m] > k[dear] || k[m] == k[dear] && p[m] > p[dear] {
			dear = m
		}
	}
	return cheap, dear
}

// value returns p - lambda k, or -k where only cost counts.
func (y Policy) value(p, k float64) float64 {
	if math.IsInf(y.Lambda, 1) {
		return -k
	}
	return p - float64(y.Lambda*k)
}

// least returns the least value that counts as equal to the largest one.
func (y Policy) least(p, k []float64, may func(m int) bool) float64 {
	best, size := math.Inf(-1), 0.0
	for m := range p {
		if v := y.value(p[m], k[m]); v > best && may(m) {
			best, size = v, math.Abs(p[m])+math.Abs(float64(y.Lambda*k[m]))
		}
	}
	if math.IsInf(y.Lambda, 1) {
		return best
	}
	return best - float64(sameLambda*size)
}
