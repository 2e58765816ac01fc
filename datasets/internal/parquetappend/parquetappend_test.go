package parquetappend

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
)

// row is a row of a file to copy.
type row struct {
	ID    string   `parquet:"id"`
	X     *float64 `parquet:"x,optional"`
	Words []string `parquet:"words,list"`
}

// written returns a file with row groups of the given sizes.
func written(t *testing.T, groups ...int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b, parquet.KeyValueMetadata("kept", "as it is"), parquet.KeyValueMetadata("how", "before"))
	n := 0
	for _, size := range groups {
		for range size {
			x := float64(n) / 3
			r := row{ID: fmt.Sprint(n), X: &x, Words: strings.Fields(strings.Repeat("word ", n%4))}
			if n++; n%5 == 0 {
				r.X = nil
			}
			if _, err := w.Write([]row{r}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// newColumns returns n rows of a column of numbers, every seventh null, and one of texts, every
// third null.
func newColumns(n int) []Values {
	out := []Values{{Floats: make([]float64, n)}, {Texts: make([]*string, n)}}
	for i := range n {
		if out[0].Floats[i] = float64(i) * 0.1; i%7 == 0 {
			out[0].Floats[i] = math.NaN()
		}
		if text := fmt.Sprintf("text %d", i); i%3 != 0 {
			out[1].Texts[i] = &text
		}
	}
	return out
}

// part returns some of the rows.
func part(columns []Values, from, to int) []Values {
	return []Values{{Floats: columns[0].Floats[from:to]}, {Texts: columns[1].Texts[from:to]}}
}

var twoColumns = Options{
	Columns: []Column{{Name: "number"}, {Name: "a text", Text: true}}, Meta: map[string]string{"how": "after", "new": "1"},
	KeyValue: func(key, value string) (string, bool) { return value + "!", key != "gone" },
}

// appended copies a file in batches of rows.
func appended(t *testing.T, in []byte, rows, batch int) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := New(&out, bytes.NewReader(in), int64(len(in)), twoColumns)
	if err != nil {
		t.Fatal(err)
	}
	columns := newColumns(rows)
	for from := 0; from < rows; from += batch {
		if err := w.Write(part(columns, from, min(from+batch, rows))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAppend(t *testing.T) {
	for _, groups := range [][]int{{}, {1}, {10, 3, 25}, {1000}, {3000, 1}} {
		in, rows := written(t, groups...), 0
		for _, n := range groups {
			rows += n
		}
		out := appended(t, in, rows, 7)
		if !bytes.Equal(out, appended(t, in, rows, rows+1)) {
			t.Errorf("%v: the bytes depend on the batches", groups)
		}
		checkAppended(t, in, out, newColumns(rows))
	}
}

// checkAppended expects the copied file's columns, and the new ones.
func checkAppended(t *testing.T, in, out []byte, want []Values) {
	t.Helper()
	before, err := parquetfile.New("in", bytes.NewReader(in), int64(len(in)))
	if err != nil {
		t.Fatal(err)
	}
	after, err := parquetfile.New("out", bytes.NewReader(out), int64(len(out)))
	if err != nil {
		t.Fatal(err)
	}
	if got := after.Columns(); after.Rows() != before.Rows() || !slices.Equal(got, append(before.Columns(), "number", "a text")) {
		t.Fatalf("%d rows of %q", after.Rows(), got)
	}
	for _, name := range before.Columns() {
		if !slices.Equal(cells(t, before, name), cells(t, after, name)) {
			t.Errorf("column %q changed", name)
		}
	}
	numbers, texts := cells(t, after, "number"), cells(t, after, "a text")
	for i := range after.Rows() {
		number, text := parquetfile.Cell{}, parquetfile.Cell{}
		if x := want[0].Floats[i]; !math.IsNaN(x) {
			number = parquetfile.Cell{Kind: parquetfile.Number, Text: fmt.Sprint(x)}
		}
		if s := want[1].Texts[i]; s != nil {
			text = parquetfile.Cell{Kind: parquetfile.Text, Text: *s}
		}
		if numbers[i] != number || texts[i] != text {
			t.Fatalf("row %d: %v, %v, want %v, %v", i, numbers[i], texts[i], number, text)
		}
	}
	if got := fmt.Sprint(after.Metadata()); got != "map[how:after kept:as it is! new:1]" {
		t.Errorf("metadata %s", got)
	}
	if _, err := parquet.OpenFile(bytes.NewReader(out), int64(len(out))); err != nil { // reads indexes of pages as well
		t.Error(err)
	}
}

func cells(t *testing.T, f *parquetfile.File, name string) []parquetfile.Cell {
	t.Helper()
	c, err := f.Cells(name)
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.Take(f.Rows())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAppendToFixtures copies files by other writers, and a footer that is decoded and encoded.
func TestAppendToFixtures(t *testing.T) {
	paths, err := filepath.Glob("../parquetfile/testdata/*/*.parquet")
	if err != nil || len(paths) < 10 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		in, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		at := len(in) - 8
		raw := in[at-int(uint32(in[at])|uint32(in[at+1])<<8|uint32(in[at+2])<<16) : at]
		s, err := decode(raw)
		if err != nil || !bytes.Equal(s.encode(nil), raw) {
			t.Errorf("%s: the footer changes: %v", path, err)
		}
		f, err := parquetfile.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		out := appended(t, in, f.Rows(), 100)
		after, err := parquetfile.New("out", bytes.NewReader(out), int64(len(out)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range f.Columns() {
			if !slices.Equal(cells(t, f, name), cells(t, after, name)) {
				t.Errorf("%s: column %q changed", path, name)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestAppendCountsRows expects an error for too many rows, and for too few.
func TestAppendCountsRows(t *testing.T) {
	in := written(t, 10, 3)
	for _, n := range []int{0, 12, 14} {
		var out bytes.Buffer
		w, err := New(&out, bytes.NewReader(in), int64(len(in)), twoColumns)
		if err != nil {
			t.Fatal(err)
		}
		err = w.Write(newColumns(n))
		if n <= 13 {
			err = w.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "of the file's 13") && !strings.Contains(err.Error(), "than the file's 13") {
			t.Errorf("%d rows: %v", n, err)
		}
		w.Abort()
	}
}

// TestAppendInTemporaryFiles has a row group whose new columns are not kept in memory.
func TestAppendInTemporaryFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	in := written(t, 20, 3)
	w := &Writer{options: twoColumns, groups: []int64{1 << 20}}
	if err := w.open(); err != nil || w.remove == nil {
		t.Fatal(err)
	}
	w.Abort()
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
	defer func(n int64) { memoryBytes = n }(memoryBytes)
	memoryBytes = 0
	if small := appended(t, in, 23, 5); !bytes.Equal(small, func() []byte { memoryBytes = 1 << 20; return appended(t, in, 23, 5) }()) {
		t.Error("the bytes depend on where pages are kept")
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

// TestAppendRefuses has files that are cut off or no Parquet at all.
func TestAppendRefuses(t *testing.T) {
	in := written(t, 10)
	for n := range len(in) {
		var out bytes.Buffer
		if w, err := New(&out, bytes.NewReader(in[:n]), int64(n), twoColumns); err == nil {
			w.Abort()
			t.Errorf("the first %d bytes of %d are taken for a file", n, len(in))
		}
	}
}
