package mf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/training"
)

// Head is the collapsed pair of one source of labels: how much the strong model is
// needed, in standard deviations among the source's own prompts. Sources differ in
// level and in scale of their labels; what a head keeps is the order of prompts.
type Head struct {
	Name  string
	Score Linear
}

// minSlope keeps the order of prompts where the held-out scores do not predict
// wins: such a head routes, but its win rates are nearly constant.
const minSlope = 0.05

// trained is a head with the scores of its prompts by models that have not seen
// them.
type trained struct {
	Head
	heldOut []float64
	report  training.Report
}

// fitHead trains one source's head.
func fitHead(s *training.Source, tick func()) trained {
	inputs := inputsOf(s)
	scale := newScaler(inputs)
	fit := fitRidge(scale.apply(inputs), s.Label, s.Norm, tick)
	mean, sd := moments(fit.heldOut)
	for i, v := range fit.heldOut {
		fit.heldOut[i] = (v - mean) / sd
	}
	direction := scale.fold(fit.direction.Weights, fit.direction.Intercept).times(1/sd, -mean/sd)
	c := calibrate(fit.heldOut, s.Won)
	rates := make([]float64, len(fit.heldOut))
	for i, z := range fit.heldOut {
		rates[i] = c.rate(z)
	}
	report := training.NewReport(s, rates)
	report.Setting, report.Path = fmt.Sprintf("ridge %.3g", fit.Lambda), fit.path
	return trained{Head{s.Name, direction}, fit.heldOut, report}
}

// calibration turns a score into a win rate.
type calibration struct{ slope, shift float64 }

func (c calibration) rate(score float64) float64 {
	return bradleyterry.Sigmoid(float64(c.slope*score) + c.shift)
}

// calibrate fits the win rate on held-out scores (Platt 1999).
func calibrate(score, won []float64) calibration {
	var z, y []float64
	for i, v := range won {
		if !math.IsNaN(v) {
			z, y = append(z, score[i]), append(y, v)
		}
	}
	var c calibration
	c.slope, c.shift = logistic(z, y)
	c.slope = max(c.slope, minSlope)
	return c
}

// moments returns mean and standard deviation, the latter at least tiny.
func moments(x []float64) (mean, sd float64) {
	mean = training.Mean(x)
	for _, v := range x {
		sd += float64((v - mean) * (v - mean))
	}
	return mean, max(math.Sqrt(sd/float64(len(x))), 1e-12)
}

// logistic fits sigmoid(a z + b) by Newton's method, with a prior that keeps
// separable or one-sided labels finite.
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
		step := solve(hessian, gradient)
		a, b = a-step[0], b-step[1]
		if math.Abs(step[0])+math.Abs(step[1]) < 1e-10 {
			break
		}
	}
	return a, b
}
