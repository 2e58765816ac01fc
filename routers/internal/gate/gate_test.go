package gate

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/routellm/routellm/routers/internal/safetensors"
)

// classes returns two clouds that only the product of two counts distinguishes.
func classes() [][][]float64 {
	rng := rand.New(rand.NewPCG(1, 1))
	out := make([][][]float64, 2)
	for range 2000 {
		x := make([]float64, 7)
		for k := range x {
			x[k] = rng.NormFloat64()
		}
		k := 0
		if x[3]*x[4] > 0 {
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

func TestProductsTellApart(t *testing.T) {
	all := classes()
	for products, want := range map[bool][2]float64{false: {0, 0.6}, true: {0.95, 1}} {
		g, err := Fit(all, Options{Ridge: 0.1, Balance: 1, Products: products})
		if err != nil {
			t.Fatal(err)
		}
		if got := accuracy(g, all); got < want[0] || got > want[1] {
			t.Errorf("products %v: accuracy %v, want %v", products, got, want)
		}
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
	g, err := Fit(all, Options{Ridge: 0.1, Balance: 0.5, Products: true})
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	again, err := Fit(all, Options{Ridge: 0.1, Balance: 0.5, Products: true})
	if err != nil || !slices.Equal(again.classes[0].Weights, g.classes[0].Weights) {
		t.Errorf("the gate differs when it is trained on one core, error %v", err)
	}
	f := &safetensors.File{Tensors: map[string]safetensors.Tensor{}}
	g.Store(f)
	got, err := Read(f, 2, 7)
	if err != nil || !slices.Equal(got.Weights(all[0][0]), g.Weights(all[0][0])) {
		t.Errorf("a gate differs after it was written and read, error %v", err)
	}
	if _, err := Read(f, 2, 8); err == nil {
		t.Error("no error for another number of inputs")
	}
	if _, err := Read(f, 1, 7); err == nil {
		t.Error("no error for a single class")
	}
}
