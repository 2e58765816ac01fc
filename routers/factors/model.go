// Package factors is matrix factorization among several models: a few factors of the prompt, each
// a weighted sum of its vector, counts and cues, are shared by all models, and the quality of model m's
// answer is sigmoid(a_m . factors - b_m) between the lowest and the highest quality. [Train] fits
// a [Model], [Open] reads a model file. The command line calls it mf, as it calls package mf, which
// is for two models.
package factors

import (
	"bytes"
	"context"
	"fmt"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/bradleyterry"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// Model predicts the quality of several models. It is safe for concurrent use.
type Model struct {
	training.PoolCard
	inputs  inputs.Scaler
	factors []inputs.Linear // factors of a prompt: sums of scaled inputs
	models  []inputs.Linear // weights a and intercept -b of each model
	lo, hi  float64         // range of quality
}

// Needs returns the vector, the features and, if the model was trained with them, the cues.
func (m *Model) Needs() routers.Needs { return m.inputs.Needs() }

// Predict returns the predicted quality. The predicted costs are the models' mean costs, if they
// were known in training.
func (m *Model) Predict(_ context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	quality = pool.NewMatrix(len(prompts), len(m.Pool))
	var x []float64
	z := make([]float64, len(m.factors))
	for i := range prompts {
		if x, err = m.inputs.Take(x, &prompts[i]); err != nil {
			return pool.Matrix{}, pool.Matrix{}, err
		}
		x = m.inputs.Row(x, x)
		for k, f := range m.factors {
			z[k] = f.At(x)
		}
		for k, l := range m.models {
			quality.Row(i)[k] = m.lo + float64((m.hi-m.lo)*bradleyterry.Sigmoid(l.At(z)))
		}
	}
	return quality, m.Costs(), nil
}

// formatName identifies a model file of this package.
const formatName = "routellm-mf-pool"

// Bytes returns the model as a safetensors file: the factors of the prompt and the models' weights
// of them as rows with the intercept last, the range of quality, and the card. Equal models give
// equal bytes.
func (m *Model) Bytes() ([]byte, error) {
	f, err := modelfile.NewPool(&m.PoolCard, formatName)
	if err != nil {
		return nil, err
	}
	inputs.Store(f, "inputs", m.inputs)
	f.Tensors["factors"], f.Tensors["models"] = inputs.Rows(m.factors), inputs.Rows(m.models)
	f.Tensors["range"] = safetensors.NewFloats([]float64{m.lo, m.hi}, 2)
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// WriteFile writes the model to path. The file appears only once it is complete.
func (m *Model) WriteFile(path string) error { return modelfile.WriteFile(path, m.Bytes) }

// Open reads a model file that train mf --models wrote.
func Open(path string) (*Model, error) { return modelfile.Open(path, read) }

// read decodes a model; digest is the SHA-256 of the whole file.
func read(f *safetensors.File, digest string) (*Model, error) {
	m := &Model{}
	var err error
	if m.PoolCard, err = modelfile.ReadPoolCard(f, formatName, digest); err != nil {
		return nil, err
	}
	shape := f.Tensors["factors"].Shape
	if len(shape) != 2 || shape[0] == 0 || shape[1] <= inputs.Counts+1 {
		return nil, fmt.Errorf("tensor %q has shape %v, expected one row of weights per factor", "factors", shape)
	}
	scale, err := inputs.Read(f, "inputs", 1, shape[1]-1)
	if err != nil {
		return nil, err
	}
	m.inputs = scale[0]
	if m.factors, err = inputs.ReadRows(f, "factors", shape...); err != nil {
		return nil, err
	}
	if m.models, err = inputs.ReadRows(f, "models", len(m.Pool), shape[0]+1); err != nil {
		return nil, err
	}
	bounds, err := f.Floats("range", 2)
	if err != nil {
		return nil, err
	}
	if m.lo, m.hi = bounds[0], bounds[1]; m.lo > m.hi {
		return nil, fmt.Errorf("the range of quality is %v to %v, expected a range that rises", m.lo, m.hi)
	}
	return m, nil
}

var _ interface {
	routers.Predictor
	routers.Trained
	routers.Signed
	routers.Encoded
	routers.Weighted
} = (*Model)(nil)
