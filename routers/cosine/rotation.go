package cosine

import "math/rand/v2"

// rotation turns vectors at random: three times, it changes signs at random and takes the
// Walsh-Hadamard transform, which takes n log n steps (Andoni and others 2015,
// arXiv 1509.02897, section 6).
type rotation struct{ signs [3][]float32 }

// newRotation draws a rotation for vectors with dim components, padded with zeros to a power of
// two, at least as many as a sketch has bits.
func newRotation(dim int, seed uint64) rotation {
	n := sketchBits
	for n < dim {
		n *= 2
	}
	var r rotation
	rng := rand.New(rand.NewPCG(seed, 0))
	for k := range r.signs {
		r.signs[k] = make([]float32, n)
		for i := range r.signs[k] {
			r.signs[k][i] = float32(1 - 2*int(rng.Uint64()&1))
		}
	}
	return r
}

// of returns the sketch of a padded vector, which it overwrites.
func (r rotation) of(v []float32) (s sketch) {
	for _, signs := range r.signs {
		for i, sign := range signs {
			v[i] *= sign
		}
		transform(v)
	}
	for i := range sketchBits {
		if v[i] >= 0 {
			s[i/64] |= 1 << (i % 64)
		}
	}
	return s
}

// transform replaces v by its Walsh-Hadamard transform, without the factor.
func transform(v []float32) {
	for half := 1; half < len(v); half *= 2 {
		for from := 0; from < len(v); from += 2 * half {
			a, b := v[from:from+half], v[from+half:from+2*half]
			for i, x := range a {
				a[i], b[i] = x+b[i], x-b[i]
			}
		}
	}
}
