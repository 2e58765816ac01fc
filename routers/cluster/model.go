// Package cluster is a router among several models that divides prompts into clusters by k-means
// and predicts the quality and the cost of a model's answer by the model's mean in the prompt's
// cluster (UniRoute, arXiv 2502.08773). A new model needs outcomes on a few prompts of each
// cluster: see [Model.Add]. [Train] makes a [Model], [Open] reads a model file.
package cluster

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/neighbours"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// Model predicts the quality and the cost of several models. It is safe for concurrent use.
type Model struct {
	training.PoolCard
	space
	centres       [][]float32
	quality, cost tally // cost has no rows if costs are not known
	meanCost      bool  // whether costs are the same for every prompt
}

// Needs returns the vector.
func (m *Model) Needs() routers.Needs { return routers.Needs{Vector: true} }

// Predict returns the predicted quality and, if costs were known in training, the predicted cost
// in USD per prompt.
func (m *Model) Predict(ctx context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	of, err := m.clusters(ctx, prompts)
	if err != nil {
		return pool.Matrix{}, pool.Matrix{}, err
	}
	if m.Mean == nil || m.meanCost {
		return m.quality.means().Pick(of), m.Costs(), nil
	}
	return m.quality.means().Pick(of), m.cost.means().Pick(of), nil
}

// clusters returns the cluster of each prompt.
func (m *Model) clusters(ctx context.Context, prompts []routers.Prompt) ([]int, error) {
	rows := make([][]float32, len(prompts))
	for i := range prompts {
		p := &prompts[i]
		if len(p.Vector) != m.dim {
			return nil, fmt.Errorf("sample %q: the vector has %s, expected %d", p.ID, text.Plural(len(p.Vector), "component"), m.dim)
		}
		if err := p.CheckVector(); err != nil {
			return nil, err
		}
		rows[i] = p.Vector
	}
	return m.assign(ctx, rows, m.centres)
}

// formatName identifies a model file of this package.
const formatName = "routellm-cluster"

// Bytes returns the model as a safetensors file: the centres, the sums and numbers of values per
// cluster and model, and the card. Equal models give equal bytes.
func (m *Model) Bytes() ([]byte, error) {
	f, err := modelfile.NewPool(&m.PoolCard, formatName)
	if err != nil {
		return nil, err
	}
	modelfile.StoreVectors(f, "centres", neighbours.Rows(m.centres, m.dim, 0))
	f.Tensors["unit"] = safetensors.NewFloats([]float64{float64(m.unit)}, 1)
	modelfile.StoreMatrix(f, "quality", m.quality.sum)
	modelfile.StoreMatrix(f, "quality_count", m.quality.count)
	modelfile.StoreMatrix(f, "cost", m.cost.sum)
	modelfile.StoreMatrix(f, "cost_count", m.cost.count)
	f.Metadata["mean_cost"] = strconv.FormatBool(m.meanCost)
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// WriteFile writes the model to path. The file appears only once it is complete.
func (m *Model) WriteFile(path string) error { return modelfile.WriteFile(path, m.Bytes) }

// Open reads a model file that train cluster wrote.
func Open(path string) (*Model, error) { return modelfile.Open(path, read) }

// read decodes a model; digest is the SHA-256 of the whole file.
func read(f *safetensors.File, digest string) (*Model, error) {
	m := &Model{}
	var err error
	if m.PoolCard, err = modelfile.ReadPoolCard(f, formatName, digest); err != nil {
		return nil, err
	}
	if m.meanCost, err = strconv.ParseBool(f.Metadata["mean_cost"]); err != nil {
		return nil, fmt.Errorf("mean_cost: %w", err)
	}
	if err := m.readCentres(f); err != nil {
		return nil, err
	}
	if m.quality, err = m.recall(f, "quality", true); err == nil {
		m.cost, err = m.recall(f, "cost", m.Mean != nil)
	}
	return m, err
}

// readCentres reads the centres and the unit of vectors.
func (m *Model) readCentres(f *safetensors.File) error {
	unit, err := f.Floats("unit", 1)
	if err != nil {
		return err
	}
	stored, err := modelfile.RecallVectors(f, "centres")
	if err != nil {
		return err
	}
	if stored.Len() == 0 || stored.Dim() == 0 || unit[0] < 0 {
		return fmt.Errorf("%s with %s and the unit %v, expected at least one of each and a unit of 0 or more",
			text.Plural(stored.Len(), "centre"), text.Plural(stored.Dim(), "component"), unit[0])
	}
	m.space = space{stored.Dim(), float32(unit[0])}
	for c := range stored.Len() {
		m.centres = append(m.centres, stored.Row(c))
	}
	return nil
}

// recall reads a tally, which may be absent unless it is needed.
func (m *Model) recall(f *safetensors.File, name string, needed bool) (t tally, err error) {
	for _, x := range []struct {
		name string
		to   *pool.Matrix
	}{{name, &t.sum}, {name + "_count", &t.count}} {
		if *x.to, err = modelfile.RecallMatrix(f, x.name, len(m.Pool)); err != nil {
			return t, err
		}
		if x.name != "quality" {
			if err := modelfile.NotNegative(x.name, x.to.Values); err != nil {
				return t, err
			}
		}
		if n := x.to.Rows(); n != len(m.centres) && (needed || n > 0) {
			return t, fmt.Errorf("tensor %q has %s, expected one per cluster, %d", x.name, text.Plural(n, "row"), len(m.centres))
		}
	}
	return t, nil
}

var _ interface {
	routers.Predictor
	routers.Trained
	routers.Signed
	routers.Encoded
	routers.Weighted
} = (*Model)(nil)
