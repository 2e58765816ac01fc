// Package nearest is a router among several models: it predicts the quality and the cost of a
// model's answer by the mean of the k nearest training prompts (CARROT-KNN, arXiv 2502.03261).
// [Train] makes a [Model], [Open] reads a model file. The command line calls it knn, as it calls
// package knn, which is for two models.
package nearest

import (
	"bytes"
	"context"
	"errors"
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
	memory
	k        int  // number of neighbours
	meanCost bool // whether costs are the same for every prompt
}

// Needs returns the vector.
func (m *Model) Needs() routers.Needs { return routers.Needs{Vector: true} }

// Predict returns the predicted quality and, if costs were known in training, the predicted cost
// in USD per prompt.
func (m *Model) Predict(ctx context.Context, prompts []routers.Prompt) (quality, cost pool.Matrix, err error) {
	vectors := make([][]float32, len(prompts))
	for i := range prompts {
		p := &prompts[i]
		if len(p.Vector) != m.vectors.Dim() {
			return quality, cost, fmt.Errorf("sample %q: the vector has %s, expected %d", p.ID, text.Plural(len(p.Vector), "component"), m.vectors.Dim())
		}
		if err := p.CheckVector(); err != nil {
			return quality, cost, err
		}
		vectors[i] = p.Vector
	}
	quality, cost = pool.NewMatrix(len(prompts), len(m.Pool)), m.Costs()
	perPrompt := m.Mean != nil && !m.meanCost
	if perPrompt {
		cost = pool.NewMatrix(len(prompts), len(m.Pool))
	}
	err = m.vectors.Distances(ctx, vectors, func(i int, distances []float64) error {
		m.means(m.quality, m.byQuality, distances, m.k, anyRow, quality.Row(i))
		if perPrompt {
			m.means(m.cost, m.byCost, distances, m.k, anyRow, cost.Row(i))
		}
		return nil
	})
	return quality, cost, err
}

// formatName identifies a model file of this package.
const formatName = "routellm-knn-pool"

// Bytes returns the model as a safetensors file: the prompts' vectors with their outcomes, and the
// card. Equal models give equal bytes.
func (m *Model) Bytes() ([]byte, error) {
	f, err := modelfile.NewPool(&m.PoolCard, formatName)
	if err != nil {
		return nil, err
	}
	modelfile.StoreVectors(f, "vectors", m.vectors)
	modelfile.StoreMatrix(f, "quality", m.quality)
	modelfile.StoreMatrix(f, "cost", m.cost)
	f.Metadata["k"], f.Metadata["mean_cost"] = strconv.Itoa(m.k), strconv.FormatBool(m.meanCost)
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// WriteFile writes the model to path. The file appears only once it is complete.
func (m *Model) WriteFile(path string) error { return modelfile.WriteFile(path, m.Bytes) }

// Open reads a model file that train knn --models wrote.
func Open(path string) (*Model, error) { return modelfile.Open(path, read) }

// read decodes a model; digest is the SHA-256 of the whole file.
func read(f *safetensors.File, digest string) (*Model, error) {
	m := &Model{}
	var err error
	if m.PoolCard, err = modelfile.ReadPoolCard(f, formatName, digest); err != nil {
		return nil, err
	}
	if m.k, err = strconv.Atoi(f.Metadata["k"]); err != nil || m.k < 1 {
		return nil, fmt.Errorf("k is %q, expected a whole number above 0", f.Metadata["k"])
	}
	if m.meanCost, err = strconv.ParseBool(f.Metadata["mean_cost"]); err != nil {
		return nil, fmt.Errorf("mean_cost: %w", err)
	}
	vectors, err := modelfile.RecallVectors(f, "vectors")
	if err != nil {
		return nil, err
	}
	quality, err := modelfile.RecallMatrix(f, "quality", len(m.Pool))
	if err != nil {
		return nil, err
	}
	cost, err := modelfile.RecallMatrix(f, "cost", len(m.Pool))
	if err == nil {
		err = modelfile.NotNegative("cost", cost.Values)
	}
	if err != nil {
		return nil, err
	}
	if n := vectors.Len(); n == 0 || quality.Rows() != n || cost.Rows() != n && (m.Mean != nil || cost.Rows() > 0) {
		return nil, fmt.Errorf("%s, %s of qualities and %s of costs, expected equal numbers",
			text.Plural(n, "vector"), text.Plural(quality.Rows(), "row"), text.Plural(cost.Rows(), "row"))
	}
	m.memory = newMemory(vectors, quality, cost)
	if !m.complete() {
		return nil, errors.New("a model has no measured row")
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

// neighboursOf makes the matrix of the prompts' vectors.
func neighboursOf(prompts []routers.Prompt, unit float32) *neighbours.Matrix {
	return neighbours.New(len(prompts), len(prompts[0].Vector), unit, func(i int, dst []float32) { copy(dst, prompts[i].Vector) })
}
