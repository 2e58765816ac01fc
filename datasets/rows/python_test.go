package rows

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestReadWhatPythonWrites reads one table in the formats and dialects of pandas, pyarrow, polars,
// DuckDB and others.
func TestReadWhatPythonWrites(t *testing.T) {
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-python runs it")
	}
	dir := t.TempDir()
	cmd := exec.Command("python3", filepath.Join("..", "..", "scripts", "write_tables.py"), dir)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want []map[string]any
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.*"))
	texts, err2 := filepath.Glob(filepath.Join(dir, "text", "*"))
	if err != nil || err2 != nil || len(texts) < 10 {
		t.Fatal(texts, err, err2)
	}
	for _, path := range append(paths, texts...) {
		t.Run(filepath.Base(path), func(t *testing.T) { comparePython(t, path, want) })
	}
}

func comparePython(t *testing.T, path string, want []map[string]any) {
	table, err := Open(context.Background(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	columns := []string{"id", "prompt", "big", "n"}
	isText, rows := filepath.Base(filepath.Dir(path)) == "text", 0
	err = table.Scan(context.Background(), columns, func(r Row) error {
		for i, c := range r.Cells {
			if !sameCell(c, want[rows][columns[i]], table.About().Decimal, isText) {
				t.Errorf("row %d, column %q: %v, want %v", r.Number, columns[i], c, want[rows][columns[i]])
			}
		}
		rows++
		return nil
	})
	if err != nil || rows != len(want) {
		t.Error(rows, err, table.About())
	}
}

// sameCell compares a cell with a value of Python. A text file has "" for a missing value.
func sameCell(c Cell, want any, decimal rune, isText bool) bool {
	switch v := want.(type) {
	case nil:
		return c.Kind == Missing || isText && c.Text == "" || c == Cell{Number, "NaN"}
	case float64:
		got, err := strconv.ParseFloat(strings.ReplaceAll(c.Text, string(decimal), "."), 64)
		return err == nil && got == v && (c.Kind == Number || isText)
	}
	return c == Cell{Text, want.(string)}
}
