package datasets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// python runs a script from testdata and returns its output. It skips the test unless
// ROUTELLM_REQUIRE_PYTHON is 1.
func python(t *testing.T, stdin []byte, script string, args ...string) []byte {
	t.Helper()
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-python runs it")
	}
	if err := exec.Command("python3", "-c", "import pyarrow, duckdb, pandas, numpy").Run(); err != nil {
		t.Fatal("python3 with pyarrow, duckdb, pandas and numpy is required: ", err)
	}
	cmd := exec.Command("python3", append([]string{filepath.Join("testdata", script)}, args...)...)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(stdin), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(script, ": ", err)
	}
	return out
}

// TestReadWhatPythonWrites reads one table in the types, encodings and codecs of pyarrow, pandas and DuckDB.
func TestReadWhatPythonWrites(t *testing.T) {
	dir := t.TempDir()
	python(t, nil, "write_files.py", dir)
	paths, err := filepath.Glob(filepath.Join(dir, "*.parquet"))
	if err != nil || len(paths) < 20 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			table, err := f.Read(Select{AllModels: true, Features: true})
			if err != nil {
				t.Fatal(err)
			}
			checkPythonTable(t, table)
		})
	}
}

func checkPythonTable(t *testing.T, table *Table) {
	a, _ := table.QualityOf("a")
	b, hasB := table.QualityOf("b")
	chars, _ := table.FeatureOf("chars")
	if table.Rows() != 60 {
		t.Fatalf("%d rows, want 60", table.Rows())
	}
	for k, id := range table.SampleID {
		i := k + 1
		cluster, quarter := id, float64(i)/4
		if i%2 == 0 && hasB {
			cluster = "c"
		}
		if i%7 == 0 {
			quarter = math.NaN()
		}
		if id != fmt.Sprintf("row/%d", i) || table.Task[k] != []string{"maths", "law", "naïve"}[i%3] || table.Cluster[k] != cluster ||
			table.Contaminated[k] != (i == 3) || chars[k] != float64(i) || a[k] != float64(i%2) || hasB && !same(b[k], quarter) {
			t.Fatalf("row %d: %q %q %q %v %v %v", i, id, table.Task[k], table.Cluster[k], table.Contaminated[k], chars[k], a[k])
		}
	}
	if none, ok := table.QualityOf("none"); ok && (len(none) != 60 || !math.IsNaN(none[59])) {
		t.Errorf("a column of nulls reads as %v", none)
	}
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// TestPythonReadsWhatWeWrite reads a file of this package with pyarrow, DuckDB, pandas and, if
// Python has them, polars and fastparquet, and compares every value.
func TestPythonReadsWhatWeWrite(t *testing.T) {
	table := smallTable(300)
	path := filepath.Join(t.TempDir(), "ours.parquet")
	if err := table.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	var seen struct {
		Names, Types []string
		Nullable     []bool
		Metadata     map[string]string
		CreatedBy    string `json:"created_by"`
		Rows         map[string][][]any
	}
	if err := json.Unmarshal(python(t, nil, "read_file.py", path), &seen); err != nil {
		t.Fatal(err)
	}
	columns := table.columns()
	for k, c := range columns {
		want := map[bool]string{true: "double", false: "string"}[c.Floats != nil]
		if c.Bools != nil {
			want = "bool"
		}
		if seen.Names[k] != c.Name || seen.Types[k] != want || seen.Nullable[k] != (c.Floats != nil) {
			t.Errorf("column %d is %q %s nullable=%v, want %q %s", k, seen.Names[k], seen.Types[k], seen.Nullable[k], c.Name, want)
		}
		for i := range table.Rows() {
			for library, rows := range seen.Rows {
				if v := plainValue(c, i); len(rows) != table.Rows() || !reflect.DeepEqual(rows[i][k], v) {
					t.Fatalf("%s: %d rows, row %d, column %q: %v, want %v", library, len(rows), i, c.Name, rows[i][k], v)
				}
			}
		}
	}
	if !reflect.DeepEqual(seen.Metadata, table.Meta.pairs()) || !strings.HasPrefix(seen.CreatedBy, "routellm version 1") {
		t.Errorf("metadata %v by %q", seen.Metadata, seen.CreatedBy)
	}
}

// plainValue returns the value in row i as encoding/json would decode it.
func plainValue(c AnyColumn, i int) any {
	switch {
	case c.Strings != nil:
		return c.Strings[i]
	case c.Bools != nil:
		return c.Bools[i]
	case math.IsNaN(c.Floats[i]):
		return nil
	}
	return c.Floats[i]
}

func TestNormSHA256HexMatchesPython(t *testing.T) {
	prompts := []string{"", " ", "Plain", "Straße STRASSE", "I\u0307stanbul \u0130", "e\u0301 \u00e9 \u00c9", "\ufb01n \u1e9e",
		"tab\tand\nnew\r\nline\u00a0\u2003end ", "Ωmega ΟΔΟΣ \u03c2", "\u212b \u00c5 A\u030a", "日本語　全角", "\u0345\u03b1 \u1fb3", "Ǆ ǅ ǆ", "🙂 👩‍🔬"}
	in, err := json.Marshal(prompts)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	if err := json.Unmarshal(python(t, in, "digests.py"), &want); err != nil {
		t.Fatal(err)
	}
	for i, p := range prompts {
		if got := NormSHA256Hex(p); got != want[i] {
			t.Errorf("NormSHA256Hex(%q) = %s, Python %s", p, got, want[i])
		}
	}
}
