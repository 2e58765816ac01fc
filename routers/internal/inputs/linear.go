package inputs

import "github.com/routellm/routellm/routers/internal/safetensors"

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
