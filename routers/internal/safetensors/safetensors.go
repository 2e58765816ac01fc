// Package safetensors reads and writes the file format of the same name: a JSON
// header with shapes and offsets, then the tensors' bytes, little-endian
// (https://github.com/huggingface/safetensors).
package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
)

// maxHeader bounds the header, as the reference implementation does.
const maxHeader = 100_000_000

// metadataKey holds free text beside the tensors.
const metadataKey = "__metadata__"

// Tensor is a named array. Data holds the elements in row-major order.
type Tensor struct {
	Type  string // "F64", "F32", "I8", "U8", ...
	Shape []int
	Data  []byte
}

// File is everything in a file.
type File struct {
	Tensors  map[string]Tensor
	Metadata map[string]string
}

// entry is a tensor in the header.
type entry struct {
	Type    string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// sizes of the element types that are known.
var sizes = map[string]int64{
	"BOOL": 1, "U8": 1, "I8": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
}

// Read reads a file held in memory; the tensors alias data. Anything that is not
// a well-formed file is an error.
func Read(data []byte) (*File, error) {
	if len(data) < 8 {
		return nil, errors.New("not safetensors: shorter than 8 bytes")
	}
	n := binary.LittleEndian.Uint64(data)
	if n > maxHeader || n > uint64(len(data)-8) {
		return nil, fmt.Errorf("not safetensors, or cut short: a header of %d bytes in a file of %d", n, len(data))
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data[8:8+n], &raw); err != nil {
		return nil, fmt.Errorf("not safetensors: header: %w", err)
	}
	f := &File{Tensors: map[string]Tensor{}, Metadata: map[string]string{}}
	for name, text := range raw {
		if name == metadataKey {
			if err := json.Unmarshal(text, &f.Metadata); err != nil {
				return nil, fmt.Errorf("safetensors metadata: %w", err)
			}
			continue
		}
		t, err := tensor(text, data[8+n:])
		if err != nil {
			return nil, fmt.Errorf("safetensors: tensor %q: %w", name, err)
		}
		f.Tensors[name] = t
	}
	return f, nil
}

func tensor(text json.RawMessage, body []byte) (Tensor, error) {
	var e entry
	if err := json.Unmarshal(text, &e); err != nil {
		return Tensor{}, err
	}
	size, ok := sizes[e.Type]
	if !ok {
		return Tensor{}, fmt.Errorf("unknown type %q", e.Type)
	}
	for _, d := range e.Shape {
		if d < 0 || d > 0 && size > math.MaxInt64/int64(d) {
			return Tensor{}, fmt.Errorf("impossible shape %v", e.Shape)
		}
		size *= int64(d)
	}
	from, to := e.Offsets[0], e.Offsets[1]
	if from < 0 || to < from || to > int64(len(body)) || to-from != size {
		return Tensor{}, fmt.Errorf("bytes %d to %d of %d, expected %d bytes of them", from, to, len(body), size)
	}
	return Tensor{Type: e.Type, Shape: e.Shape, Data: body[from:to]}, nil
}

// Write writes the file. The same content gives the same bytes: tensors are in
// the order of their names.
func (f *File) Write(w io.Writer) error {
	header := map[string]any{}
	if len(f.Metadata) > 0 {
		header[metadataKey] = f.Metadata
	}
	names, at := slices.Sorted(maps.Keys(f.Tensors)), int64(0)
	for _, name := range names {
		t := f.Tensors[name]
		end := at + int64(len(t.Data))
		header[name] = entry{t.Type, t.Shape, [2]int64{at, end}}
		at = end
	}
	text, err := json.Marshal(header) // sorts its keys
	if err != nil {
		return err
	}
	for len(text)%8 != 0 { // keeps the tensors aligned
		text = append(text, ' ')
	}
	var b bytes.Buffer
	b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(text))))
	b.Write(text)
	for _, name := range names {
		b.Write(f.Tensors[name].Data)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// NewFloats returns a tensor of float64.
func NewFloats(values []float64, shape ...int) Tensor {
	data := make([]byte, 0, 8*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
	}
	return Tensor{"F64", shape, data}
}

// Floats returns the elements of a tensor of F32 or F64 with the given shape. A
// tensor that is missing or different is an error.
func (f *File) Floats(name string, shape ...int) ([]float64, error) {
	t, ok := f.Tensors[name]
	if !ok {
		return nil, fmt.Errorf("tensor %q is missing", name)
	}
	if !slices.Equal(t.Shape, shape) {
		return nil, fmt.Errorf("tensor %q has shape %v, expected %v", name, t.Shape, shape)
	}
	switch t.Type {
	case "F64":
		out := make([]float64, len(t.Data)/8)
		for i := range out {
			out[i] = math.Float64frombits(binary.LittleEndian.Uint64(t.Data[8*i:]))
		}
		return out, nil
	case "F32":
		out := make([]float64, len(t.Data)/4)
		for i := range out {
			out[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(t.Data[4*i:])))
		}
		return out, nil
	}
	return nil, fmt.Errorf("tensor %q has type %s, expected F32 or F64", name, t.Type)
}
