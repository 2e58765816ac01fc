package mf

import (
	"math"

	"gonum.org/v1/gonum/floats"

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
	heldOut   []float64       // mean over the divisions
	divisions []training.Folded
}

// fitRidge chooses the ridge weight by 10-fold cross-validation, grouped by normalised prompt and
// done the given number of times, and fits all rows with it. It calls tick once per fold.
func fitRidge(x [][]float64, y []float64, norm []string, times int, tick func()) ridgeFit {
	total := ridge.New(len(x[0]), 1)
	for i := range x {
		total.Add(x[i], y[i])
	}
	divisions := make([]division, times)
	for r := range divisions {
		divisions[r] = newDivision(training.FoldsOf(norm, r))
		for f := range training.Folds {
			divisions[r].validate(x, y, f, total)
			tick()
		}
	}
	errs := make([]float64, ridgeSteps)
	for _, d := range divisions {
		floats.Add(errs, d.errors(-1))
	}
	best := floats.MinIdx(errs)
	scale := float64(times * len(y))
	fit := ridgeFit{Lambda: lambdaAt(best), heldOut: make([]float64, len(y))}
	for _, d := range divisions {
		fit.divisions = append(fit.divisions, d.chosen())
		floats.Add(fit.heldOut, d.heldOut[best])
	}
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

// division holds what cross-validation finds in one division into folds.
type division struct {
	fold    []int
	heldOut [][]float64 // predictions of all rows, by ridge weight
	errs    [][]float64 // squared errors, by fold and ridge weight
}

func newDivision(fold []int) division {
	d := division{fold, make([][]float64, ridgeSteps), make([][]float64, training.Folds)}
	for k := range d.heldOut {
		d.heldOut[k] = make([]float64, len(fold))
	}
	for f := range d.errs {
		d.errs[f] = make([]float64, ridgeSteps)
	}
	return d
}

// validate predicts one fold from the others with every ridge weight.
func (d division) validate(x [][]float64, y []float64, f int, total ridge.Gram) {
	part := ridge.New(len(x[0]), 1)
	for i := range x {
		if d.fold[i] == f {
			part.Add(x[i], y[i])
		}
	}
	if part.N == 0 || part.N == total.N {
		return
	}
	rest := total.Minus(part)
	for k := range ridgeSteps {
		l := rest.Solve(lambdaAt(k))[0]
		for i := range x {
			if d.fold[i] == f {
				p := l.At(x[i])
				d.heldOut[k][i] = p
				d.errs[f][k] += float64((p - y[i]) * (p - y[i]))
			}
		}
	}
}

// errors returns the squared errors of all folds but one, by ridge weight.
func (d division) errors(but int) []float64 {
	sum := make([]float64, ridgeSteps)
	for f, errs := range d.errs {
		if f != but {
			floats.Add(sum, errs)
		}
	}
	return sum
}

// chosen returns the predictions of each fold with the ridge weight that the other folds choose.
func (d division) chosen() training.Folded {
	out := training.Folded{Score: make([]float64, len(d.fold)), Fold: d.fold}
	best := make([]int, training.Folds)
	for f := range best {
		best[f] = floats.MinIdx(d.errors(f))
	}
	for i, f := range d.fold {
		out.Score[i] = d.heldOut[best[f]][i]
	}
	return out
}

func lambdaAt(k int) float64 { return smallestRidge * math.Pow(10, float64(k)/stepsADecade) }
