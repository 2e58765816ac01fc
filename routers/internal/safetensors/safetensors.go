// Package safetensors reads and writes safetensors files: a JSON header with shapes and
// offsets, then the tensors' bytes in little-endian order
// (https://github.com/huggingface/safetensors). Call [Read] or [Open] to read,
// [File.Write] to write.
package safetensors

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
)

// maxHeader is the largest header in bytes, as in the reference implementation.
const maxHeader = 100_000_000

// metadataKey is the header's key for free text.
const metadataKey = "__metadata__"

// Tensor is a named array. Data holds the elements in row-major order. It is nil if
// Section reads them instead: see [Open].
type Tensor struct {
	Type    string            // Type is the element type: "F64", "F32", "I8", "U8", ...
	Shape   []int             // Shape holds the dimensions; a scalar has none
	Data    []byte            // Data holds the elements' bytes, or is nil
	Section *io.SectionReader // Section reads the elements' bytes from the file, or is nil
}

// File holds the tensors and metadata of a file.
type File struct {
	Tensors  map[string]Tensor // Tensors holds the tensors by name
	Metadata map[string]string // Metadata holds free text by key
}

// entry describes a tensor in the header.
type entry struct {
	Type    string  `json:"dtype"`
	Shape   []int   `json:"shape"`
	Offsets []int64 `json:"data_offsets"`
}

// sizes holds the size in bytes of each known element type.
var sizes = map[string]int64{
	"BOOL": 1, "U8": 1, "I8": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
}

// Read decodes a file held in memory; the tensors alias data. It fails if the file is not
// well-formed, for example if tensors overlap or leave bytes between or after them
// unused.
func Read(data []byte) (*File, error) {
	if len(data) < 8 {
		return nil, errors.New("not a safetensors file: shorter than 8 bytes")
	}
	n := binary.LittleEndian.Uint64(data)
	if err := checkHeader(n, int64(len(data))); err != nil {
		return nil, err
	}
	body := data[8+n:]
	return read(data[8:8+n], int64(len(body)), func(t *Tensor, from, to int64) error {
		t.Data = body[from:to:to]
		return nil
	})
}

// Open reads a file of the given size. It leaves tensors of more than inMemory bytes in
// the file, to be read through their Section.
func Open(r io.ReaderAt, size int64) (*File, error) {
	const inMemory = 16 << 20
	prefix := make([]byte, 8)
	if _, err := r.ReadAt(prefix, 0); err != nil {
		return nil, errors.New("not a safetensors file: shorter than 8 bytes")
	}
	n := binary.LittleEndian.Uint64(prefix)
	if err := checkHeader(n, size); err != nil {
		return nil, err
	}
	header := make([]byte, n)
	if _, err := r.ReadAt(header, 8); err != nil {
		return nil, err
	}
	start := 8 + int64(n)
	return read(header, size-start, func(t *Tensor, from, to int64) error {
		section := io.NewSectionReader(r, start+from, to-from)
		if to-from > inMemory {
			t.Section = section
			return nil
		}
		t.Data = make([]byte, to-from)
		_, err := io.ReadFull(section, t.Data)
		return err
	})
}

// checkHeader returns an error if a file of size bytes cannot have a header of n bytes.
func checkHeader(n uint64, size int64) error {
	if n > maxHeader || int64(n) > size-8 {
		return fmt.Errorf("not a safetensors file, or cut short: the header has %d bytes, the file %d", n, size)
	}
	return nil
}

// read decodes the header. It calls load for each tensor, with the tensor's place in a
// body of the given number of bytes.
func read(text []byte, body int64, load func(t *Tensor, from, to int64) error) (*File, error) {
	var header map[string]json.RawMessage
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, fmt.Errorf("not a safetensors file: header: %w", err)
	}
	f := &File{Tensors: map[string]Tensor{}, Metadata: map[string]string{}}
	if text, ok := header[metadataKey]; ok {
		if err := json.Unmarshal(text, &f.Metadata); err != nil {
			return nil, fmt.Errorf("safetensors metadata: %w", err)
		}
		delete(header, metadataKey)
	}
	var spans []span
	for _, name := range slices.Sorted(maps.Keys(header)) {
		t, at, err := tensor(header[name], body)
		if err == nil {
			err = load(&t, at.from, at.to)
		}
		if err != nil {
			return nil, fmt.Errorf("safetensors: tensor %q: %w", name, err)
		}
		f.Tensors[name] = t
		at.name = name
		spans = append(spans, at)
	}
	return f, cover(spans, body)
}

// tensor decodes one entry of the header and returns its place in the body.
func tensor(text json.RawMessage, body int64) (t Tensor, at span, err error) {
	var e entry
	if err := json.Unmarshal(text, &e); err != nil {
		return Tensor{}, span{}, err
	}
	if e.Shape == nil || len(e.Offsets) != 2 {
		return Tensor{}, span{}, errors.New("expected a shape and two data_offsets")
	}
	size, err := sizeOf(e.Type, e.Shape)
	if err != nil {
		return Tensor{}, span{}, err
	}
	from, to := e.Offsets[0], e.Offsets[1]
	if from < 0 || to < from || to > body || to-from != size {
		return Tensor{}, span{}, fmt.Errorf("data_offsets %d to %d in %d bytes of data, expected a length of %d", from, to, body, size)
	}
	return Tensor{Type: e.Type, Shape: e.Shape}, span{from: from, to: to}, nil
}

// sizeOf returns the number of bytes of a tensor.
func sizeOf(kind string, shape []int) (int64, error) {
	size, ok := sizes[kind]
	if !ok {
		return 0, fmt.Errorf("unknown type %q", kind)
	}
	for _, d := range shape {
		if d < 0 || d > 0 && size > math.MaxInt64/int64(d) {
			return 0, fmt.Errorf("impossible shape %v", shape)
		}
		size *= int64(d)
	}
	return size, nil
}

// span is the place of a tensor in the body.
type span struct {
	name     string
	from, to int64
}

// cover checks that the tensors fill the body without gaps or overlaps.
func cover(spans []span, size int64) error {
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	at := int64(0)
	for _, s := range spans {
		if s.from != at {
			return fmt.Errorf("safetensors: tensor %q begins at byte %d, expected %d, where the one before it ends", s.name, s.from, at)
		}
		at = s.to
	}
	if at != size {
		return fmt.Errorf("safetensors: the tensors end at byte %d, the file at %d", at, size)
	}
	return nil
}

// Bytes returns the bytes of the elements, from memory or from the file.
func (t Tensor) Bytes() ([]byte, error) {
	if t.Section == nil {
		return t.Data, nil
	}
	return io.ReadAll(io.NewSectionReader(t.Section, 0, t.Section.Size()))
}

// Floats returns the elements of an F32 or F64 tensor with the given shape. A missing
// tensor, another type or shape and a non-finite element are errors.
func (f *File) Floats(name string, shape ...int) ([]float64, error) {
	t, ok := f.Tensors[name]
	if !ok {
		return nil, fmt.Errorf("tensor %q is missing", name)
	}
	if !slices.Equal(t.Shape, shape) {
		return nil, fmt.Errorf("tensor %q has shape %v, expected %v", name, t.Shape, shape)
	}
	data, err := t.Bytes()
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", name, err)
	}
	values, ok := floats(t.Type, data)
	if !ok {
		return nil, fmt.Errorf("tensor %q has type %s, expected F32 or F64", name, t.Type)
	}
	out := slices.Collect(values)
	if err := checkFinite(slices.Values(out)); err != nil {
		return nil, fmt.Errorf("tensor %q: %w", name, err)
	}
	return out, nil
}

// floats returns the elements of an F32 or F64 tensor, and false for any other type.
func floats(kind string, data []byte) (iter.Seq[float64], bool) {
	switch kind {
	case "F64":
		return func(yield func(float64) bool) {
			for b := range slices.Chunk(data, 8) {
				if !yield(math.Float64frombits(binary.LittleEndian.Uint64(b))) {
					return
				}
			}
		}, true
	case "F32":
		return func(yield func(float64) bool) {
			for b := range slices.Chunk(data, 4) {
				if !yield(float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))) {
					return
				}
			}
		}, true
	}
	return nil, false
}

// checkFinite returns an error that names the first element that is not finite.
func checkFinite(values iter.Seq[float64]) error {
	i := 0
	for v := range values {
		if i++; !num.Finite(v) {
			return fmt.Errorf("element %d is %v, expected a finite number", i, v)
		}
	}
	return nil
}
