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
	Ridge    float64 // Ridge is the penalty on the weights
	Balance  float64 // Balance ranges from 0, classes count by their prompts, to 1, classes count equally
	Products bool    // Products adds the products of each two counts as inputs
}

// Chosen returns the options for every router. Of those tried, they keep most of the
// heads' held-out correlation with their labels on the built-in sources' own prompts
// (scripts/choose_gate.py, docs/results.md).
func Chosen() Options { return Options{Ridge: 0.1, Balance: 0.5, Products: true} }

// Gate is a multinomial logistic regression on a prompt's inputs.
type Gate struct {
	classes []inputs.Linear // weights on the inputs, then on the products
	counts  *inputs.Scaler  // scales the counts before they are multiplied; nil without products
}

// maxSteps limits the optimizer, which converges in fewer steps.
const maxSteps = 3000

// Fit trains a gate on the inputs of each class's prompts. The result does not depend on
// the number of cores.
func Fit(classes [][][]float64, o Options) (*Gate, error) {
	var all [][]float64
	l := loss{classes: len(classes), ridge: o.Ridge}
	for k, rows := range classes {
		all = append(all, rows...)
		l.label = append(l.label, slices.Repeat([]int{k}, len(rows))...)
	}
	for _, rows := range classes {
		l.weight = append(l.weight, math.Pow(float64(len(all))/float64(len(classes)*len(rows)), o.Balance))
	}
	scale := inputs.NewScaler(all)
	l.x = scale.Apply(all)
	if o.Products {
		for i, x := range l.x {
			l.x[i] = appendProducts(x, x[len(x)-inputs.Counts:])
		}
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
	return newGate(found.X, l, scale, o), nil
}

// newGate turns weights on scaled inputs into weights on unscaled inputs.
func newGate(w []float64, l loss, scale inputs.Scaler, o Options) *Gate {
	g, dim := &Gate{}, len(scale.Mean)
	for k := range l.classes {
		row := w[k*l.width : (k+1)*l.width]
		class := scale.Fold(row[:dim], row[l.width-1])
		class.Weights = append(class.Weights, row[dim:l.width-1]...)
		g.classes = append(g.classes, class)
	}
	if o.Products {
		g.counts = &inputs.Scaler{Mean: scale.Mean[dim-inputs.Counts:], Scale: scale.Scale[dim-inputs.Counts:]}
	}
	return g
}

// farthest limits scaled counts, in standard deviations, before they are multiplied.
const farthest = 3.0

// appendProducts appends the products of every two scaled counts, including squares.
func appendProducts(dst, counts []float64) []float64 {
	for i, a := range counts {
		for _, b := range counts[i:] {
			dst = append(dst, cut(a)*cut(b))
		}
	}
	return dst
}

func cut(x float64) float64 { return max(-farthest, min(farthest, x)) }

// Weights returns the probability of each class for a prompt with inputs x.
func (g *Gate) Weights(x []float64) []float64 {
	if g.counts != nil {
		counts := g.counts.Apply([][]float64{x[len(x)-inputs.Counts:]})[0]
		x = appendProducts(slices.Clip(x), counts)
	}
	p := make([]float64, len(g.classes))
	for k, class := range g.classes {
		p[k] = class.At(x)
	}
	softmax(p)
	return p
}

// Store adds the gate to a model file.
func (g *Gate) Store(f *safetensors.File) {
	f.Tensors["gate"] = inputs.Rows(g.classes)
	if g.counts != nil {
		f.Tensors["gate_counts"] = safetensors.NewFloats(slices.Concat(g.counts.Mean, g.counts.Scale), 2, inputs.Counts)
	}
}

// products is the number of products of two counts.
const products = inputs.Counts * (inputs.Counts + 1) / 2

// Read reads the gate of a model file with the given numbers of classes and inputs.
func Read(f *safetensors.File, classes, dim int) (*Gate, error) {
	g := &Gate{}
	if _, ok := f.Tensors["gate_counts"]; ok {
		v, err := f.Floats("gate_counts", 2, inputs.Counts)
		if err != nil {
			return nil, err
		}
		g.counts = &inputs.Scaler{Mean: v[:inputs.Counts], Scale: v[inputs.Counts:]}
		dim += products
	}
	if classes < 2 {
		return nil, errors.New("a gate needs at least two classes")
	}
	var err error
	g.classes, err = inputs.ReadRows(f, "gate", classes, dim+1)
	return g, err
}
