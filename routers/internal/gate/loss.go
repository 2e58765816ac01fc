package gate

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/floats"
)

// loss is the penalised cross-entropy of the classes. Its weights have one row per class,
// with the intercept last.
type loss struct {
	x              [][]float64
	label          []int
	weight         []float64 // weight of a prompt of each class
	classes, width int
	ridge          float64
}

// known holds the loss and its gradient at the last weights that were asked for. The
// optimizer asks for both at the same weights, one after the other, and most of the work is
// the same for both.
type known struct {
	l        loss
	w        []float64 // nil before the first question
	loss     float64
	gradient []float64
}

func newKnown(l loss) *known {
	return &known{l: l, gradient: make([]float64, l.classes*l.width)}
}

// at computes the loss and the gradient at weights w unless it has them.
func (k *known) at(w []float64) *known {
	if !slices.Equal(w, k.w) {
		k.w, k.loss = slices.Clone(w), k.l.eval(w, k.gradient)
	}
	return k
}

// chunkRows is the number of rows that one goroutine sums. The chunks' sums are added in
// order, so the result does not depend on the number of cores.
const chunkRows = 1024

// eval returns the loss at weights w and fills gradient.
func (l loss) eval(w, gradient []float64) float64 {
	chunks := (len(l.x) + chunkRows - 1) / chunkRows
	sums, gradients := make([]float64, chunks), make([][]float64, chunks)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(chunks, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for c := int(next.Add(1)) - 1; c < chunks; c = int(next.Add(1)) - 1 {
				gradients[c] = make([]float64, len(w))
				sums[c] = l.part(w, gradients[c], c*chunkRows, min((c+1)*chunkRows, len(l.x)))
			}
		})
	}
	wait.Wait()
	clear(gradient)
	total := 0.0
	for c, s := range sums {
		total += s
		floats.Add(gradient, gradients[c])
	}
	for i, v := range w {
		if (i+1)%l.width == 0 {
			continue // intercepts are not penalised
		}
		total += l.ridge / 2 * float64(v*v)
		gradient[i] += l.ridge * v
	}
	return total
}

// part returns the unpenalised loss of rows lo to hi and adds the rows' gradient to gradient.
func (l loss) part(w, gradient []float64, lo, hi int) float64 {
	sum, p := 0.0, make([]float64, l.classes)
	for i := lo; i < hi; i++ {
		x := l.x[i]
		for k := range p {
			row := w[k*l.width : (k+1)*l.width]
			p[k] = floats.Dot(row[:l.width-1], x) + row[l.width-1]
		}
		softmax(p)
		weight := l.weight[l.label[i]]
		sum -= float64(weight * math.Log(max(p[l.label[i]], math.SmallestNonzeroFloat64)))
		p[l.label[i]]--
		for k, v := range p {
			v *= weight
			row := gradient[k*l.width : (k+1)*l.width]
			floats.AddScaled(row[:l.width-1], v, x)
			row[l.width-1] += v
		}
	}
	return sum
}

// softmax replaces discriminants with probabilities.
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
