package mf

import (
	"context"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/floats"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/parallel"
	"github.com/routellm/routellm/routers/internal/ridge"
	"github.com/routellm/routellm/routers/internal/winrate"
	"github.com/routellm/routellm/routers/training"
)

// ridgeFit is a ridge regression with the ridge weight of each group of inputs at which the
// marginal likelihood is largest.
type ridgeFit struct {
	effective float64         // effective number of weights
	direction inputs.Linear   // weights on scaled inputs
	heldOut   []float64       // prediction of each row by 10-fold cross-validation
	fold      []int           // fold of each row
	path      []training.Step // mean squared error of held-out rows, by a common factor of all ridge weights
}

// factors returns the multiples of the ridge weights of which the path tells the errors.
func factors() []float64 {
	var out []float64
	for k := -4; k <= 4; k++ {
		out = append(out, math.Pow(10, float64(k)/2))
	}
	return out
}

// fitRidge fits a ridge regression and validates it by 10-fold cross-validation, grouped by
// normalised prompt: each fold's weights are chosen without it. The weights shrink towards 0, but
// that of the first count, the length, towards the given correlation with the labels. fitRidge
// calls tick once per fold.
func fitRidge(x [][]float64, y []float64, norm []string, groups []inputs.Group, length float64, tick func()) ridgeFit {
	_, sd := winrate.Moments(y)
	slope, at := length*sd, groups[1].From
	rest := make([]float64, len(y))
	for i, v := range y {
		rest[i] = v - float64(slope*x[i][at])
	}
	fit := fitRest(x, rest, norm, groups, tick)
	fit.direction.Weights[at] += slope
	for i := range fit.heldOut {
		fit.heldOut[i] += float64(slope * x[i][at])
	}
	return fit
}

// fitRest fits all weights shrunk towards 0.
func fitRest(x [][]float64, y []float64, norm []string, groups []inputs.Group, tick func()) ridgeFit {
	v := validation{x: x, y: y, fold: training.FoldsOf(norm, 0), groups: groups, heldOut: make([]float64, len(y)), errs: make([][]float64, training.Folds)}
	v.total = v.sums(func(int) bool { return true })
	whole := v.total.Grouped(groups)
	lambda := whole.Weights(0, nil)
	fit := ridgeFit{effective: floats.Sum(whole.Effective(0, lambda)), direction: whole.Solve(0, lambda), heldOut: v.heldOut, fold: v.fold}
	var lock sync.Mutex
	parallel.Each(context.Background(), training.Folds, func(f int) {
		v.predict(f)
		lock.Lock()
		defer lock.Unlock()
		tick()
	})
	for k, factor := range factors() {
		sum := 0.0
		for f := range v.errs { // in order, because sums depend on it
			sum += v.errs[f][k]
		}
		fit.path = append(fit.path, training.Step{Setting: factor, Error: sum / float64(len(y))})
	}
	return fit
}

// validation is a cross-validation of a ridge regression.
type validation struct {
	x       [][]float64
	y       []float64
	fold    []int
	groups  []inputs.Group
	total   ridge.Gram
	heldOut []float64
	errs    [][]float64 // summed squared errors of each fold, by factor
}

func (v *validation) sums(use func(row int) bool) ridge.Gram {
	g := ridge.New(len(v.x[0]), 1)
	for i, x := range v.x {
		if use(i) {
			g.Add(x, v.y[i])
		}
	}
	return g
}

// predict predicts the rows of one fold from the others.
func (v *validation) predict(f int) {
	v.errs[f] = make([]float64, len(factors()))
	in := func(i int) bool { return v.fold[i] == f }
	rest := v.total.Minus(v.sums(in))
	if rest.N == 0 || rest.N == v.total.N {
		return
	}
	q := rest.Grouped(v.groups)
	lambda := q.Weights(0, nil) // not from that of all rows, which knows the fold's labels
	for k, factor := range factors() {
		multiple := slices.Clone(lambda)
		floats.Scale(factor, multiple)
		l := q.Solve(0, multiple)
		for i, x := range v.x {
			if !in(i) {
				continue
			}
			p := l.At(x)
			v.errs[f][k] += float64((p - v.y[i]) * (p - v.y[i]))
			if factor == 1 {
				v.heldOut[i] = p
			}
		}
	}
}
