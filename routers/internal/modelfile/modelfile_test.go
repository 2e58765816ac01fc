package modelfile

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/routers"
	"github.com/routellm/routellm/routers/internal/neighbours"
	"github.com/routellm/routellm/routers/internal/safetensors"
	"github.com/routellm/routellm/routers/training"
)

func sources() []*training.Source {
	source := func(kind training.Kind, texts ...string) *training.Source {
		s := &training.Source{Kind: kind, Name: string(kind), SHA256: strings.Repeat("a", 64)}
		for i, text := range texts {
			s.Norm = append(s.Norm, datasets.NormSHA256Hex(text))
			s.Prompts = append(s.Prompts, routers.Prompt{Vector: []float32{float32(i), -2}, Text: text + " lamp on each of the stairs", HasText: true})
		}
		return s
	}
	return []*training.Source{source(training.Judge, "one", "two"), source(training.Gold, "one")}
}

func card() training.Card {
	c := training.NewCard(sources(), training.Options{Strong: "s", Weak: "w", Encoder: "e", EncoderSHA256: "d", Recipe: "train x", Seed: 1 << 63})
	c.KeepHeldOut(sources()[0].Norm, []float64{0.25, 0.75})
	return c
}

// bytesOf encodes a model file of c, after change.
func bytesOf(t *testing.T, c training.Card, change func(f *safetensors.File)) []byte {
	t.Helper()
	f, err := New(&c, "routellm-x")
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readCard(f *safetensors.File, digest string) (training.Card, error) {
	return ReadCard(f, "routellm-x", digest)
}

func TestCardRoundTrip(t *testing.T) {
	data := bytesOf(t, card(), nil)
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := WriteFile(path, func() ([]byte, error) { return data, nil }); err != nil {
		t.Fatal(err)
	}
	want := card()
	want.FileSHA256 = datasets.DigestBytes(data)
	for name, read := range map[string]func() (training.Card, error){
		"file":     func() (training.Card, error) { return Open(path, readCard) },
		"built in": func() (training.Card, error) { return Embedded("x", data, readCard) },
	} {
		if got, err := read(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
		}
	}
}

// TestKnownRoundTrip stores what is known of 30 prompts, and reads it again.
func TestKnownRoundTrip(t *testing.T) {
	s := &training.Source{Kind: training.Judge, Name: "j"}
	for i := range 30 {
		s.Prompts = append(s.Prompts, routers.Prompt{Vector: []float32{float32(i % 7), -2}, Features: routers.FeaturesOf(strings.Repeat("a lamp ", i+1))})
		s.Norm = append(s.Norm, datasets.NormSHA256Hex(strings.Repeat("x", i)))
		s.Label = append(s.Label, float64(i))
	}
	c := card()
	c.Describe(s)
	got, err := Embedded("x", bytesOf(t, c, nil), readCard)
	if err != nil || got.Known == nil {
		t.Fatalf("no description: %v", err)
	}
	far := routers.Prompt{Vector: []float32{900, 900}, Features: s.Prompts[0].Features}
	if unlike := got.Unlike([]routers.Prompt{s.Prompts[4], far}); len(unlike) != 2 || unlike[0] || !unlike[1] {
		t.Errorf("unlike the training prompts: %v, want the second", unlike)
	}
	if _, ok := got.Abstain(&s.Prompts[4]); ok || !got.Abstains {
		t.Error("the router abstains on a training prompt, or does not abstain at all")
	}
	far.Features = routers.FeaturesOf("short")
	short, _ := got.Abstain(&far)
	far.Features = routers.FeaturesOf(strings.Repeat("long ", 200))
	if long, ok := got.Abstain(&far); !ok || !(long > short) || math.Abs(long) > 2 {
		t.Errorf("a long and a short prompt far away have the scores %v and %v, want the longer above, and both within 2 of 0", long, short)
	}
	c = card()
	if c.Describe(sources()...); c.Known != nil || c.Unlike(s.Prompts) != nil {
		t.Error("two prompts without counts have a description")
	}
}

// Digests of held-out prompts are written once where they are all training prompts.
func TestHeldOutRoundTrip(t *testing.T) {
	for name, kept := range map[string]*training.Source{"all": sources()[0], "some": sources()[1]} {
		want := card()
		want.HeldOutNorm, want.HeldOutScore = nil, nil
		want.KeepHeldOut(kept.Norm, make([]float64, len(kept.Norm)))
		got, err := Embedded("x", bytesOf(t, want, func(f *safetensors.File) {
			if _, written := f.Tensors["held_out_norm"]; written != (name == "some") {
				t.Errorf("%s: held-out digests written: %v", name, written)
			}
		}), readCard)
		if err != nil || !slices.Equal(got.HeldOutNorm, want.HeldOutNorm) || !slices.Equal(got.HeldOutScore, want.HeldOutScore) {
			t.Errorf("%s: %q %v, %v, want %q %v", name, got.HeldOutNorm, got.HeldOutScore, err, want.HeldOutNorm, want.HeldOutScore)
		}
	}
}

func TestCardsThatAreNotUsable(t *testing.T) {
	for want, change := range map[string]func(f *safetensors.File){
		`format "y" version "1", expected "routellm-x" version "1"`: func(f *safetensors.File) { f.Metadata["format"] = "y" },
		`version "2", expected`:            func(f *safetensors.File) { f.Metadata["version"] = "2" },
		`abstains: "x", expected "length"`: func(f *safetensors.File) { f.Metadata["abstains"] = "x" },
		`tensor "familiar": version 7`: func(f *safetensors.File) {
			f.Tensors["familiar"] = safetensors.Tensor{Type: "U8", Shape: []int{1}, Data: []byte{7}}
		},
		"seed: ":                    func(f *safetensors.File) { f.Metadata["seed"] = "-1" },
		"sources: ":                 func(f *safetensors.File) { f.Metadata["sources"] = "{" },
		`held_out: "all", expected`: func(f *safetensors.File) { f.Metadata[heldOut] = "all" },
		`tensor "held_out_score" has shape`: func(f *safetensors.File) {
			delete(f.Tensors, "held_out_norm")
			delete(f.Metadata, heldOut)
		},
		`tensor "held_out_score" is missing`: func(f *safetensors.File) { delete(f.Tensors, "held_out_score") },
		`tensor "signatures": the signatures of the training prompts are damaged`: func(f *safetensors.File) {
			f.Tensors["signatures"] = safetensors.Tensor{Type: "U8", Shape: []int{1}, Data: []byte{1}}
		},
	} {
		_, err := Embedded("x", bytesOf(t, card(), change), readCard)
		if err == nil || !strings.HasPrefix(err.Error(), `built-in model "x": `) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if _, err := New(&training.Card{Training: []string{"no hex"}}, "routellm-x"); err == nil {
		t.Error("no error for a digest that is not hexadecimal")
	}
}

func TestMissingFiles(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "m"), readCard); err == nil {
		t.Error("no error for a missing file")
	}
	failed := os.ErrInvalid
	path := filepath.Join(t.TempDir(), "m")
	if err := WriteFile(path, func() ([]byte, error) { return []byte("part"), failed }); err != failed {
		t.Errorf("error %v, want %v", err, failed)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("a file after an error: %v", err)
	}
}

func TestCompressedFiles(t *testing.T) {
	dir, data := t.TempDir(), bytesOf(t, card(), func(*safetensors.File) {})
	open := func(name string) training.Card {
		path := filepath.Join(dir, name)
		if err := WriteFile(path, func() ([]byte, error) { return data, nil }); err != nil {
			t.Fatal(err)
		}
		c, err := Open(path, readCard)
		if err != nil {
			t.Fatal(err)
		}
		if about := metadataOf(path); about["format"] != "routellm-x" {
			t.Errorf("%s: metadata %v", name, about)
		}
		return c
	}
	want, got := open("m.safetensors"), open("m.safetensors.zst")
	if !reflect.DeepEqual(got, want) {
		t.Errorf("compressed file: %v, want %v", got, want)
	}
	file, err := os.ReadFile(filepath.Join(dir, "m.safetensors.zst"))
	if err != nil || !bytes.HasPrefix(file, magic) {
		t.Fatalf("no Zstandard frame, %v", err)
	}
	if got, err := Embedded("x", file, readCard); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("compressed built-in model: %v, %v, want %v", got, err, want)
	}
	cut := filepath.Join(dir, "cut")
	if err := os.WriteFile(cut, file[:len(file)-9], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(cut, readCard); err == nil || !strings.Contains(err.Error(), "decompress") {
		t.Errorf("error %v for a file that ends early", err)
	}
}

func TestFolderCard(t *testing.T) {
	dir := t.TempDir()
	if card, err := FolderCard(dir, "routellm-x"); card != nil || err != nil {
		t.Errorf("%v, %v, want no card for a folder without one", card, err)
	}
	path := filepath.Join(dir, "training.safetensors")
	if err := os.WriteFile(path, bytesOf(t, card(), nil), 0o644); err != nil {
		t.Fatal(err)
	}
	if c, err := FolderCard(dir, "routellm-x"); err != nil || !slices.Equal(c.Training, card().Training) {
		t.Errorf("card %+v, %v", c, err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := FolderCard(dir, "routellm-x"); err == nil || !strings.Contains(err.Error(), "training.safetensors") {
		t.Errorf("error %v, want one about training.safetensors", err)
	}
}

// TestMemoryRoundTrip stores vectors with and without a unit.
func TestMemoryRoundTrip(t *testing.T) {
	for _, unit := range []float32{0, 1, 0.5} {
		m := Remember(sources(), unit)
		got, err := Embedded("x", bytesOf(t, card(), func(f *safetensors.File) {
			if err := m.Store(f); err != nil {
				t.Fatal(err)
			}
		}), func(f *safetensors.File, digest string) (Memory, error) { return Recall(f, card()) })
		if err != nil {
			t.Fatal(err)
		}
		if got.Unit() != unit || !slices.Equal(got.Norm, m.Norm) || !slices.Equal(got.Source, []int{0, 0, 1}) {
			t.Errorf("unit %v: got unit %v, prompts %v of sources %v", unit, got.Unit(), got.Norm, got.Source)
		}
		for i := range m.Len() {
			if !slices.Equal(got.Row(i), m.Row(i)) {
				t.Errorf("unit %v, row %d: %v, want %v", unit, i, got.Row(i), m.Row(i))
			}
		}
		if len(got.Digests()) != 2 || !slices.IsSorted(got.Digests()) {
			t.Errorf("digests %v of two distinct prompts", got.Digests())
		}
	}
}

func TestOnly(t *testing.T) {
	m, rows := Remember(sources(), 1).Only(func(row int) bool { return row != 1 })
	if !slices.Equal(rows, []int{0, 2}) || m.Len() != 2 || !slices.Equal(m.Source, []int{0, 1}) || !slices.Equal(m.Row(1), []float32{0, -2}) {
		t.Errorf("rows %v, sources %v, vector %v", rows, m.Source, m.Row(1))
	}
}

func TestMemoriesThatAreNotUsable(t *testing.T) {
	for want, change := range map[string]func(f *safetensors.File){
		`tensor "vectors" has shape [], expected one row per prompt`:     func(f *safetensors.File) { delete(f.Tensors, "vectors") },
		`tensor "vectors" has type "F64", expected I8 or F32`:            func(f *safetensors.File) { f.Tensors["vectors"] = safetensors.NewFloats(make([]float64, 6), 3, 2) },
		`tensor "vectors.unit" is missing`:                               func(f *safetensors.File) { delete(f.Tensors, "vectors.unit") },
		"2 vectors, 3 digests and 3 prompts in the sources":              func(f *safetensors.File) { StoreVectors(f, "vectors", neighbours.Rows([][]float32{{1}, {2}}, 1, 1)) },
		"3 vectors, 0 digests and 3 prompts in the sources, expected eq": func(f *safetensors.File) { delete(f.Tensors, "norm") },
	} {
		_, err := Embedded("x", bytesOf(t, card(), func(f *safetensors.File) {
			if err := Remember(sources(), 1).Store(f); err != nil {
				t.Fatal(err)
			}
			change(f)
		}), func(f *safetensors.File, digest string) (Memory, error) { return Recall(f, card()) })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestVectorsThatAreNotFinite(t *testing.T) {
	f := &safetensors.File{Tensors: map[string]safetensors.Tensor{
		"v": {Type: "F32", Shape: []int{1, 2}, Data: []byte{0, 0, 0, 0, 0, 0, 0xc0, 0x7f}},
	}}
	if _, err := RecallVectors(f, "v"); err == nil || err.Error() != `tensor "v": row 1, component 2 is NaN, expected a finite number` {
		t.Errorf("error %v", err)
	}
}
