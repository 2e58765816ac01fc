package examples

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestExamplesAreWhatIsMade fails for a file in examples/ that differs from what make examples writes,
// and for one that nothing makes.
func TestExamplesAreWhatIsMade(t *testing.T) {
	root := filepath.Join("..", "..")
	want, err := Files(root)
	if err != nil {
		t.Fatal(err)
	}
	folder := os.DirFS(filepath.Join(root, "examples"))
	err = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "README.md" {
			return err
		}
		got, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		made, ok := want[name]
		if !ok {
			t.Errorf("examples/%s: nothing makes this file", name)
		} else if !bytes.Equal(got, made) {
			t.Errorf("examples/%s is not what make examples writes", name)
		}
		delete(want, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		t.Errorf("examples/%s is missing: run make examples", name)
	}
}

// TestExamplesAreSmall keeps a clone quick.
func TestExamplesAreSmall(t *testing.T) {
	files, err := Files(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for name, data := range files {
		total += len(data)
		if len(data) > 1<<19 {
			t.Errorf("%s has %d bytes, want at most 512 KiB", name, len(data))
		}
	}
	if total > 1<<20 {
		t.Errorf("examples has %d bytes, want at most 1 MiB", total)
	}
}
