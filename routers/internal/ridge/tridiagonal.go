package ridge

import (
	"math"

	"gonum.org/v1/gonum/blas"
	lapack "gonum.org/v1/gonum/lapack/gonum"
	"gonum.org/v1/gonum/mat"
)

// tridiagonal is a symmetric positive semi-definite matrix that is 0 beyond the diagonal and its
// neighbours.
type tridiagonal struct {
	diagonal []float64
	off      []float64 // off holds the elements beside the diagonal
}

// tridiagonalOf turns a into a tridiagonal matrix t and returns the axes q for which a = q t q'. It
// overwrites a.
func tridiagonalOf(a *mat.SymDense) (t tridiagonal, q *mat.Dense) {
	raw, n := a.RawSymmetric(), a.SymmetricDim()
	t = tridiagonal{make([]float64, n), make([]float64, n-1)}
	const block = 64
	tau, work := make([]float64, n-1), make([]float64, block*n)
	lapack.Implementation{}.Dsytrd(blas.Upper, n, raw.Data, raw.Stride, t.diagonal, t.off, tau, work, len(work))
	lapack.Implementation{}.Dorgtr(blas.Upper, n, raw.Data, raw.Stride, tau, work, len(work))
	return t, mat.NewDense(n, n, raw.Data)
}

// shifted is t + lambda = l d l', where d is diagonal and l is 1 on the diagonal, and has other
// elements only below it.
type shifted struct {
	d, l  []float64
	trace float64 // trace of the inverse
}

// plus adds lambda, which is above 0, to the diagonal. No element of d can be below it, but by rounding.
func (t tridiagonal) plus(lambda float64) shifted {
	n := len(t.diagonal)
	s := shifted{d: make([]float64, n), l: make([]float64, n)}
	for i, v := range t.diagonal {
		v += lambda
		if i > 0 {
			s.l[i] = t.off[i-1] / s.d[i-1]
			v -= float64(s.l[i] * t.off[i-1])
		}
		s.d[i] = max(v, lambda)
	}
	last := 0.0 // the element of d if the elimination begins at the other end
	for i := n - 1; i >= 0; i-- {
		v := t.diagonal[i] + lambda
		last = v - above(t.off, i, last)
		last = max(last, lambda)
		s.trace += 1 / max(s.d[i]+last-v, lambda)
	}
	return s
}

// above returns what eliminating row i+1 takes from the diagonal of row i.
func above(off []float64, i int, next float64) float64 {
	if i == len(off) {
		return 0
	}
	return off[i] * off[i] / next
}

// solve replaces x by the solution y of (t + lambda) y = x.
func (s shifted) solve(x []float64) {
	for i := 1; i < len(x); i++ {
		x[i] -= float64(s.l[i] * x[i-1])
	}
	for i, d := range s.d {
		x[i] /= d
	}
	for i := len(x) - 2; i >= 0; i-- {
		x[i] -= float64(s.l[i+1] * x[i+1])
	}
}

// logDet returns the logarithm of the determinant.
func (s shifted) logDet() float64 {
	sum := 0.0
	for _, d := range s.d {
		sum += math.Log(d)
	}
	return sum
}
