package mf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/optimize"
)

// The gate's form: the penalty on its weights, and how far classes are balanced, from 0
// (a class counts with its prompts) to 1 (all count the same). They and the mixture
// of heads were chosen on the built-in sources' own prompts by
// scripts/choose_gate.py: the smallest share kept of a head's held-out correlation
// with its labels is largest (docs/results.md).
const (
	gateRidge   = 0.1
	gateBalance = 0.75
)

// gateSteps bounds the optimizer; it converges in fewer.
const gateSteps = 500

// fitGate returns one discriminant a class, whose softmax is the probability that
// a prompt is of that class: multinomial logistic regression with a ridge.
// classes are the inputs of each class's prompts.
func fitGate(classes [][][]float64) ([]Linear, error) {
	var all [][]float64
	var label []int
	for k, rows := range classes {
		all = append(all, rows...)
		for range rows {
			label = append(label, k)
		}
	}
	scale := newScaler(all)
	g := gateLoss{x: scale.apply(all), label: label, classes: len(classes), width: len(all[0]) + 1}
	for _, rows := range classes {
		g.weight = append(g.weight, math.Pow(float64(len(all))/float64(len(classes)*len(rows)), gateBalance))
	}
	problem := optimize.Problem{
		Func: func(w []float64) float64 { return g.eval(w, nil) },
		Grad: func(gradient, w []float64) { g.eval(w, gradient) },
	}
	settings := &optimize.Settings{GradientThreshold: 1e-3, MajorIterations: gateSteps}
	found, err := optimize.Minimize(problem, make([]float64, g.classes*g.width), settings, &optimize.LBFGS{})
	if err != nil && found == nil {
		return nil, fmt.Errorf("training the gate: %w", err)
	}
	gate := make([]Linear, len(classes))
	for k := range gate {
		row := found.X[k*g.width : (k+1)*g.width]
		gate[k] = scale.fold(row[:g.width-1], row[g.width-1])
	}
	return gate, nil
}

// gateLoss is the penalised cross-entropy of the classes. Weights are one row a
// class with the intercept last.
type gateLoss struct {
	x              [][]float64
	label          []int
	weight         []float64 // of a prompt of each class
	classes, width int
}

// eval returns the loss at w, and its gradient where there is room for it.
func (g gateLoss) eval(w, gradient []float64) float64 {
	loss, p := 0.0, make([]float64, g.classes)
	clear(gradient)
	for i, x := range g.x {
		for k := range p {
			row := w[k*g.width : (k+1)*g.width]
			p[k] = floats.Dot(row[:g.width-1], x) + row[g.width-1]
		}
		softmax(p)
		weight := g.weight[g.label[i]]
		loss -= float64(weight * math.Log(max(p[g.label[i]], math.SmallestNonzeroFloat64)))
		if gradient == nil {
			continue
		}
		p[g.label[i]]--
		for k, v := range p {
			v *= weight
			row := gradient[k*g.width : (k+1)*g.width]
			floats.AddScaled(row[:g.width-1], v, x)
			row[g.width-1] += v
		}
	}
	for i, v := range w {
		if (i+1)%g.width == 0 {
			continue // an intercept is free
		}
		loss += gateRidge / 2 * float64(v*v)
		if gradient != nil {
			gradient[i] += gateRidge * v
		}
	}
	return loss
}

// softmax turns discriminants into weights that add up to 1.
func softmax(z []float64) {
	top, sum := math.Inf(-1), 0.0
	for _, v := range z {
		top = max(top, v)
	}
	for i, v := range z {
		z[i] = math.Exp(v - top)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}
