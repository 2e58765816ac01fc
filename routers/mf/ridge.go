package mf

import (
	"math"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/training"
)

// Settings of the cross-validation that chooses the ridge weight.
const (
	repeats       = 5 // number of random divisions into folds
	fewRepeats    = 1 // the same for sources with more than manyRows rows or manyInputs inputs
	manyRows      = 5000
	manyInputs    = 512
	ridgeSteps    = 17 // number of ridge weights tried, from 1 to 10,000
	stepsADecade  = 4
	smallestRidge = 1.0
)

// gram holds the sums over rows that ridge regression needs. The sums of disjoint sets of
// rows can be added and subtracted.
type gram struct {
	n     float64
	xx    *mat.SymDense // d x d: sum of x x'
	xy, x []float64     // sum of x y, sum of x
	y     float64
}

func newGram(d int) gram {
	return gram{xx: mat.NewSymDense(d, nil), xy: make([]float64, d), x: make([]float64, d)}
}

func (g *gram) add(x []float64, y float64) {
	d, raw := len(x), g.xx.RawSymmetric()
	g.n++
	g.y += y
	for i, v := range x {
		g.x[i] += v
		g.xy[i] += float64(v * y)
		row := raw.Data[i*raw.Stride : i*raw.Stride+d]
		for j := i; j < d; j++ {
			row[j] += float64(v * x[j])
		}
	}
}

// minus returns the sums over the rows of g that are not among the rows of h.
func (g gram) minus(h gram) gram {
	out := newGram(len(g.x))
	out.n, out.y = g.n-h.n, g.y-h.y
	out.xx.AddSym(g.xx, out.xx)
	a, b := out.xx.RawSymmetric(), h.xx.RawSymmetric()
	for k := range a.Data {
		a.Data[k] -= b.Data[k]
	}
	for i := range g.x {
		out.x[i], out.xy[i] = g.x[i]-h.x[i], g.xy[i]-h.xy[i]
	}
	return out
}

// solve returns the ridge regression of y on x with an unpenalised intercept: the minimum
// of sum (y - w.x - c)^2 + lambda w.w. It overwrites work, a d x d matrix.
func (g gram) solve(lambda float64, work *mat.SymDense) (w []float64, c float64) {
	d := len(g.x)
	xx, a := g.xx.RawSymmetric(), work.RawSymmetric()
	w = make([]float64, d)
	for i := range d {
		from, to := xx.Data[i*xx.Stride:i*xx.Stride+d], a.Data[i*a.Stride:i*a.Stride+d]
		for j := i; j < d; j++ {
			to[j] = from[j] - g.x[i]*g.x[j]/g.n
		}
		to[i] += lambda
		w[i] = g.xy[i] - g.x[i]*g.y/g.n
	}
	solve(a, w)
	c = g.y / g.n
	for i := range w {
		c -= float64(w[i] * g.x[i] / g.n)
	}
	return w, c
}

// ridgeFit is a ridge regression with the ridge weight that cross-validation chose.
type ridgeFit struct {
	Lambda    float64
	path      []training.Step // mean squared error of held-out rows per ridge weight
	direction inputs.Linear   // weights on scaled inputs
	heldOut   []float64
}

// fitRidge chooses the ridge weight by repeated 10-fold cross-validation, grouped by
// normalised prompt, and fits all rows with it. It calls tick once per fold.
func fitRidge(x [][]float64, y []float64, norm []string, tick func()) ridgeFit {
	times := repeatsOf(len(y), len(x[0]))
	total := newGram(len(x[0]))
	for i := range x {
		total.add(x[i], y[i])
	}
	errs, heldOut := make([]float64, ridgeSteps), make([][]float64, ridgeSteps)
	for k := range heldOut {
		heldOut[k] = make([]float64, len(y))
	}
	for r := range times {
		fold := training.FoldsOf(norm, r)
		for f := range training.Folds {
			validate(x, y, fold, f, total, errs, heldOut)
			tick()
		}
	}
	best := 0
	for k := range errs {
		if errs[k] < errs[best] {
			best = k
		}
	}
	scale := float64(times * len(y))
	fit := ridgeFit{Lambda: lambdaAt(best), heldOut: heldOut[best]}
	for i := range y {
		fit.heldOut[i] /= float64(times)
	}
	for k := range errs {
		fit.path = append(fit.path, training.Step{Setting: lambdaAt(k), Error: errs[k] / scale})
	}
	w, c := total.solve(fit.Lambda, mat.NewSymDense(len(x[0]), nil))
	fit.direction = inputs.Linear{Weights: w, Intercept: c}
	return fit
}

// repeatsOf returns the number of divisions into folds for n rows of dim inputs.
func repeatsOf(n, dim int) int {
	if n > manyRows || dim > manyInputs {
		return fewRepeats
	}
	return repeats
}

// validate adds the squared errors and predictions of one fold for every ridge weight.
func validate(x [][]float64, y []float64, fold []int, f int, total gram, errs []float64, heldOut [][]float64) {
	part := newGram(len(x[0]))
	for i := range x {
		if fold[i] == f {
			part.add(x[i], y[i])
		}
	}
	if part.n == 0 || part.n == total.n {
		return
	}
	rest, work := total.minus(part), mat.NewSymDense(len(x[0]), nil)
	for k := range errs {
		w, c := rest.solve(lambdaAt(k), work)
		l := inputs.Linear{Weights: w, Intercept: c}
		for i := range x {
			if fold[i] == f {
				p := l.At(x[i])
				heldOut[k][i] += p
				errs[k] += float64((p - y[i]) * (p - y[i]))
			}
		}
	}
}

func lambdaAt(k int) float64 { return smallestRidge * math.Pow(10, float64(k)/stepsADecade) }

// solve replaces b with the solution x of a x = b and a with its Cholesky factor. a is
// positive definite. Unlike [mat.Cholesky], solve does not estimate the condition number,
// which takes a quarter of the time and which a ridge weight of at least 1 keeps small.
func solve(a blas64.Symmetric, b []float64) {
	factor, ok := lapack64.Potrf(a)
	if !ok {
		panic("mf: a ridge made of positive parts is not positive definite")
	}
	lapack64.Potrs(factor, blas64.General{Rows: len(b), Cols: 1, Stride: 1, Data: b})
}
