package registry

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/routers/internal/safetensors"
)

// TestOpenRefusesNonFiniteModels opens the built-in models from files in which one number of
// one tensor is NaN.
func TestOpenRefusesNonFiniteModels(t *testing.T) {
	for _, s := range []Spec{{Name: "mf"}, {Name: "sw_ranking"}, {Name: "knn"}, {Name: "subject"}} {
		r, err := Open(s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		whole, err := r.(interface{ Bytes() ([]byte, error) }).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for name, data := range poisoned(t, whole) {
			n++
			path := filepath.Join(t.TempDir(), "m")
			if err := os.WriteFile(path, data, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Open(Spec{Name: s.Name, Arg: path, IsKind: true}, Options{})
			if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "expected a finite number") {
				t.Errorf("%s with NaN in %q: error %v", s, name, err)
			}
		}
		if n == 0 {
			t.Errorf("%s has no tensor of floats", s)
		}
	}
}

// poisoned returns, for each tensor of floats, the file with NaN in it.
func poisoned(t *testing.T, whole []byte) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	f, err := safetensors.Read(whole)
	if err != nil {
		t.Fatal(err)
	}
	for name, tensor := range f.Tensors {
		if tensor.Type != "F64" || len(tensor.Data) == 0 {
			continue
		}
		data := bytes.Clone(whole)
		changed, err := safetensors.Read(data) // its tensors alias data
		if err != nil {
			t.Fatal(err)
		}
		binary.LittleEndian.PutUint64(changed.Tensors[name].Data, math.Float64bits(math.NaN()))
		out[name] = data
	}
	return out
}
