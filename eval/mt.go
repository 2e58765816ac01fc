package eval

import "gonum.org/v1/gonum/mathext/prng"

// pyRandom draws the same numbers as CPython's random.random() after random.seed(seed): 53-bit
// doubles from MT19937, seeded with the array of the seed's 32-bit words.
type pyRandom struct{ mt *prng.MT19937 }

// newPyRandom returns a generator seeded like CPython's.
func newPyRandom(seed uint32) pyRandom {
	mt := prng.NewMT19937()
	mt.SeedFromKeys([]uint32{seed})
	return pyRandom{mt}
}

// Float64 returns the next value in [0,1).
func (r pyRandom) Float64() float64 {
	hi, lo := r.mt.Uint32()>>5, r.mt.Uint32()>>6
	return (float64(hi)*(1<<26) + float64(lo)) / (1 << 53)
}
