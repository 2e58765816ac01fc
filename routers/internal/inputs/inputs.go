// Package inputs turns prompts into the numbers that trained routers read, and computes
// weighted sums of them. Call [Take] for the inputs of one prompt, [Of] for those of a
// source.
package inputs

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// Counts is the number of features, which follow the vector's components.
const Counts = 4

// Of returns the inputs of a source's prompts. The source must have passed
// [training.Check].
func Of(s *training.Source) [][]float64 {
	out := make([][]float64, len(s.Prompts))
	for i := range s.Prompts {
		p := &s.Prompts[i]
		x, err := Take(make([]float64, 0, len(p.Vector)+Counts), p, len(p.Vector))
		if err != nil {
			panic(err) // Check refuses such a prompt
		}
		out[i] = x
	}
	return out
}

// OfChat returns the inputs of the prompts of all votes and grades.
func OfChat(sources []*training.Source) [][]float64 {
	var out [][]float64
	for _, s := range sources {
		if s.Kind != training.Gold {
			out = append(out, Of(s)...)
		}
	}
	return out
}

// Take writes a prompt's inputs to dst, which it may reallocate: the dim components of
// the vector, then log(1 + count) of characters, words, lines and numbers. A vector with
// another length or a non-finite component and a missing count are errors that name the
// prompt.
func Take(dst []float64, p *routers.Prompt, dim int) ([]float64, error) {
	if len(p.Vector) != dim {
		return nil, fmt.Errorf("sample %q: the vector has %s, expected %d", p.ID, text.Plural(len(p.Vector), "component"), dim)
	}
	if err := p.CheckVector(); err != nil {
		return nil, err
	}
	dst = dst[:0]
	for _, v := range p.Vector {
		dst = append(dst, float64(v))
	}
	for _, name := range routers.Counts() {
		count, err := p.Count(name)
		if err != nil {
			return nil, err
		}
		dst = append(dst, math.Log1p(count))
	}
	return dst, nil
}

// Scaler shifts and scales inputs. It scales the vector as a whole to a total variance of
// 1, which keeps directions, and each count to a variance of 1.
type Scaler struct {
	Mean, Scale []float64 // one element per input: a scaled input is (x - Mean) * Scale
}

// NewScaler returns the scaler for rows of inputs.
func NewScaler(x [][]float64) Scaler {
	return scalerOf(len(x), len(x[0]), func(i int) []float64 { return x[i] })
}

// scalerOf returns the scaler for n rows of d inputs.
func scalerOf(rows, d int, row func(i int) []float64) Scaler {
	n := float64(rows)
	s := Scaler{make([]float64, d), make([]float64, d)}
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
	for _, v := range variance[:d-Counts] {
		total += v
	}
	for j := range s.Scale {
		s.Scale[j] = inverse(math.Sqrt(variance[j]))
		if j < d-Counts {
			s.Scale[j] = inverse(math.Sqrt(total))
		}
	}
	return s
}

// Prompts reads the scaled inputs of prompts, one at a time: those of many prompts take much
// memory.
type Prompts struct {
	Scaler
	prompts []routers.Prompt
}

// NewPrompts returns the inputs of prompts that have passed [training.Outcomes.Check].
func NewPrompts(prompts []routers.Prompt) Prompts {
	var x []float64
	p := Prompts{prompts: prompts}
	p.Scaler = scalerOf(len(prompts), len(prompts[0].Vector)+Counts, func(i int) []float64 {
		x = p.raw(x, i)
		return x
	})
	return p
}

// Dim returns the number of inputs.
func (p Prompts) Dim() int { return len(p.Mean) }

// Row writes the scaled inputs of prompt i to dst, which it may reallocate. Concurrent calls are
// safe.
func (p Prompts) Row(dst []float64, i int) []float64 {
	dst = p.raw(dst, i)
	p.ScaleRows([][]float64{dst})
	return dst
}

// raw returns a prompt's inputs without scaling.
func (p Prompts) raw(dst []float64, i int) []float64 {
	x, err := Take(dst, &p.prompts[i], len(p.prompts[i].Vector))
	if err != nil {
		panic(err) // Check refuses such a prompt
	}
	return x
}

// inverse returns 1/x, or 1 for an input that never varies.
func inverse(x float64) float64 {
	if x == 0 {
		return 1
	}
	return 1 / x
}

// Apply returns the scaled rows.
func (s Scaler) Apply(x [][]float64) [][]float64 {
	out := make([][]float64, len(x))
	for i, row := range x {
		out[i] = make([]float64, len(row))
		for j, v := range row {
			out[i][j] = (v - s.Mean[j]) * s.Scale[j]
		}
	}
	return out
}

// ScaleRows scales the rows themselves.
func (s Scaler) ScaleRows(x [][]float64) {
	for _, row := range x {
		for j, v := range row {
			row[j] = (v - s.Mean[j]) * s.Scale[j]
		}
	}
}

// Fold turns weights on scaled inputs into weights and an intercept on unscaled inputs.
func (s Scaler) Fold(w []float64, intercept float64) Linear {
	l := Linear{Weights: make([]float64, len(w)), Intercept: intercept}
	for j := range w {
		l.Weights[j] = w[j] * s.Scale[j]
		l.Intercept -= float64(l.Weights[j] * s.Mean[j])
	}
	return l
}

// Linear is a weighted sum of the inputs plus an intercept.
type Linear struct {
	Weights   []float64 // Weights has one element per input
	Intercept float64   // Intercept is added to the weighted inputs
}

// At returns the sum for the inputs of one prompt.
func (l Linear) At(x []float64) float64 {
	s := l.Intercept
	for j, w := range l.Weights {
		s += float64(w * x[j])
	}
	return s
}

// Times returns a times the sum plus b.
func (l Linear) Times(a, b float64) Linear {
	out := Linear{Weights: make([]float64, len(l.Weights)), Intercept: float64(a*l.Intercept) + b}
	for j, w := range l.Weights {
		out.Weights[j] = a * w
	}
	return out
}

// Rows returns sums as a tensor with one row per sum, the intercept last.
func Rows(all []Linear) safetensors.Tensor {
	var values []float64
	for _, l := range all {
		values = append(append(values, l.Weights...), l.Intercept)
	}
	return safetensors.NewFloats(values, len(all), len(all[0].Weights)+1)
}

// ReadRows reads a tensor of the form that Rows returns and the given shape.
func ReadRows(f *safetensors.File, name string, shape ...int) ([]Linear, error) {
	values, err := f.Floats(name, shape...)
	if err != nil {
		return nil, err
	}
	out, width := make([]Linear, shape[0]), shape[1]
	for i := range out {
		row := values[i*width : (i+1)*width]
		out[i] = Linear{row[:width-1], row[width-1]}
	}
	return out, nil
}

// Group names a range of inputs that say the same kind of thing.
type Group struct {
	Name     string
	From, To int // the inputs From to To-1
}
