package weakfirst

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/optimize"

	"github.com/routellm/routellm/routers/bradleyterry"
)

// maxSteps limits the optimizer, which converges in fewer steps.
const maxSteps = 2000

// logistic fits sigmoid(w x) to targets in [0,1] (fractional logit: Papke and Wooldridge 1996), with
// ridge/2 times the squared weights as the penalty, which spares the intercept. start holds the
// weights to begin with. The result does not depend on the number of cores.
func logistic(x [][]float64, y []float64, ridge float64, start []float64) ([]float64, error) {
	l := &loss{x: x, y: y, ridge: ridge, gradient: make([]float64, len(start))}
	problem := optimize.Problem{
		Func: func(w []float64) float64 { l.at(w); return l.value },
		Grad: func(gradient, w []float64) { l.at(w); copy(gradient, l.gradient) },
	}
	settings := &optimize.Settings{GradientThreshold: 1e-6 * float64(len(x)), MajorIterations: maxSteps}
	found, err := optimize.Minimize(problem, start, settings, &optimize.LBFGS{})
	if found == nil {
		return nil, fmt.Errorf("training the cascade: %w", err)
	}
	return found.X, nil
}

// loss is the penalised loss with its gradient at the weights that were asked for last: the optimizer
// asks for both, and most of the work is the same.
type loss struct {
	x        [][]float64
	y        []float64
	ridge    float64
	w        []float64 // nil before the first question
	value    float64
	gradient []float64
}

func (l *loss) at(w []float64) {
	if l.w != nil && equal(w, l.w) {
		return
	}
	l.w, l.value = append(l.w[:0], w...), 0
	clear(l.gradient)
	last := len(w) - 1
	for i, x := range l.x {
		p := bradleyterry.Sigmoid(weigh(w, x))
		l.value += logLoss(p, l.y[i])
		d := p - l.y[i]
		for k, v := range x {
			l.gradient[k] += float64(d * v)
		}
		l.gradient[last] += d
	}
	for k, v := range w[:last] {
		l.value += l.ridge / 2 * float64(v*v)
		l.gradient[k] += float64(l.ridge * v)
	}
}

func equal(a, b []float64) bool {
	for i, v := range a {
		if v != b[i] {
			return false
		}
	}
	return true
}

// logLoss returns the cross-entropy of a probability and a target in [0,1], in nats.
func logLoss(p, y float64) float64 {
	const least = 1e-12
	p = min(max(p, least), 1-least)
	return -float64(y*math.Log(p)) - float64((1-y)*math.Log1p(-p))
}
