package filter

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestWhatPythonWrites filters tables of all types by pyarrow, pandas, polars, fastparquet and DuckDB, and
// has them read by all of these.
func TestWhatPythonWrites(t *testing.T) {
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-python runs it")
	}
	dir := t.TempDir()
	python(t, "write", dir)
	if err := os.Mkdir(filepath.Join(dir, "out"), 0o755); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if err := filterFile(path); err != nil {
			t.Error(err)
		}
	}
	python(t, "check", dir)
}

// filterFile filters a file by its extension into the folder out beside it.
func filterFile(path string) error {
	out, err := os.Create(filepath.Join(filepath.Dir(path), "out", filepath.Base(path)))
	if err != nil {
		return err
	}
	defer out.Close()
	if filepath.Ext(path) == ".parquet" {
		_, err = Parquet(context.Background(), path, "how", out, lengths(2))
		return err
	}
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = Arrow(context.Background(), in, out, lengths(2))
	return err
}

func python(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("python3", append([]string{filepath.Join("testdata", "tables.py")}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}
