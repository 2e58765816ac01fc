package mf

import (
	"math"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/ridge"
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

// ridgeFit is a ridge regression with the ridge weight that cross-validation chose.
type ridgeFit struct {
	Lambda    float64
	path      []training.Step // mean squared error of held-out rows per ridge weight
	direction inputs.Linear   // weights on scaled inputs
	heldOut   []float64
}

// fitRidge chooses the ridge weight by 10-fold cross-validation, grouped by normalised prompt and
// done the given number of times, and fits all rows with it. It calls tick once per fold.
func fitRidge(x [][]float64, y []float64, norm []string, times int, tick func()) ridgeFit {
	total := ridge.New(len(x[0]), 1)
	for i := range x {
		total.Add(x[i], y[i])
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
	fit.direction = total.Solve(fit.Lambda)[0]
	return fit
}

// repeatsOf returns the number of divisions into folds for n rows of dim inputs.
func repeatsOf(n, dim int, once bool) int {
	if once || n > manyRows || dim > manyInputs {
		return fewRepeats
	}
	return repeats
}

// validate adds the squared errors and predictions of one fold for every ridge weight.
func validate(x [][]float64, y []float64, fold []int, f int, total ridge.Gram, errs []float64, heldOut [][]float64) {
	part := ridge.New(len(x[0]), 1)
	for i := range x {
		if fold[i] == f {
			part.Add(x[i], y[i])
		}
	}
	if part.N == 0 || part.N == total.N {
		return
	}
	rest := total.Minus(part)
	for k := range errs {
		l := rest.Solve(lambdaAt(k))[0]
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
