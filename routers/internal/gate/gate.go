// Package gate tells which kind of training prompts a prompt is like.
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

// Options are the gate's form.
type Options struct {
	Ridge    float64 // penalty on its weights
	Balance  float64 // how far classes are balanced: 0, each counts with its prompts, to 1, all count the same
	Products bool    // also look at products of the counts
}

// Chosen is the form for every router: of those tried it keeps most of the heads'
// held-out correlation with their labels, on the built-in sources' own prompts
// (scripts/choose_gate.py, docs/results.md).
func Chosen() Options { return Options{Ridge: 0.1, Balance: 0.5, Products: true} }

// Gate is multinomial logistic regression on a prompt's inputs.
type Gate struct {
	classes []inputs.Linear // on the inputs, then the products
	counts  *inputs.Scaler  // of the counts in products; nil without
}

// maxSteps bounds the optimizer; it converges in fewer.
const maxSteps = 3000

// Fit trains a gate on the inputs of each class's prompts. The same prompts give the
// same gate on any number of cores.
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
	problem := optimize.Problem{
		Func: func(w []float64) float64 { return l.eval(w, nil) },
		Grad: func(gradient, w []float64) { l.eval(w, gradient) },
	}
	settings := &optimize.Settings{GradientThreshold: 1e-3, MajorIterations: maxSteps}
	found, err := optimize.Minimize(problem, make([]float64, l.classes*l.width), settings, &optimize.LBFGS{})
	if err != nil && found == nil {
		return nil, fmt.Errorf("training the gate: %w", err)
	}
	return newGate(found.X, l, scale, o), nil
}

// newGate turns weights on scaled inputs into weights on inputs as they come.
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

// farthest cuts scaled counts, in standard deviations, before they are multiplied.
const farthest = 3.0

// appendProducts appends the products of every two scaled counts.
func appendProducts(dst, counts []float64) []float64 {
	for i, a := range counts {
		for _, b := range counts[i:] {
			dst = append(dst, cut(a)*cut(b))
		}
	}
	return dst
}

func cut(x float64) float64 { return max(-farthest, min(farthest, x)) }

// Weights returns the probabilities that a prompt with these inputs is of each class.
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

// Store puts the gate into a model file.
func (g *Gate) Store(f *safetensors.File) {
	f.Tensors["gate"] = inputs.Rows(g.classes)
	if g.counts != nil {
		f.Tensors["gate_counts"] = safetensors.NewFloats(slices.Concat(g.counts.Mean, g.counts.Scale), 2, inputs.Counts)
	}
}

// products is how many products of the counts there are.
const products = inputs.Counts * (inputs.Counts + 1) / 2

// Read reads the gate of a model file for so many classes and inputs.
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
