package safetensors

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	f := &File{
		Tensors:  map[string]Tensor{"b": NewFloats([]float64{1, -2.5, 3, 4, 5, 6}, 2, 3), "a": {Type: "I8", Shape: []int{3}, Data: []byte{1, 255, 3}}},
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

// file returns a file with the given header, followed by body zero bytes.
func file(header string, body int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, body)...)
}

func TestMalformedFiles(t *testing.T) {
	good := file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}`, 9)
	if _, err := Read(good); err != nil {
		t.Fatal(err)
	}
	for n := range good {
		if _, err := Read(good[:n]); err == nil {
			t.Errorf("cut to %d of %d bytes: no error", n, len(good))
		}
	}
	one := func(entry string) []byte { return file(`{"a":`+entry+`}`, 8) }
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, "shorter than 8 bytes"},
		{[]byte{255, 255, 255, 255, 255, 255, 255, 255, 1}, "the header has 18446744073709551615 bytes"},
		{file("[]", 0), "header"},
		{file(`{"__metadata__":{"a":1}}`, 0), "metadata"},
		{one(`{"dtype":"F33","shape":[2],"data_offsets":[0,8]}`), `tensor "a": unknown type "F33"`},
		{one(`{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}`), "impossible shape [-2]"},
		{one(`{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}`), "impossible shape"},
		{one(`{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}`), `tensor "a"`},
		{one(`{"dtype":"F32","shape":null,"data_offsets":[0,8]}`), "expected a shape"},
		{one(`{"dtype":"F32","shape":[0]}`), "two data_offsets"},
		{one(`{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}`), "two data_offsets"},
		{one(`{"dtype":"F32","shape":[2],"data_offsets":[8,0]}`), "data_offsets 8 to 0 in 8 bytes"},
		{one(`{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}`), "data_offsets -8 to 0 in 8 bytes"},
		{one(`{"dtype":"F32","shape":[3],"data_offsets":[0,12]}`), "data_offsets 0 to 12 in 8 bytes"},
		{one(`{"dtype":"F32","shape":[3],"data_offsets":[0,8]}`), "expected a length of 12"},
		{one(`{"dtype":"F32","shape":[1],"data_offsets":[4,8]}`), `"a" begins at byte 4, expected 0`},
		{one(`{"dtype":"F32","shape":[1],"data_offsets":[0,4]}`), "end at byte 4, the file at 8"},
		{file(`{"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I8","shape":[2],"data_offsets":[1,3]}}`, 3), `"b" begins at byte 1, expected 2`},
	} {
		if _, err := Read(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q: error %v, want %q", c.data, err, c.want)
		}
	}
}

func TestWriteChecksTensors(t *testing.T) {
	for want, f := range map[string]*File{
		"7 bytes, expected 8": {Tensors: map[string]Tensor{"a": {Type: "F32", Shape: []int{2}, Data: make([]byte, 7)}}},
		`unknown type ""`:     {Tensors: map[string]Tensor{"a": {Data: []byte{1}}}},
		`tensor "a": element 2 is NaN, expected a finite number`:  {Tensors: map[string]Tensor{"a": NewFloats([]float64{1, math.NaN()}, 2)}},
		`tensor "a": element 1 is +Inf, expected a finite number`: {Tensors: map[string]Tensor{"a": {Type: "F32", Shape: []int{1}, Data: []byte{0, 0, 0x80, 0x7f}}}},
		"__metadata__": {Tensors: map[string]Tensor{"__metadata__": {Type: "U8", Shape: []int{0}}}},
	} {
		var b bytes.Buffer
		if err := f.Write(&b); err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("error %v after %d bytes, want %q", err, b.Len(), want)
		}
	}
	scalar, b := &File{Tensors: map[string]Tensor{"a": {Type: "U8", Data: []byte{7}}}}, bytes.Buffer{}
	if err := scalar.Write(&b); err != nil {
		t.Fatal(err)
	}
	if f, err := Read(b.Bytes()); err != nil || f.Tensors["a"].Data[0] != 7 || b.Len()%8 != 1 {
		t.Errorf("scalar: file %v, error %v, %d bytes", f, err, b.Len())
	}
}

func TestFloatsRefusesNonFiniteElements(t *testing.T) {
	f, err := Read(slices.Concat(file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 0), []byte{0, 0, 0, 0, 0, 0, 0xc0, 0xff}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Floats("a", 2); err == nil || err.Error() != `tensor "a": element 2 is NaN, expected a finite number` {
		t.Errorf("error %v", err)
	}
}

// FuzzRead checks that every readable file can be written and read again, unless it
// has a non-finite number.
func FuzzRead(f *testing.F) {
	f.Add(file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8))
	f.Add(file(`{"__metadata__":{"k":"v"},"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}`, 8))
	f.Add(file(`{"a":{"dtype":"I8","shape":[0,9],"data_offsets":[0,0]},"b":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}`, 3))
	f.Add(file(`{"a":{"dtype":"F64","shape":[9223372036854775807,9],"data_offsets":[0,8]}}`, 8))
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		one, err := Read(data)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := one.Write(&b); err != nil {
			if !strings.Contains(err.Error(), "expected a finite number") {
				t.Fatal(err)
			}
			return
		}
		two, err := Read(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if len(two.Tensors) != len(one.Tensors) {
			t.Errorf("%d tensors, want %d", len(two.Tensors), len(one.Tensors))
		}
		for name, tensor := range one.Tensors {
			if !bytes.Equal(tensor.Data, two.Tensors[name].Data) {
				t.Errorf("tensor %q changed", name)
			}
			one.Floats(name, tensor.Shape...)
		}
	})
}

// TestOpen reads a large tensor through its section, small ones into memory.
func TestOpen(t *testing.T) {
	large := make([]byte, 17<<20)
	large[len(large)-1] = 7
	f := &File{Tensors: map[string]Tensor{"large": {Type: "U8", Shape: []int{len(large)}, Data: large}, "small": NewFloats([]float64{1, 2}, 2)}}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if small, err := got.Floats("small", 2); err != nil || !slices.Equal(small, []float64{1, 2}) {
		t.Errorf("%v, %v", small, err)
	}
	section := got.Tensors["large"].Section
	if section == nil || got.Tensors["large"].Data != nil {
		t.Fatal("a large tensor was read")
	}
	if data, err := io.ReadAll(section); err != nil || !bytes.Equal(data, large) {
		t.Errorf("%d bytes, %v", len(data), err)
	}
	for n := range int64(100) {
		if _, err := Open(bytes.NewReader(b.Bytes()[:n]), n); err == nil {
			t.Fatalf("no error for %d bytes", n)
		}
	}
}
