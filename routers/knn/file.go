package knn

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/routellm/routellm/routers/internal/gate"
	"github.com/routellm/routellm/routers/internal/inputs"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/neighbours"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// formatName identifies a model file of this package.
const formatName = "routellm-knn"

// Bytes returns the model as a safetensors file: the heads' prompts with their labels,
// the gate, and the card. Equal models give equal bytes.
func (m *Model) Bytes() ([]byte, error) {
	f, err := modelfile.New(&m.Card, formatName)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, h := range m.heads {
		names = append(names, h.name)
		h.store(f)
	}
	if m.gate != nil {
		m.gate.Store(f)
	}
	f.Tensors["win_rate"] = safetensors.NewFloats([]float64{m.scale.Slope, m.scale.Shift}, 2)
	for key, value := range map[string]any{"heads": names, "classes": m.classes} {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		f.Metadata[key] = string(text)
	}
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

func (h *head) store(f *safetensors.File) {
	n := len(h.labels)
	var counts []float64
	var cues []byte
	for _, p := range h.places {
		counts = append(counts, p.counts[:]...)
		for _, c := range p.cues {
			cues = append(cues, byte(c))
		}
	}
	modelfile.StoreVectors(f, h.name+".vectors", neighbours.Rows(h.vectors, len(h.centre), h.unit))
	inputs.Store(f, h.name+".inputs", h.inputs)
	f.Tensors[h.name+".counts"] = safetensors.NewFloats(counts, n, inputs.Counts)
	if h.inputs.Cues > 0 {
		f.Tensors[h.name+".cues"] = safetensors.Tensor{Type: "I8", Shape: []int{n, h.inputs.Cues}, Data: cues}
	}
	f.Tensors[h.name+".labels"] = safetensors.NewFloats(h.labels, n)
	f.Tensors[h.name+".setting"] = safetensors.NewFloats([]float64{h.setting.counts, h.setting.cues, h.setting.temperature, h.mean, h.spread}, 5)
}

// WriteFile writes the model to path. The file appears only once it is complete.
func (m *Model) WriteFile(path string) error { return modelfile.WriteFile(path, m.Bytes) }

// Open reads a model file that train knn wrote.
func Open(path string) (*Model, error) { return modelfile.Open(path, read) }

// read decodes a model; digest is the SHA-256 of the whole file.
func read(f *safetensors.File, digest string) (*Model, error) {
	m := &Model{}
	var err error
	if m.Card, err = modelfile.ReadCard(f, formatName, digest); err != nil {
		return nil, err
	}
	var names []string
	for key, to := range map[string]any{"heads": &names, "classes": &m.classes} {
		if err := json.Unmarshal([]byte(f.Metadata[key]), to); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	for _, name := range names {
		h, err := readHead(f, name)
		if err != nil {
			return nil, err
		}
		m.heads = append(m.heads, h)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	winRate, err := f.Floats("win_rate", 2)
	if err != nil {
		return nil, err
	}
	m.scale.Slope, m.scale.Shift, m.shape = winRate[0], winRate[1], m.heads[0].inputs.Shape
	if len(m.heads) > 1 {
		m.gate, err = gate.Read(f, len(m.classes), m.shape)
	}
	return m, err
}

// check returns an error if heads and classes do not fit each other.
func (m *Model) check() error {
	if len(m.heads) == 0 {
		return fmt.Errorf("the model has no heads")
	}
	for _, h := range m.heads {
		if h.inputs.Shape != m.heads[0].inputs.Shape {
			return fmt.Errorf("heads have inputs %v and %v, expected the same", h.inputs.Shape, m.heads[0].inputs.Shape)
		}
	}
	for _, k := range m.classes {
		if k < 0 || k >= len(m.heads) {
			return fmt.Errorf("a class has head %d, expected a number below %d", k, len(m.heads))
		}
	}
	return nil
}

func readHead(f *safetensors.File, name string) (*head, error) {
	stored, err := modelfile.RecallVectors(f, name+".vectors")
	if err != nil {
		return nil, err
	}
	n := stored.Len()
	labels, err := f.Floats(name+".labels", n)
	if err != nil {
		return nil, err
	}
	cues := 0
	if t := f.Tensors[name+".cues"]; len(t.Shape) == 2 {
		cues = t.Shape[1]
	}
	scale, err := inputs.Read(f, name+".inputs", 1, stored.Dim()+inputs.Counts+cues)
	if err != nil {
		return nil, err
	}
	places, err := readPlaces(f, name, n, scale[0].Cues)
	if err != nil {
		return nil, err
	}
	s, err := readSetting(f, name)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fmt.Errorf("head %q has no prompts", name)
	}
	if !(s[2] > 0 && s[4] > 0) {
		return nil, fmt.Errorf("head %q has temperature %v and spread %v, expected numbers above 0", name, s[2], s[4])
	}
	vectors := make([][]float32, n)
	for i := range n {
		vectors[i] = stored.Row(i)
	}
	h := newHead(name, scale[0], vectors, stored.Unit(), places, labels)
	h.setting, h.mean, h.spread = setting{s[0], s[1], s[2]}, s[3], s[4]
	return h, nil
}

// readSetting reads the weights of counts and of cues, the temperature, and the mean and spread of
// held-out scores. Files of older versions have no weight of cues.
func readSetting(f *safetensors.File, name string) ([]float64, error) {
	if size := f.Tensors[name+".setting"].Shape; len(size) != 1 || size[0] != 4 {
		return f.Floats(name+".setting", 5)
	}
	s, err := f.Floats(name+".setting", 4)
	if err != nil {
		return nil, err
	}
	return slices.Insert(s, 1, 0), nil
}

// readPlaces reads the counts and cues of n prompts.
func readPlaces(f *safetensors.File, name string, n, cues int) ([]place, error) {
	counts, err := f.Floats(name+".counts", n, inputs.Counts)
	if err != nil {
		return nil, err
	}
	out := make([]place, n)
	for i := range out {
		out[i].counts = [inputs.Counts]float64(counts[inputs.Counts*i:])
	}
	if cues == 0 {
		return out, nil
	}
	t := f.Tensors[name+".cues"]
	if t.Type != "I8" || !slices.Equal(t.Shape, []int{n, cues}) {
		return nil, fmt.Errorf("tensor %q has type %q and shape %v, expected I8 and %v", name+".cues", t.Type, t.Shape, []int{n, cues})
	}
	data, err := t.Bytes()
	if err != nil {
		return nil, err
	}
	for i := range out {
		for _, b := range data[i*cues : (i+1)*cues] {
			out[i].cues = append(out[i].cues, int8(b))
		}
	}
	return out, nil
}

//go:embed models/*.safetensors.zst
var models embed.FS

// Variants returns the names of the built-in models besides the default one. The default
// is trained on all sources, each variant on the source that it is named after.
func Variants() []string { return []string{string(training.Judge), string(training.Gold)} }

// Builtin returns a built-in model; variant "" is the default.
func Builtin(variant string) (*Model, error) {
	if variant == "" {
		variant = "all"
	}
	data, err := models.ReadFile("models/" + variant + ".safetensors.zst")
	if err != nil {
		return nil, fmt.Errorf("no built-in model %q", variant)
	}
	return modelfile.Embedded("knn@"+variant, data, read)
}
