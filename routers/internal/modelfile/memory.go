package modelfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/routers/internal/neighbours"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// Memory holds the training prompts of a router that compares prompts with them: one row
// per prompt, in the order of the card's sources.
type Memory struct {
	*neighbours.Matrix
	Norm   []string // Norm holds the normalised digests
	Source []int    // Source holds indices into the card's sources
}

// Remember collects the prompts of sources. unit is the unit of the vectors' components,
// as in package neighbours.
func Remember(sources []*training.Source, unit float32) Memory {
	var vectors [][]float32
	var m Memory
	for k, s := range sources {
		for i, p := range s.Prompts {
			vectors = append(vectors, p.Vector)
			m.Norm, m.Source = append(m.Norm, s.Norm[i]), append(m.Source, k)
		}
	}
	m.Matrix = neighbours.Rows(vectors, len(vectors[0]), unit)
	return m
}

// Only returns the rows for which keep returns true, and their indices.
func (m Memory) Only(keep func(row int) bool) (Memory, []int) {
	var out Memory
	var rows []int
	for i := range m.Norm {
		if keep(i) {
			rows = append(rows, i)
			out.Norm, out.Source = append(out.Norm, m.Norm[i]), append(out.Source, m.Source[i])
		}
	}
	out.Matrix = neighbours.New(len(rows), m.Dim(), m.Unit(), func(i int, dst []float32) { copy(dst, m.Row(rows[i])) })
	return out, rows
}

// Store adds the rows to a model file.
func (m Memory) Store(f *safetensors.File) error {
	StoreVectors(f, "vectors", m.Matrix)
	return addDigests(f, "norm", m.Norm)
}

// Recall reads the rows of a model file with the given card.
func Recall(f *safetensors.File, c training.Card) (Memory, error) {
	norm, err := digestsOf(f, "norm")
	if err != nil {
		return Memory{}, err
	}
	m := Memory{Norm: norm}
	for k, s := range c.Sources {
		m.Source = append(m.Source, slices.Repeat([]int{k}, s.Prompts)...)
	}
	if m.Matrix, err = RecallVectors(f, "vectors"); err != nil {
		return Memory{}, err
	}
	if m.Len() != len(m.Norm) || m.Len() != len(m.Source) {
		return Memory{}, fmt.Errorf("%s, %s and %s in the sources, expected equal numbers",
			text.Plural(m.Len(), "vector"), text.Plural(len(m.Norm), "digest"), text.Plural(len(m.Source), "prompt"))
	}
	return m, nil
}

// StoreVectors adds vectors to a model file. Vectors with a unit are stored as bytes,
// with the unit in a tensor of its own.
func StoreVectors(f *safetensors.File, name string, m *neighbours.Matrix) {
	var data []byte
	for i := range m.Len() {
		for _, v := range m.Row(i) {
			if m.Unit() > 0 {
				data = append(data, byte(int8(math.Round(float64(v/m.Unit())))))
			} else {
				data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
			}
		}
	}
	kind := "F32"
	if m.Unit() > 0 {
		kind = "I8"
		f.Tensors[name+".unit"] = safetensors.NewFloats([]float64{float64(m.Unit())}, 1)
	}
	f.Tensors[name] = safetensors.Tensor{Type: kind, Shape: []int{m.Len(), m.Dim()}, Data: data}
}

// RecallVectors reads vectors that StoreVectors stored. A non-finite component is an error.
func RecallVectors(f *safetensors.File, name string) (*neighbours.Matrix, error) {
	t := f.Tensors[name]
	if len(t.Shape) != 2 {
		return nil, fmt.Errorf("tensor %q has shape %v, expected one row per prompt", name, t.Shape)
	}
	n, dim := t.Shape[0], t.Shape[1]
	unit, size := []float64{0}, 4
	switch t.Type {
	case "F32":
	case "I8":
		var err error
		if unit, err = f.Floats(name+".unit", 1); err != nil {
			return nil, err
		}
		size = 1
	default:
		return nil, fmt.Errorf("tensor %q has type %q, expected I8 or F32", name, t.Type)
	}
	rows := bufio.NewReaderSize(bytes.NewReader(t.Data), 1<<20)
	if t.Section != nil {
		rows.Reset(t.Section)
	}
	var failed error
	row := make([]byte, dim*size)
	m := neighbours.New(n, dim, float32(unit[0]), func(i int, dst []float32) {
		if _, err := io.ReadFull(rows, row); err != nil {
			failed = err
		}
		for k := range dst {
			if size == 1 {
				dst[k] = float32(int8(row[k])) * float32(unit[0])
			} else {
				dst[k] = math.Float32frombits(binary.LittleEndian.Uint32(row[4*k:]))
			}
			if failed == nil && !num.Finite(float64(dst[k])) {
				failed = fmt.Errorf("tensor %q: row %d, component %d is %v, expected a finite number", name, i+1, k+1, dst[k])
			}
		}
	})
	return m, failed
}

// Digests returns the distinct normalised digests, sorted.
func (m Memory) Digests() []string { return slices.Compact(slices.Sorted(slices.Values(m.Norm))) }
