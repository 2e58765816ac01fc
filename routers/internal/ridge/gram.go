// Package ridge fits ridge regressions in closed form, for one or several targets at once.
package ridge

import (
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/routers/internal/inputs"
)

// Gram holds the sums over rows that ridge regression needs. The sums of disjoint sets of
// rows can be added and subtracted.
type Gram struct {
	N  float64       // number of rows
	xx *mat.SymDense // d x d: sum of x x'
	x  []float64     // sum of x
	xy [][]float64   // sum of x y, by target
	y  []float64     // sum of y, by target
	yy []float64     // sum of y y, by target
}

// New returns the sums over no rows, with d inputs.
func New(d, targets int) Gram {
	g := Gram{xx: mat.NewSymDense(d, nil), x: make([]float64, d), xy: make([][]float64, targets), y: make([]float64, targets), yy: make([]float64, targets)}
	for t := range g.xy {
		g.xy[t] = make([]float64, d)
	}
	return g
}

// Add adds a row of inputs with one value per target.
func (g *Gram) Add(x []float64, y ...float64) {
	d, raw := len(x), g.xx.RawSymmetric()
	g.N++
	for t, v := range y {
		g.y[t] += v
		g.yy[t] += float64(v * v)
		for i, u := range x {
			g.xy[t][i] += float64(u * v)
		}
	}
	for i, v := range x {
		g.x[i] += v
		row := raw.Data[i*raw.Stride : i*raw.Stride+d]
		for j := i; j < d; j++ {
			row[j] += float64(v * x[j])
		}
	}
}

// Plus returns the sums over the rows of g and of h.
func (g Gram) Plus(h Gram) Gram { return g.combine(h, 1) }

// Minus returns the sums over the rows of g that are not among the rows of h.
func (g Gram) Minus(h Gram) Gram { return g.combine(h, -1) }

func (g Gram) combine(h Gram, sign float64) Gram {
	out := New(len(g.x), len(g.y))
	out.N = g.N + float64(sign*h.N)
	to, a, b := out.xx.RawSymmetric().Data, g.xx.RawSymmetric().Data, h.xx.RawSymmetric().Data
	addScaled(to, a, b, sign)
	addScaled(out.x, g.x, h.x, sign)
	addScaled(out.y, g.y, h.y, sign)
	addScaled(out.yy, g.yy, h.yy, sign)
	for t := range out.xy {
		addScaled(out.xy[t], g.xy[t], h.xy[t], sign)
	}
	return out
}

// addScaled sets to to a + sign b.
func addScaled(to, a, b []float64, sign float64) {
	for k := range to {
		to[k] = a[k] + float64(sign*b[k])
	}
}

// Solve returns, for each target, the ridge regression with an unpenalised intercept: the
// minimum of sum (y - w.x - c)^2 + lambda w.w. Without rows it is 0.
func (g Gram) Solve(lambda float64) []inputs.Linear {
	d := len(g.x)
	work := mat.NewSymDense(d, nil)
	xx, a := g.xx.RawSymmetric(), work.RawSymmetric()
	out := make([]inputs.Linear, len(g.y))
	for t := range out {
		out[t].Weights = make([]float64, d)
	}
	if g.N == 0 {
		return out
	}
	for i := range d {
		from, to := xx.Data[i*xx.Stride:i*xx.Stride+d], a.Data[i*a.Stride:i*a.Stride+d]
		for j := i; j < d; j++ {
			to[j] = from[j] - g.x[i]*g.x[j]/g.N
		}
		to[i] += lambda
		for t := range out {
			out[t].Weights[i] = g.xy[t][i] - g.x[i]*g.y[t]/g.N
		}
	}
	factor := factorOf(a)
	for t := range out {
		w := out[t].Weights
		lapack64.Potrs(factor, blas64.General{Rows: d, Cols: 1, Stride: 1, Data: w})
		out[t].Intercept = g.y[t] / g.N
		for i := range w {
			out[t].Intercept -= float64(w[i] * g.x[i] / g.N)
		}
	}
	return out
}

// factorOf replaces a, which is positive definite, with its Cholesky factor. Unlike
// [mat.Cholesky], it does not estimate the condition number, which takes a quarter of the
// time and which a ridge weight of at least 1 keeps small.
func factorOf(a blas64.Symmetric) blas64.Triangular {
	factor, ok := lapack64.Potrf(a)
	if !ok {
		panic("ridge: a ridge made of positive parts is not positive definite")
	}
	return factor
}

// SquaredError returns the sum over the rows of the squared errors of predictions of a target.
func (g Gram) SquaredError(target int, l inputs.Linear) float64 {
	w, c := blas64.Vector{N: len(l.Weights), Inc: 1, Data: l.Weights}, l.Intercept
	moved := blas64.Vector{N: w.N, Inc: 1, Data: make([]float64, w.N)}
	blas64.Symv(1, g.xx.RawSymmetric(), w, 0, moved)
	linear := 0.0 // c and the mixed terms
	for i, v := range l.Weights {
		linear += float64(v * (float64(c*g.x[i]) - g.xy[target][i]))
	}
	e := g.yy[target] + blas64.Dot(w, moved) + 2*linear + float64(c*(float64(g.N*c)-2*g.y[target]))
	return max(e, 0)
}
