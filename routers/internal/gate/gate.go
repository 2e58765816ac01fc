// Package gate estimates which kind of training prompts a prompt resembles. [Fit] trains
// a [Gate], [Gate.Weights] applies it.
package gate

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/safetensors"
)

// Options selects the form of the gate.
type Options struct {
	Ridge   float64 // Ridge is the penalty on the weights
	Balance float64 // Balance ranges from 0, classes count by their prompts, to 1, classes count equally
}

// Chosen returns the options for every router. Of those tried, they keep most of the
// heads' held-out correlation with their labels on the built-in sources' own prompts
// (docs/results.md).
func Chosen() Options { return Options{Ridge: 0.3, Balance: 0.5} }

// Gate is a multinomial logistic regression on a prompt's inputs.
type Gate struct {
	scale   inputs.Scaler
	classes []inputs.Linear // weights on the scaled inputs, then on the products
	counts  *counts         // nil unless an older version trained the gate
}

// maxSteps limits the optimizer, which converges in fewer steps.
const maxSteps = 3000

// Fit trains a gate on the inputs of each class's prompts. The result does not depend on
// the number of cores.
func Fit(shape inputs.Shape, classes [][][]float64, o Options) (*Gate, error) {
	var all [][]float64
	l := loss{classes: len(classes), ridge: o.Ridge}
	for k, rows := range classes {
		all = append(all, rows...)
		l.label = append(l.label, slices.Repeat([]int{k}, len(rows))...)
	}
	for _, rows := range classes {
		l.weight = append(l.weight, math.Pow(float64(len(all))/float64(len(classes)*len(rows)), o.Balance))
	}
	g := &Gate{scale: inputs.NewScaler(shape, all)}
	for _, x := range all {
		l.x = append(l.x, g.row(x))
	}
	l.width = len(l.x[0]) + 1
	known := newKnown(l)
	problem := optimize.Problem{
		Func: func(w []float64) float64 { return known.at(w).loss },
		Grad: func(gradient, w []float64) { copy(gradient, known.at(w).gradient) },
	}
	settings := &optimize.Settings{GradientThreshold: 1e-3, MajorIterations: maxSteps}
	found, err := optimize.Minimize(problem, make([]float64, l.classes*l.width), settings, &optimize.LBFGS{})
	if err != nil && found == nil {
		return nil, fmt.Errorf("training the gate: %w", err)
	}
	for row := range slices.Chunk(found.X, l.width) {
		g.classes = append(g.classes, inputs.Linear{Weights: row[:l.width-1], Intercept: row[l.width-1]})
	}
	return g, nil
}

// row returns what the classes are regressed on.
func (g *Gate) row(x []float64) []float64 {
	z := g.scale.Row(nil, x)
	if g.counts != nil {
		z = g.counts.appendProducts(z, x[g.scale.Vector:])
	}
	return z
}

// Weights returns the probability of each class for a prompt with inputs x.
func (g *Gate) Weights(x []float64) []float64 {
	z, p := g.row(x), make([]float64, len(g.classes))
	for k, class := range g.classes {
		p[k] = class.At(z)
	}
	softmax(p)
	return p
}

// Store adds the gate to a model file.
func (g *Gate) Store(f *safetensors.File) {
	f.Tensors["gate"] = inputs.Rows(g.classes)
	inputs.Store(f, "gate_inputs", g.scale)
	if g.counts != nil {
		g.counts.store(f)
	}
}

// Read reads the gate of a model file with the given number of classes and shape of inputs.
func Read(f *safetensors.File, classes int, shape inputs.Shape) (g *Gate, err error) {
	if classes < 2 {
		return nil, errors.New("a gate needs at least two classes")
	}
	g = &Gate{}
	width := shape.Dim() + 1
	if g.counts, err = readCounts(f); err != nil {
		return nil, err
	}
	if g.counts != nil {
		width += products
	}
	if g.classes, err = inputs.ReadRows(f, "gate", classes, width); err != nil {
		return nil, err
	}
	scale, err := inputs.Read(f, "gate_inputs", 1, shape.Dim())
	if err != nil {
		return nil, err
	}
	if g.scale = scale[0]; g.scale.Shape != shape {
		return nil, fmt.Errorf("the gate has inputs %v, expected %v", g.scale.Shape, shape)
	}
	return g, nil
}
