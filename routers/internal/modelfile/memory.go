package modelfile

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/routellm/routellm/routers/internal/neighbours"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

// Memory is the training prompts of a router that compares prompts with them, one row a
// prompt, in the order of the card's sources.
type Memory struct {
	*neighbours.Matrix
	Norm   []string // normalised digests
	Source []int    // index into the card's sources
}

// Remember gathers the sources' prompts. unit is what all components are whole
// multiples of, as in the built-in encoder's vectors, or 0.
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

// Only returns the rows for which keep is true, and their numbers.
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

// Store puts the rows into a model file.
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
		return Memory{}, fmt.Errorf("%d vectors, %d digests, %d prompts in the sources: expected one of each a prompt", m.Len(), len(m.Norm), len(m.Source))
	}
	return m, nil
}

// StoreVectors puts vectors into a model file: as bytes where they are whole multiples
// of a unit, which then stands beside them.
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

// RecallVectors reads vectors of a model file.
func RecallVectors(f *safetensors.File, name string) (*neighbours.Matrix, error) {
	t := f.Tensors[name]
	if len(t.Shape) != 2 {
		return nil, fmt.Errorf("tensor %q has shape %v, expected a row a prompt", name, t.Shape)
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
	m := neighbours.New(n, dim, float32(unit[0]), func(_ int, dst []float32) {
		if _, err := io.ReadFull(rows, row); err != nil {
			failed = err
		}
		for k := range dst {
			if size == 1 {
				dst[k] = float32(int8(row[k])) * float32(unit[0])
			} else {
				dst[k] = math.Float32frombits(binary.LittleEndian.Uint32(row[4*k:]))
			}
		}
	})
	return m, failed
}

// Digests returns the normalised digests, sorted, each once.
func (m Memory) Digests() []string { return slices.Compact(slices.Sorted(slices.Values(m.Norm))) }
