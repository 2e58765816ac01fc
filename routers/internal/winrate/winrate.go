// Package winrate turns scores into win rates. [Fit] fits a [Scale] to scores and
// outcomes.
package winrate

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/training"
)

// minSlope keeps the order of prompts if the held-out scores do not predict wins. Such a
// head still routes, but its win rates are nearly constant.
const minSlope = 0.05

// Scale turns a score into the win rate sigmoid(Slope * score + Shift).
type Scale struct {
	Slope, Shift float64 // Slope is per unit of score, Shift is added to the product
}

// Rate returns the win rate of a score.
func (s Scale) Rate(score float64) float64 {
	return bradleyterry.Sigmoid(float64(s.Slope*score) + s.Shift)
}

// Rates returns the win rates of scores.
func (s Scale) Rates(scores []float64) []float64 {
	out := make([]float64, len(scores))
	for i, v := range scores {
		out[i] = s.Rate(v)
	}
	return out
}

// Report compares a source's outcomes with the win rates fitted to its held-out scores, and its
// gains with the scores of divisions into folds.
func Report(s *training.Source, heldOut []float64, divisions []training.Folded, setting string, path []training.Step) training.Report {
	r := training.NewReport(s, Fit(heldOut, s.Won).Rates(heldOut), divisions...)
	r.Setting, r.Path = setting, path
	return r
}

// Fit fits win rates to held-out scores (Platt 1999). won is 1 or 0; rows with NaN are
// ignored.
func Fit(score, won []float64) Scale {
	var z, y []float64
	for i, v := range won {
		if !math.IsNaN(v) {
			z, y = append(z, score[i]), append(y, v)
		}
	}
	slope, shift := logistic(z, y)
	return Scale{max(slope, minSlope), shift}
}

// Moments returns mean and standard deviation. The latter is at least 1e-12.
func Moments(x []float64) (mean, sd float64) {
	mean = training.Mean(x)
	for _, v := range x {
		sd += float64((v - mean) * (v - mean))
	}
	return mean, max(math.Sqrt(sd/float64(len(x))), 1e-12)
}

// logistic fits sigmoid(a z + b) by Newton's method. A prior keeps the result finite for
// separable or one-sided outcomes.
func logistic(z, y []float64) (a, b float64) {
	const prior = 1.0
	for range 50 {
		gradient := mat.NewVecDense(2, []float64{prior * a, prior * b})
		hessian := mat.NewSymDense(2, []float64{prior, 0, 0, prior})
		for i, v := range z {
			p := bradleyterry.Sigmoid(float64(a*v) + b)
			h := p * (1 - p)
			gradient.SetVec(0, gradient.AtVec(0)+float64((p-y[i])*v))
			gradient.SetVec(1, gradient.AtVec(1)+p-y[i])
			hessian.SetSym(0, 0, hessian.At(0, 0)+float64(h*v*v))
			hessian.SetSym(0, 1, hessian.At(0, 1)+float64(h*v))
			hessian.SetSym(1, 1, hessian.At(1, 1)+h)
		}
		var c mat.Cholesky
		var step mat.VecDense
		if !c.Factorize(hessian) || c.SolveVecTo(&step, gradient) != nil {
			break // the prior excludes it, except for extremely large scores
		}
		a, b = a-step.AtVec(0), b-step.AtVec(1)
		if math.Abs(step.AtVec(0))+math.Abs(step.AtVec(1)) < 1e-10 {
			break
		}
	}
	return a, b
}
