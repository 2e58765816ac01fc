package schemas

import (
	"archive/zip"
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "pack the schemas anew")

// TestPacked compares the packed schemas with the files of the folder above. With -update it packs
// them, if one has changed.
func TestPacked(t *testing.T) {
	var files []string
	same := true
	for _, s := range List() {
		want, err := os.ReadFile(filepath.Join("..", s.File))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(s.Name)
		same = same && err == nil && bytes.Equal(got, want)
		files = append(files, filepath.Join("..", s.File))
	}
	if !same && *update {
		pack(t)
	} else if !same {
		t.Error("the packed schemas are not the files above; go test ./results/schemas -update packs them")
	}
	all, err := filepath.Glob("../*schema.json")
	if err != nil || len(all) != len(files) {
		t.Errorf("%d schemas are listed, %d are in the folder: %v", len(files), len(all), err)
	}
}

// pack writes the archive, without times.
func pack(t *testing.T) {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, s := range List() {
		schema, err := os.ReadFile(filepath.Join("..", s.File))
		if err != nil {
			t.Fatal(err)
		}
		w, err := archive.Create(s.Name)
		if err == nil {
			_, err = w.Write(schema)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("schemas.zip", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestUnknownName(t *testing.T) {
	if _, err := Read("polcy"); err == nil {
		t.Error("there is a schema polcy")
	}
}
