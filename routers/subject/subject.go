// Package subject is a baseline that uses what no real router knows: the benchmark's
// subject of a sample. Its score is the mean gain of that subject's training rows.
// [Builtin] returns the built-in [Model], [Train] makes one.
package subject

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/modelfile"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// Model holds the mean gain of each subject. It is safe for concurrent use.
type Model struct {
	training.Card
	means  map[string]float64
	unseen float64 // mean of all rows, the score of a sample with an unknown subject
}

// Train averages the gains of gold rows per subject, ignoring unknown gains. Sources must
// be of kind [training.Gold]. It returns one report per source.
func Train(sources []*training.Source, o training.Options) (*Model, []training.Report, error) {
	for _, s := range sources {
		if s.Kind != training.Gold {
			return nil, nil, fmt.Errorf("%q: only benchmarks have subjects: use --gold", s.Name)
		}
	}
	m := meanGains(sources, func(*training.Source, int) bool { return true })
	if math.IsNaN(m.unseen) {
		return nil, nil, errors.New("nothing to train on: expected at least one prompt with a known gain")
	}
	m.Card = training.NewCard(sources, o)
	return m, reports(sources), nil
}

// meanGains returns the mean gains of the rows for which use returns true.
func meanGains(sources []*training.Source, use func(s *training.Source, row int) bool) *Model {
	m, gains, all := &Model{means: map[string]float64{}}, map[string][]float64{}, []float64{}
	for _, s := range sources {
		for i, p := range s.Prompts {
			if num.Finite(s.Gain[i]) && use(s, i) {
				gains[p.Task], all = append(gains[p.Task], s.Gain[i]), append(all, s.Gain[i])
			}
		}
	}
	for task, g := range gains {
		m.means[task] = training.Mean(g)
	}
	m.unseen = training.Mean(all)
	return m
}

// score returns the mean gain of a subject.
func (m *Model) score(task string) float64 {
	if mean, ok := m.means[task]; ok {
		return mean
	}
	return m.unseen
}

// Needs returns the zero value: a sample's task is always there.
func (m *Model) Needs() routers.Needs { return routers.Needs{} }

// Scores returns one mean gain per prompt, in the benchmark's unit of quality.
func (m *Model) Scores(_ context.Context, prompts []routers.Prompt) ([]float64, error) {
	out := make([]float64, len(prompts))
	for i, p := range prompts {
		out[i] = m.score(p.Task)
	}
	return out, nil
}

// formatName identifies a model file of this package.
const formatName = "routellm-subject"

// Bytes returns the model as a safetensors file. Equal models give equal bytes.
func (m *Model) Bytes() ([]byte, error) {
	f, err := modelfile.New(&m.Card, formatName)
	if err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(m.means))
	values := []float64{m.unseen}
	for _, name := range names {
		values = append(values, m.means[name])
	}
	text, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	f.Metadata["tasks"] = string(text)
	f.Tensors["means"] = safetensors.NewFloats(values, len(values))
	var b bytes.Buffer
	err = f.Write(&b)
	return b.Bytes(), err
}

// WriteFile writes the model to path. The file appears only once it is complete.
func (m *Model) WriteFile(path string) error { return modelfile.WriteFile(path, m.Bytes) }

// Open reads a model file that train subject wrote.
func Open(path string) (*Model, error) { return modelfile.Open(path, read) }

// read decodes a model; digest is the SHA-256 of the whole file.
func read(f *safetensors.File, digest string) (*Model, error) {
	m := &Model{means: map[string]float64{}}
	var err error
	if m.Card, err = modelfile.ReadCard(f, formatName, digest); err != nil {
		return nil, err
	}
	var names []string
	if err := json.Unmarshal([]byte(f.Metadata["tasks"]), &names); err != nil {
		return nil, fmt.Errorf("tasks: %w", err)
	}
	values, err := f.Floats("means", len(names)+1)
	if err != nil {
		return nil, err
	}
	m.unseen = values[0]
	for i, name := range names {
		m.means[name] = values[i+1]
	}
	return m, nil
}

//go:embed gold.safetensors
var gold []byte

// Builtin returns the built-in model, which was trained on the built-in gold rows.
func Builtin() (*Model, error) { return modelfile.Embedded("subject", gold, read) }
