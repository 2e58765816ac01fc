package datasets

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// fileOf writes text to a new file with the given name, compressed if the name ends in ".gz".
func fileOf(t testing.TB, name, text string) string {
	t.Helper()
	data := []byte(text)
	if strings.HasSuffix(name, ".gz") {
		var buf bytes.Buffer
		zw := gzip.NewWriter(&buf)
		zw.Write(data)
		zw.Close()
		data = buf.Bytes()
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCSVKeepsLineEnds reads prompts with every kind of line end, one byte at a time. The digests
// of prompts depend on them.
func TestCSVKeepsLineEnds(t *testing.T) {
	want := []string{"a\r\nb", "\r\n", "a\nb\r\nc\rd", "x\r\r\ny", "quo\"te\r\n", "plain"}
	for _, end := range []string{"\n", "\r\n"} {
		text := "p,q" + end
		for _, p := range want {
			text += `"` + strings.ReplaceAll(p, `"`, `""`) + `",z` + end
		}
		rec := &records{path: "x.csv", cells: map[string][]string{}}
		if err := rec.parseCSV(iotest.OneByteReader(strings.NewReader(text)), []string{"p", "q"}); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprintf("%q", rec.cells["p"]) != fmt.Sprintf("%q", want) || rec.cells["q"][0] != "z" {
			t.Errorf("end %q: %q, want %q", end, rec.cells["p"], want)
		}
	}
}

// FuzzReadCSV checks that the output of encoding/csv is read back unchanged, and that any other
// text is read with equally many cells per column or is an error.
func FuzzReadCSV(f *testing.F) {
	f.Add("a,b\n1,2\n", "x\r\ny")
	f.Add("a\n\"", "\"")
	f.Fuzz(func(t *testing.T, text, cell string) {
		rec := &records{path: "x.csv", cells: map[string][]string{}}
		if rec.parseCSV(strings.NewReader(text), []string{"a", "b"}) == nil {
			for name, cells := range rec.cells {
				if len(cells) != rec.rows {
					t.Fatalf("column %q has %d of %d rows", name, len(cells), rec.rows)
				}
			}
		}
		cell = strings.ToValidUTF8(cell, "?")
		var buf bytes.Buffer
		w := csv.NewWriter(&buf)
		w.WriteAll([][]string{{"a", "b"}, {cell, "1"}})
		rec = &records{path: "x.csv", cells: map[string][]string{}}
		if err := rec.parseCSV(&buf, []string{"a", "b"}); err != nil || rec.cells["a"][0] != cell || rec.cells["b"][0] != "1" {
			t.Fatalf("wrote %q, read %q: %v", cell, rec.cells, err)
		}
	})
}
