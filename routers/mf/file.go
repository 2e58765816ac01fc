package mf

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2/maybe"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// formatName marks a model file of this package.
const formatName = "routellm-mf"

// Bytes returns the model as a safetensors file: heads and gate as rows of
// weights with the intercept last, and the card. Same model, same bytes.
func (m *Model) Bytes() ([]byte, error) {
	f, err := m.File(formatName)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(m.Heads))
	heads := make([]Linear, len(m.Heads))
	for i, h := range m.Heads {
		names[i], heads[i] = h.Name, h.Score
	}
	f.Tensors["heads"] = rowsOf(heads)
	f.Tensors["win_rate"] = safetensors.NewFloats([]float64{m.slope, m.shift}, 2)
	if m.Gate != nil {
		f.Tensors["gate"] = rowsOf(m.Gate)
	}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	f.Metadata["heads"] = string(text)
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// WriteFile writes the model to path, which appears only once it is complete.
func (m *Model) WriteFile(path string) error {
	data, err := m.Bytes()
	if err != nil {
		return err
	}
	return maybe.WriteFile(path, data, 0o644)
}

func rowsOf(all []Linear) safetensors.Tensor {
	var values []float64
	for _, l := range all {
		values = append(append(values, l.Weights...), l.Intercept)
	}
	return safetensors.NewFloats(values, len(all), len(all[0].Weights)+1)
}

// Router is a model of either kind that [Open] reads.
type Router interface {
	routers.Router
	routers.Encoded
}

// weightsFile is what the published weights' file in a folder is called.
const weightsFile = "model.safetensors"

// Open reads a model file: one of train mf, or weights as published for the reference
// implementation, of which path may be the folder.
func Open(path string) (Router, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, weightsFile)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	var r Router
	if _, ok := f.Tensors[modelRows]; ok {
		r, err = published(f, publishedStrong, publishedWeak, datasets.DigestBytes(data))
	} else {
		r, err = newModel(f, datasets.DigestBytes(data))
	}
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	return r, nil
}

// newModel reads a model of train mf.
func newModel(f *safetensors.File, digest string) (*Model, error) {
	m := &Model{}
	var err error
	if m.Card, err = training.ReadCard(f, formatName, digest); err != nil {
		return nil, err
	}
	if err := m.parseHeads(f); err != nil {
		return nil, err
	}
	winRate, err := f.Floats("win_rate", 2)
	if err != nil {
		return nil, err
	}
	m.slope, m.shift = winRate[0], winRate[1]
	return m, nil
}

func (m *Model) parseHeads(f *safetensors.File) error {
	var names []string
	if err := json.Unmarshal([]byte(f.Metadata["heads"]), &names); err != nil {
		return fmt.Errorf("heads: %w", err)
	}
	shape := f.Tensors["heads"].Shape
	if len(names) == 0 || len(shape) != 2 || shape[0] != len(names) || shape[1] <= counts+1 {
		return errors.New("the heads are missing or of another shape than their names")
	}
	heads, err := linearsOf(f, "heads", shape)
	if err != nil {
		return err
	}
	for i, name := range names {
		m.Heads = append(m.Heads, Head{name, heads[i]})
	}
	if _, ok := f.Tensors["gate"]; ok || len(names) > 1 {
		m.Gate, err = linearsOf(f, "gate", shape)
	}
	return err
}

func linearsOf(f *safetensors.File, name string, shape []int) ([]Linear, error) {
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
