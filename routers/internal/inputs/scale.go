package inputs

import (
	"math"

	"github.com/routellm/routellm/routers"
)

// farthest limits scaled counts and cues, in standard deviations: prompts beyond those that a
// router was trained on are scored like the farthest of them, and not extrapolated to.
const farthest = 3.0

// Scaler shifts and scales inputs. It scales the vector as a whole to a total variance of
// 1, which keeps directions, and each count and cue to a variance of 1, within three standard
// deviations of its mean.
type Scaler struct {
	Shape
	Mean, Scale []float64 // one element per input: a scaled input is (x - Mean) * Scale
	plain       bool      // leaves inputs as they are, for models of older versions
}

// NewScaler returns the scaler for rows of inputs.
func NewScaler(s Shape, x [][]float64) Scaler {
	return scalerOf(s, len(x), func(i int) []float64 { return x[i] })
}

// scalerOf returns the scaler for a number of rows of inputs.
func scalerOf(shape Shape, rows int, row func(i int) []float64) Scaler {
	n, d := float64(rows), shape.Dim()
	s := Scaler{Shape: shape, Mean: make([]float64, d), Scale: make([]float64, d)}
	for i := range rows {
		for j, v := range row(i) {
			s.Mean[j] += v / n
		}
	}
	variance := make([]float64, d)
	for i := range rows {
		for j, v := range row(i) {
			variance[j] += float64((v-s.Mean[j])*(v-s.Mean[j])) / n
		}
	}
	total := 0.0
	for _, v := range variance[:shape.Vector] {
		total += v
	}
	for j := range s.Scale {
		s.Scale[j] = inverse(math.Sqrt(variance[j]))
		if j < shape.Vector {
			s.Scale[j] = inverse(math.Sqrt(total))
		}
	}
	return s
}

// inverse returns 1/x, or 0 for an input that never varied: how much it matters is not known.
func inverse(x float64) float64 {
	if x < 1e-9 {
		return 0
	}
	return 1 / x
}

// Row writes scaled inputs to dst, which it may reallocate and which may be x.
func (s Scaler) Row(dst, x []float64) []float64 {
	dst = append(dst[:0], x...)
	for j, v := range dst {
		dst[j] = s.scaled(j, v)
	}
	return dst
}

// scaled returns the scaled value of input j.
func (s Scaler) scaled(j int, v float64) float64 {
	if s.plain {
		return v
	}
	v = (v - s.Mean[j]) * s.Scale[j]
	if j >= s.Vector {
		v = max(-farthest, min(farthest, v))
	}
	return v
}

// Sum returns a weighted sum of the scaled inputs of x.
func (s Scaler) Sum(l Linear, x []float64) float64 {
	sum := l.Intercept
	for j, w := range l.Weights {
		sum += float64(w * s.scaled(j, x[j]))
	}
	return sum
}

// Apply returns the scaled rows.
func (s Scaler) Apply(x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i, row := range x {
		out[i] = s.Row(nil, row)
	}
	return out
}

// Prompts reads the scaled inputs of prompts, one at a time: those of many prompts take much
// memory.
type Prompts struct {
	Scaler
	prompts []routers.Prompt
}

// NewPrompts returns the inputs of prompts that have passed [training.Outcomes.Check].
func NewPrompts(prompts []routers.Prompt) Prompts {
	p, x := Prompts{prompts: prompts}, []float64(nil)
	shape := ShapeOf(prompts)
	p.Scaler = scalerOf(shape, len(prompts), func(i int) []float64 {
		x = shape.must(x, &prompts[i])
		return x
	})
	return p
}

// Inputs writes the scaled inputs of prompt i to dst, which it may reallocate. Concurrent calls
// are safe.
func (p Prompts) Inputs(dst []float64, i int) []float64 {
	dst = p.must(dst, &p.prompts[i])
	return p.Row(dst, dst)
}
