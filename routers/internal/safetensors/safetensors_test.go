package safetensors

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	f := &File{
		Tensors:  map[string]Tensor{"b": NewFloats([]float64{1, -2.5, 3, 4, 5, 6}, 2, 3), "a": {"I8", []int{3}, []byte{1, 255, 3}}},
		Metadata: map[string]string{"k": "v\n\"x\""},
	}
	var one, two bytes.Buffer
	if err := f.Write(&one); err != nil {
		t.Fatal(err)
	}
	if err := f.Write(&two); err != nil || !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Fatalf("bytes differ: %v", err)
	}
	got, err := Read(one.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	b, err := got.Floats("b", 2, 3)
	if err != nil || !slices.Equal(b, []float64{1, -2.5, 3, 4, 5, 6}) || got.Metadata["k"] != "v\n\"x\"" {
		t.Errorf("%v, %v, %v", b, err, got.Metadata)
	}
	for want, shape := range map[string][]int{"shape": {3, 2}, "missing": nil} {
		name := "b"
		if shape == nil {
			name = "c"
		}
		if _, err := got.Floats(name, shape...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := got.Floats("a", 3); err == nil {
		t.Error("int8 read as floats")
	}
}

// TestPublishedWeights reads a file that another program wrote.
func TestPublishedWeights(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "models", "mf_gpt4_augmented", "model.safetensors"))
	if err != nil {
		t.Skip("skipped: no ../shared")
	}
	f, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	for name, shape := range map[string][]int{"P.weight": {64, 128}, "classifier.0.weight": {1, 128}, "text_proj.0.weight": {128, 1536}} {
		if _, err := f.Floats(name, shape...); err != nil {
			t.Error(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	add := func(header string, body int) {
		b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
		f.Add(append(append(b, header...), make([]byte, body)...))
	}
	add(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8)
	add(`{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}`, 8)
	add(`{"a":{"dtype":"F64","shape":[9223372036854775807,9],"data_offsets":[0,8]}}`, 8)
	add(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}`, 8)
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(data)
		if err != nil {
			return
		}
		for name, tensor := range file.Tensors {
			file.Floats(name, tensor.Shape...)
		}
	})
}
