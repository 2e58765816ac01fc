package mf

import (
	"math"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/training"
)

// counts is how many features stand beside the vector.
const counts = 4

// Inputs appends what the model sees of a prompt to dst: its vector, then the
// logarithms of 1 + characters, words, lines and numbers.
func Inputs(dst []float64, vector []float32, f routers.Features) []float64 {
	for _, v := range vector {
		dst = append(dst, float64(v))
	}
	return append(dst, math.Log1p(f.Chars), math.Log1p(f.Words), math.Log1p(f.Lines), math.Log1p(f.Numbers))
}

// inputsOf are the inputs of a source's prompts.
func inputsOf(s *training.Source) [][]float64 {
	out := make([][]float64, len(s.Prompts))
	for i, p := range s.Prompts {
		out[i] = Inputs(make([]float64, 0, len(p.Vector)+counts), p.Vector, *p.Features)
	}
	return out
}

// scaler shifts and scales inputs: the vector to a total variance of 1, which
// keeps its directions, each count to a variance of 1.
type scaler struct{ mean, scale []float64 }

func newScaler(x [][]float64) scaler {
	d, n := len(x[0]), float64(len(x))
	s := scaler{make([]float64, d), make([]float64, d)}
	for _, row := range x {
		for j, v := range row {
			s.mean[j] += v / n
		}
	}
	variance := make([]float64, d)
	for _, row := range x {
		for j, v := range row {
			variance[j] += float64((v-s.mean[j])*(v-s.mean[j])) / n
		}
	}
	total := 0.0
	for _, v := range variance[:d-counts] {
		total += v
	}
	for j := range s.scale {
		s.scale[j] = inverse(math.Sqrt(variance[j]))
		if j < d-counts {
			s.scale[j] = inverse(math.Sqrt(total))
		}
	}
	return s
}

// inverse is 1/x, and 1 for an input that never varies.
func inverse(x float64) float64 {
	if x == 0 {
		return 1
	}
	return 1 / x
}

// apply returns the scaled rows.
func (s scaler) apply(x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i, row := range x {
		out[i] = make([]float64, len(row))
		for j, v := range row {
			out[i][j] = (v - s.mean[j]) * s.scale[j]
		}
	}
	return out
}

// fold turns weights on scaled inputs into weights and an intercept on inputs as
// they come.
func (s scaler) fold(w []float64, intercept float64) Linear {
	l := Linear{Weights: make([]float64, len(w)), Intercept: intercept}
	for j := range w {
		l.Weights[j] = w[j] * s.scale[j]
		l.Intercept -= float64(l.Weights[j] * s.mean[j])
	}
	return l
}

// Linear is a weighted sum of the inputs.
type Linear struct {
	Weights   []float64
	Intercept float64
}

// At returns the sum for one prompt's inputs.
func (l Linear) At(x []float64) float64 {
	s := l.Intercept
	for j, w := range l.Weights {
		s += float64(w * x[j])
	}
	return s
}

// times returns the sum multiplied by a and shifted by b.
func (l Linear) times(a, b float64) Linear {
	out := Linear{Weights: make([]float64, len(l.Weights)), Intercept: float64(a*l.Intercept) + b}
	for j, w := range l.Weights {
		out.Weights[j] = a * w
	}
	return out
}
