package mf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/google/renameio/v2/maybe"

	"github.com/routellm/routellm/routers/internal/safetensors"
)

// formatName marks a model file of this package.
const formatName = "routellm-mf"

// formatVersion counts incompatible changes of the file.
const formatVersion = "1"

// Bytes returns the model as a safetensors file: heads and gate as rows of
// weights with the intercept last, digests as bytes, the rest as metadata. Same
// model, same bytes.
func (m *Model) Bytes() ([]byte, error) {
	names := make([]string, len(m.Heads))
	heads := make([]Linear, len(m.Heads))
	for i, h := range m.Heads {
		names[i], heads[i] = h.Name, h.Score
	}
	f := &safetensors.File{
		Tensors: map[string]safetensors.Tensor{
			"heads": rowsOf(heads), "win_rate": safetensors.NewFloats([]float64{m.Slope, m.Shift}, 2),
		},
		Metadata: map[string]string{
			"format": formatName, "version": formatVersion, "strong": m.Strong, "weak": m.Weak,
			"encoder": m.Encoder, "encoder_sha256": m.EncoderSHA256, "recipe": m.Recipe, "seed": strconv.FormatUint(m.Seed, 10),
		},
	}
	if m.Gate != nil {
		f.Tensors["gate"] = rowsOf(m.Gate)
	}
	if len(m.HeldOutNorm) > 0 {
		f.Tensors["held_out_score"] = safetensors.NewFloats(m.HeldOutScore, len(m.HeldOutScore))
	}
	for name, digests := range map[string][]string{"training": m.Training, "held_out_norm": m.HeldOutNorm} {
		if err := addDigests(f, name, digests); err != nil {
			return nil, err
		}
	}
	for key, value := range map[string]any{"heads": names, "sources": m.Sources} {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		f.Metadata[key] = string(text)
	}
	var b bytes.Buffer
	err := f.Write(&b)
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

func addDigests(f *safetensors.File, name string, digests []string) error {
	if len(digests) == 0 {
		return nil
	}
	data, err := hex.DecodeString(strings.Join(digests, ""))
	f.Tensors[name] = safetensors.Tensor{Type: "U8", Shape: []int{len(digests), sha256.Size}, Data: data}
	return err
}

// Open reads a model file.
func Open(path string) (*Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	return m, nil
}

// parse reads a model's bytes.
func parse(data []byte) (*Model, error) {
	f, err := safetensors.Read(data)
	if err != nil {
		return nil, err
	}
	if f.Metadata["format"] != formatName || f.Metadata["version"] != formatVersion {
		return nil, fmt.Errorf("format %q version %q, expected %q version %q", f.Metadata["format"], f.Metadata["version"], formatName, formatVersion)
	}
	sum := sha256.Sum256(data)
	m := &Model{sha256: hex.EncodeToString(sum[:])}
	m.Strong, m.Weak = f.Metadata["strong"], f.Metadata["weak"]
	m.Encoder, m.EncoderSHA256, m.Recipe = f.Metadata["encoder"], f.Metadata["encoder_sha256"], f.Metadata["recipe"]
	if m.Seed, err = strconv.ParseUint(f.Metadata["seed"], 10, 64); err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	if err := json.Unmarshal([]byte(f.Metadata["sources"]), &m.Sources); err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	if err := m.parseHeads(f); err != nil {
		return nil, err
	}
	winRate, err := f.Floats("win_rate", 2)
	if err != nil {
		return nil, err
	}
	m.Slope, m.Shift = winRate[0], winRate[1]
	m.Training, m.HeldOutNorm = digestsOf(f, "training"), digestsOf(f, "held_out_norm")
	if len(m.HeldOutNorm) > 0 {
		m.HeldOutScore, err = f.Floats("held_out_score", len(m.HeldOutNorm))
	}
	return m, err
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

func digestsOf(f *safetensors.File, name string) []string {
	text := hex.EncodeToString(f.Tensors[name].Data)
	out := make([]string, 0, len(text)/64)
	for len(text) >= 64 {
		out, text = append(out, text[:64]), text[64:]
	}
	return out
}
