// Package linear is a router among several models: one ridge regression per model predicts the
// quality of its answer from the prompt's vector, counts and cues, and another one its cost. [Train]
// fits a [Model], [Open] reads a model file.
package linear

import (
	"bytes"
	"context"
	"errors"
	"math"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// Model predicts the quality and the cost of several models. It is safe for concurrent use.
type Model struct {
	training.PoolCard
	inputs  inputs.Scaler
	quality []inputs.Linear // regression of each model's quality on scaled inputs
	logCost []inputs.Linear // logarithm of the cost by model, unless it is free; nil if costs are means
}

// Needs returns the vector, the features and, if the model was trained with them, the cues.
func (m *Model) Needs() routers.Needs { return m.inputs.Needs() }

// Predict returns the predicted quality and, if costs were known in training, the predicted cost
// in USD per prompt.
func (m *Model) Predict(_ context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	quality, cost = pool.NewMatrix(len(prompts), len(m.Pool)), m.Costs()
	if m.logCost != nil {
		cost = pool.NewMatrix(len(prompts), len(m.Pool))
	}
	var x []float64
	for i := range prompts {
		if x, err = m.inputs.Take(x, &prompts[i]); err != nil {
			return pool.Matrix{}, pool.Matrix{}, err
		}
		x = m.inputs.Row(x, x)
		for k := range m.quality {
			quality.Row(i)[k] = m.quality[k].At(x)
			if m.logCost != nil && m.Mean[k] > 0 {
				cost.Row(i)[k] = math.Exp(m.logCost[k].At(x))
			}
		}
	}
	return quality, cost, nil
}

// formatName identifies a model file of this package.
const formatName = "routellm-linear"

// Bytes returns the model as a safetensors file: the regressions as rows of weights with the
// intercept last, and the card. Equal models give equal bytes.
func (m *Model) Bytes() ([]byte, error) {
	f, err := modelfile.NewPool(&m.PoolCard, formatName)
	if err != nil {
		return nil, err
	}
	inputs.Store(f, "inputs", m.inputs)
	f.Tensors["quality"] = inputs.Rows(m.quality)
	if m.logCost != nil {
		f.Tensors["log_cost"] = inputs.Rows(m.logCost)
	}
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// WriteFile writes the model to path. The file appears only once it is complete.
func (m *Model) WriteFile(path string) error { return modelfile.WriteFile(path, m.Bytes) }

// Open reads a model file that train linear wrote.
func Open(path string) (*Model, error) { return modelfile.Open(path, read) }

// read decodes a model; digest is the SHA-256 of the whole file.
func read(f *safetensors.File, digest string) (*Model, error) {
	m := &Model{}
	var err error
	if m.PoolCard, err = modelfile.ReadPoolCard(f, formatName, digest); err != nil {
		return nil, err
	}
	size := f.Tensors["quality"].Shape
	if len(size) != 2 || size[0] != len(m.Pool) || size[1] <= inputs.Counts+1 {
		return nil, errors.New(`tensor "quality" does not have one row of weights per model`)
	}
	if m.quality, err = inputs.ReadRows(f, "quality", size...); err != nil {
		return nil, err
	}
	scale, err := inputs.Read(f, "inputs", 1, size[1]-1)
	if err != nil {
		return nil, err
	}
	m.inputs = scale[0]
	if _, ok := f.Tensors["log_cost"]; ok && m.Mean == nil {
		return nil, errors.New(`tensor "log_cost" without a tensor "mean_cost"`)
	} else if ok {
		m.logCost, err = inputs.ReadRows(f, "log_cost", size...)
	}
	return m, err
}
