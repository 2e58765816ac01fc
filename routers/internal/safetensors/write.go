package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/text"
)

// Write writes the file, with the tensors in the order of their names: equal content
// gives equal bytes. If a tensor's bytes do not fit its type and shape, or an element of
// type F32 or F64 is not finite, Write returns an error before it writes anything.
func (f *File) Write(w io.Writer) error {
	header := map[string]any{}
	names, at := slices.Sorted(maps.Keys(f.Tensors)), int64(0)
	for _, name := range names {
		t := f.Tensors[name]
		size, err := sizeOf(t.Type, t.Shape)
		if err == nil && size != int64(len(t.Data)) {
			err = fmt.Errorf("%s, expected %d", text.Plural(len(t.Data), "byte"), size)
		}
		if values, ok := floats(t.Type, t.Data); ok && err == nil {
			err = checkFinite(values)
		}
		if err != nil {
			return fmt.Errorf("safetensors: tensor %q: %w", name, err)
		}
		// write a scalar's shape as [], never as null
		header[name] = entry{t.Type, append([]int{}, t.Shape...), []int64{at, at + size}}
		at += size
	}
	if _, ok := header[metadataKey]; ok {
		return fmt.Errorf("safetensors: no tensor may be named %q", metadataKey)
	}
	if len(f.Metadata) > 0 {
		header[metadataKey] = f.Metadata
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
	return Tensor{Type: "F64", Shape: shape, Data: data}
}
