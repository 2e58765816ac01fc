package parquetfile

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
)

// TestReadWhatPythonWrites reads one table in the types, encodings, codecs and page formats of
// pyarrow, pandas, DuckDB and, if Python has them, polars and fastparquet. It compares every
// cell with the value that the library was given.
func TestReadWhatPythonWrites(t *testing.T) {
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-python runs it")
	}
	dir := t.TempDir()
	cmd := exec.Command("python3", filepath.Join("..", "..", "..", "scripts", "write_parquet.py"), dir)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if n := compareFiles(t, dir); n < 100 {
		t.Errorf("%d files, want at least 100", n)
	}
}

// compareFiles reads the files of a folder, and compares them with its expected.json: for each
// file, by column, the kind and text of every cell. It returns the number of files.
func compareFiles(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string]map[string][][2]string
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	for name, columns := range expected {
		f, err := Open(filepath.Join(dir, name+".parquet"))
		if err != nil {
			t.Error(err)
			continue
		}
		for column, cells := range columns {
			if err := compareColumn(f, column, cells); err != nil {
				t.Errorf("%s, %s: %v", name, column, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	return len(expected)
}

func compareColumn(f *File, column string, want [][2]string) error {
	c, err := f.Cells(column)
	if err != nil {
		return err
	}
	got, err := c.Take(f.Rows())
	if err != nil {
		return err
	}
	if len(got) != len(want) {
		return fmt.Errorf("%d rows, want %d", len(got), len(want))
	}
	for i, g := range got {
		kind := [...]string{Missing: "missing", Text: "text", Number: "number", Bool: "bool", JSON: "json"}[g.Kind]
		if kind != want[i][0] || !sameText(kind, g.Text, want[i][1]) {
			return fmt.Errorf("row %d: %s %q, want %s %q", i+1, kind, g.Text, want[i][0], want[i][1])
		}
	}
	return nil
}

// sameText compares numbers and JSON by their values, and all else by the text.
func sameText(kind, got, want string) bool {
	switch kind {
	case "number":
		g, ok := new(big.Rat).SetString(got)
		w, wok := new(big.Rat).SetString(want)
		return ok && wok && g.Cmp(w) == 0
	case "json":
		var g, w any
		return json.Unmarshal([]byte(got), &g) == nil && json.Unmarshal([]byte(want), &w) == nil && reflect.DeepEqual(g, w)
	}
	return got == want
}
