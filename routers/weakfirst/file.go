package weakfirst

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/signals"
)

// formatName identifies a model file of this package.
const formatName = "routellm-cascade"

// readingText is a [reading] as JSON.
type readingText struct {
	Name   string `json:"name"`
	Always bool   `json:"always"`
}

// Bytes returns the model as a safetensors file. Equal models give equal bytes.
func (m *Model) Bytes() ([]byte, error) {
	f, err := modelfile.New(&m.Card, formatName)
	if err != nil {
		return nil, err
	}
	var names []readingText
	var scales []float64
	for _, r := range m.reads {
		names, scales = append(names, readingText{r.name, r.always}), append(scales, r.mean, r.scale)
	}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	f.Metadata["signals"], f.Metadata["signals_sha256"], f.Metadata["samples"] = string(text), signals.SHA256(), strconv.Itoa(m.samples)
	f.Tensors["signal_scale"] = safetensors.NewFloats(scales, len(m.reads), 2)
	f.Tensors["prompt_mean"] = safetensors.NewFloats(m.scale.mean, len(m.scale.mean))
	f.Tensors["prompt_factor"] = safetensors.NewFloats(m.scale.factor, len(m.scale.factor))
	f.Tensors["weights"] = safetensors.NewFloats(m.weights, len(m.weights))
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// WriteFile writes the model to path. The file appears only once it is complete.
func (m *Model) WriteFile(path string) error { return modelfile.WriteFile(path, m.Bytes) }

// Open reads a model file that train cascade wrote.
func Open(path string) (*Model, error) { return modelfile.Open(path, read) }

// IsFile reports whether a file is a model that train cascade wrote.
func IsFile(path string) bool { return modelfile.HasFormat(path, formatName) }

// read decodes a model; digest is the SHA-256 of the whole file.
func read(f *safetensors.File, digest string) (*Model, error) {
	m := &Model{}
	var err error
	if m.Card, err = modelfile.ReadCard(f, formatName, digest); err != nil {
		return nil, err
	}
	if f.Metadata["signals_sha256"] != signals.SHA256() {
		return nil, hint.With(errors.New("the router reads signals of answers as another release defines them"), "train it again with this one")
	}
	if m.samples, err = strconv.Atoi(f.Metadata["samples"]); err != nil {
		return nil, fmt.Errorf("samples: %w", err)
	}
	if err := m.readSignals(f); err != nil {
		return nil, err
	}
	return m, m.readWeights(f)
}

// readSignals reads which signals a model reads, and their scale.
func (m *Model) readSignals(f *safetensors.File) error {
	var names []readingText
	if err := json.Unmarshal([]byte(f.Metadata["signals"]), &names); err != nil {
		return fmt.Errorf("signals: %w", err)
	}
	scales, err := f.Floats("signal_scale", len(names), 2)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i, s := range signals.All() {
		at[s.Name] = i
	}
	for i, n := range names {
		k, ok := at[n.Name]
		if !ok {
			return fmt.Errorf("signal %q: there is no such signal", n.Name)
		}
		m.reads = append(m.reads, reading{n.Name, k, scales[2*i], scales[2*i+1], n.Always})
	}
	return nil
}

// readWeights reads the scale of a prompt's inputs and all weights.
func (m *Model) readWeights(f *safetensors.File) (err error) {
	t, ok := f.Tensors["prompt_mean"]
	if !ok || len(t.Shape) != 1 || t.Shape[0] < len(counts) {
		return fmt.Errorf("tensor %q has shape %v, expected one element per count and component", "prompt_mean", t.Shape)
	}
	if m.scale.mean, err = f.Floats("prompt_mean", t.Shape[0]); err != nil {
		return err
	}
	if m.scale.factor, err = f.Floats("prompt_factor", t.Shape[0]); err != nil {
		return err
	}
	width := len(m.reads) + t.Shape[0] + 1
	for _, r := range m.reads {
		if !r.always {
			width++
		}
	}
	m.weights, err = f.Floats("weights", width)
	return err
}
