package mf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/gate"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/safetensors"
)

// formatName identifies a model file of this package.
const formatName = "routellm-mf"

// Bytes returns the model as a safetensors file: heads and gate as rows of weights with
// the intercept last, and the card. Equal models give equal bytes.
func (m *Model) Bytes() ([]byte, error) {
	f, err := modelfile.New(&m.Card, formatName)
	if err != nil {
		return nil, err
	}
	names, scales := make([]string, len(m.heads)), make([]inputs.Scaler, len(m.heads))
	heads := make([]inputs.Linear, len(m.heads))
	for i, h := range m.heads {
		names[i], scales[i], heads[i] = h.name, h.inputs, h.score
	}
	f.Tensors["heads"] = inputs.Rows(heads)
	inputs.Store(f, "head_inputs", scales...)
	f.Tensors["win_rate"] = safetensors.NewFloats([]float64{m.scale.Slope, m.scale.Shift}, 2)
	if m.gate != nil {
		m.gate.Store(f)
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

// WriteFile writes the model to path. The file appears only once it is complete.
func (m *Model) WriteFile(path string) error { return modelfile.WriteFile(path, m.Bytes) }

// Router is what [Open] returns: a [*Model] or a [*Published].
type Router interface {
	routers.Router
	routers.Encoded
}

// weightsFile is the name of the published weights' file in a folder.
const weightsFile = "model.safetensors"

// Open reads a model file that train mf wrote, or the weights that were published for the
// reference implementation. For the latter path may be their folder.
func Open(path string) (Router, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, weightsFile)
	}
	return modelfile.Open(path, func(f *safetensors.File, digest string) (Router, error) {
		if _, ok := f.Tensors[modelRows]; ok {
			return published(f, publishedStrong, publishedWeak, digest)
		}
		return newModel(f, digest)
	})
}

// newModel decodes a model that train mf wrote; digest is the SHA-256 of the whole file.
func newModel(f *safetensors.File, digest string) (*Model, error) {
	m := &Model{}
	var err error
	if m.Card, err = modelfile.ReadCard(f, formatName, digest); err != nil {
		return nil, err
	}
	if err := m.parseHeads(f); err != nil {
		return nil, err
	}
	winRate, err := f.Floats("win_rate", 2)
	if err != nil {
		return nil, err
	}
	m.scale.Slope, m.scale.Shift = winRate[0], winRate[1]
	return m, nil
}

func (m *Model) parseHeads(f *safetensors.File) error {
	var names []string
	if err := json.Unmarshal([]byte(f.Metadata["heads"]), &names); err != nil {
		return fmt.Errorf("heads: %w", err)
	}
	shape := f.Tensors["heads"].Shape
	if len(names) == 0 || len(shape) != 2 || shape[0] != len(names) || shape[1] <= inputs.Counts+1 {
		return fmt.Errorf("tensor %q has shape %v, expected one row per name in %q", "heads", shape, names)
	}
	heads, err := inputs.ReadRows(f, "heads", shape...)
	if err != nil {
		return err
	}
	scales, err := inputs.Read(f, "head_inputs", len(names), shape[1]-1)
	if err != nil {
		return err
	}
	m.shape = scales[0].Shape
	for i, name := range names {
		m.heads = append(m.heads, head{name, scales[i], heads[i]})
	}
	if _, ok := f.Tensors["gate"]; ok || len(names) > 1 {
		m.gate, err = gate.Read(f, len(names), m.shape)
	}
	return err
}
