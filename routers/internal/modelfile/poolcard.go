package modelfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// NewPool returns a model file of a router among several models, with its card in it.
func NewPool(c *training.PoolCard, format string) (*safetensors.File, error) {
	f, err := New(&c.About, format)
	if err != nil {
		return nil, err
	}
	names, err := json.Marshal(c.Pool)
	if err != nil {
		return nil, err
	}
	f.Metadata["models"] = string(names)
	if c.Mean != nil {
		f.Tensors["mean_cost"] = safetensors.NewFloats(c.Mean, len(c.Mean))
	}
	if err := addDigests(f, "out_of_fold", c.Out.Norm); err != nil {
		return nil, err
	}
	StoreMatrix(f, "out_of_fold_quality", c.Out.Quality)
	return f, nil
}

// ReadPoolCard reads the card of a model file that NewPool made; sha256 is the digest of the
// whole file.
func ReadPoolCard(f *safetensors.File, format, sha256 string) (training.PoolCard, error) {
	var c training.PoolCard
	var err error
	if c.About, err = ReadCard(f, format, sha256); err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(f.Metadata["models"]), &c.Pool); err != nil {
		return c, fmt.Errorf("models: %w", err)
	}
	if err := checkNames(c.Pool); err != nil {
		return c, err
	}
	if len(c.About.Training) == 0 {
		return c, errors.New("no training prompts, expected at least one")
	}
	if _, ok := f.Tensors["mean_cost"]; ok {
		if c.Mean, err = f.Floats("mean_cost", len(c.Pool)); err != nil {
			return c, err
		}
		if err := NotNegative("mean_cost", c.Mean); err != nil {
			return c, err
		}
	}
	if c.Out.Norm, err = digestsOf(f, "out_of_fold"); err != nil {
		return c, err
	}
	if !slices.IsSorted(c.Out.Norm) {
		return c, errors.New(`tensor "out_of_fold" is not sorted`)
	}
	if c.Out.Quality, err = RecallMatrix(f, "out_of_fold_quality", len(c.Pool)); err != nil {
		return c, err
	}
	if n := c.Out.Quality.Rows(); n != len(c.Out.Norm) {
		return c, fmt.Errorf("tensor %q has %s, expected %d", "out_of_fold_quality", text.Plural(n, "row"), len(c.Out.Norm))
	}
	return c, nil
}

// ForPool reports whether a file is a model file of a router among several models.
func ForPool(path string) bool {
	about := metadataOf(path)
	return about["models"] != "" && about["strong"] == "" // sw_ranking's files have models and a pair
}

// checkNames returns an error unless there are at least two names, all different.
func checkNames(names []string) error {
	sorted := slices.Sorted(slices.Values(names))
	if len(names) < 2 || sorted[0] == "" || len(slices.Compact(sorted)) < len(names) {
		return fmt.Errorf("models %q, expected at least two, with different names", names)
	}
	return nil
}

// NotNegative returns an error if a tensor of costs or of counts has a negative value. NaN is none.
func NotNegative(tensor string, values []float64) error {
	for i, v := range values {
		if v < 0 {
			return fmt.Errorf("tensor %q: value %d is %v, expected at least 0", tensor, i, v)
		}
	}
	return nil
}

// StoreMatrix adds a matrix to a model file, unless it has no rows. NaN stands for an unknown
// value.
func StoreMatrix(f *safetensors.File, name string, m pool.Matrix) {
	if m.Rows() == 0 {
		return
	}
	values, known, all := slices.Clone(m.Values), make([]byte, len(m.Values)), true
	for k, v := range values {
		known[k] = 1
		if math.IsNaN(v) {
			values[k], known[k], all = 0, 0, false
		}
	}
	f.Tensors[name] = safetensors.NewFloats(values, m.Rows(), m.Columns)
	if !all {
		f.Tensors[name+".known"] = safetensors.Tensor{Type: "BOOL", Shape: []int{m.Rows(), m.Columns}, Data: known}
	}
}

// RecallMatrix reads a matrix that StoreMatrix stored, with the given number of columns; one
// without rows if there is none.
func RecallMatrix(f *safetensors.File, name string, columns int) (pool.Matrix, error) {
	t, ok := f.Tensors[name]
	if !ok {
		return pool.Matrix{Columns: columns}, nil
	}
	if len(t.Shape) != 2 || t.Shape[1] != columns || t.Shape[0] == 0 {
		return pool.Matrix{}, fmt.Errorf("tensor %q has shape %v, expected rows of %d", name, t.Shape, columns)
	}
	values, err := f.Floats(name, t.Shape...)
	if err != nil {
		return pool.Matrix{}, err
	}
	m := pool.Matrix{Columns: columns, Values: values}
	mask, ok := f.Tensors[name+".known"]
	if !ok {
		return m, nil
	}
	known, err := mask.Bytes()
	if err != nil || mask.Type != "BOOL" || len(known) != len(values) {
		return m, fmt.Errorf("tensor %q has type %s and %s, expected type BOOL and %d", name+".known", mask.Type, text.Plural(len(known), "value"), len(values))
	}
	for k, v := range known {
		if v == 0 {
			m.Values[k] = math.NaN()
		}
	}
	return m, nil
}
