package gate

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/safetensors"
)

// shape has three components of a vector and the counts.
var shape = inputs.Shape{Vector: 3}

// classes returns two clouds that differ along one input.
func classes() [][][]float64 {
	rng := rand.New(rand.NewPCG(1, 1))
	out := make([][][]float64, 2)
	for range 2000 {
		x := make([]float64, 7)
		for k := range x {
			x[k] = rng.NormFloat64()
		}
		k := 0
		if x[3] > 0.3 {
			k = 1
		}
		out[k] = append(out[k], x)
	}
	return out
}

func accuracy(g *Gate, all [][][]float64) float64 {
	right, n := 0.0, 0.0
	for k, rows := range all {
		for _, x := range rows {
			if p := g.Weights(x); p[k] > 0.5 {
				right++
			}
			n++
		}
	}
	return right / n
}

func TestTellsApart(t *testing.T) {
	all := classes()
	g, err := Fit(shape, all, Options{Ridge: 0.1, Balance: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := accuracy(g, all); got < 0.95 {
		t.Errorf("accuracy %v, want at least 0.95", got)
	}
}

// TestOlderProducts compares a gate with products, which older versions trained, with its definition.
func TestOlderProducts(t *testing.T) {
	rows := []inputs.Linear{{Weights: make([]float64, 7+products), Intercept: 0.5}, {Weights: make([]float64, 7+products)}}
	rows[0].Weights[2], rows[0].Weights[7+1] = 2, 3 // the third component, and the product of the first two counts
	f := &safetensors.File{Tensors: map[string]safetensors.Tensor{
		"gate": inputs.Rows(rows), "gate_counts": safetensors.NewFloats([]float64{1, 0, 0, 0, 2, 1, 1, 1}, 2, 4),
	}}
	g, err := Read(f, 2, shape)
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{0, 0, 0.25, 0.5, 9, 0, 0}
	if got, want := g.Weights(x)[0], 1/(1+math.Exp(-(0.5+2*0.25+3*(0.5-1)*2*3))); math.Abs(got-want) > 1e-12 {
		t.Errorf("weight %v, want %v", got, want)
	}
}

// TestGradient compares the gradient with differences of the loss.
func TestGradient(t *testing.T) {
	all := classes()
	l := loss{weight: []float64{1, 2}, classes: 2, width: 8, ridge: 0.3}
	for k, rows := range all {
		l.x, l.label = append(l.x, rows...), append(l.label, slices.Repeat([]int{k}, len(rows))...)
	}
	rng := rand.New(rand.NewPCG(2, 2))
	w, gradient, unused := make([]float64, 16), make([]float64, 16), make([]float64, 16)
	for i := range w {
		w[i] = rng.NormFloat64()
	}
	l.eval(w, gradient)
	for i := range w {
		const h = 1e-5
		v := slices.Clone(w)
		v[i] += h
		up := l.eval(v, unused)
		v[i] -= 2 * h
		if slope := (up - l.eval(v, unused)) / (2 * h); math.Abs(slope-gradient[i]) > 1e-4*max(1, math.Abs(slope)) {
			t.Errorf("gradient %d is %v, want %v", i, gradient[i], slope)
		}
	}
}

func TestStoreAndCores(t *testing.T) {
	all := classes()
	g, err := Fit(shape, all, Options{Ridge: 0.1, Balance: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, err := Fit(shape, all, Options{Ridge: 0.1, Balance: 0.5})
	if err != nil || !slices.Equal(again.classes[0].Weights, g.classes[0].Weights) {
		t.Errorf("the gate differs when it is trained on one core, error %v", err)
	}
	f := &safetensors.File{Tensors: map[string]safetensors.Tensor{}, Metadata: map[string]string{}}
	g.Store(f)
	got, err := Read(f, 2, shape)
	if err != nil || !slices.Equal(got.Weights(all[0][0]), g.Weights(all[0][0])) {
		t.Errorf("a gate differs after it was written and read, error %v", err)
	}
	if _, err := Read(f, 2, inputs.Shape{Vector: 4}); err == nil {
		t.Error("no error for another number of inputs")
	}
	if _, err := Read(f, 1, shape); err == nil {
		t.Error("no error for a single class")
	}
}
