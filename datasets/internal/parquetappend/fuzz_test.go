package parquetappend

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
)

// FuzzAppend adds columns to anything that can be opened, which must give a file that can be opened.
func FuzzAppend(f *testing.F) {
	paths, err := filepath.Glob("../parquetfile/testdata/*/*.parquet")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		file, err := parquetfile.New("in", bytes.NewReader(in), int64(len(in)))
		if err != nil || file.Rows() > 10_000 || file.HasColumn("number") || file.HasColumn("a text") {
			t.Skip()
		}
		var out bytes.Buffer
		w, err := New(&out, bytes.NewReader(in), int64(len(in)), twoColumns)
		if err != nil {
			return
		}
		defer w.Abort()
		if err := w.Write(newColumns(file.Rows())); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			return
		}
		after, err := parquetfile.New("out", bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil || after.Rows() != file.Rows() || len(after.Columns()) != len(file.Columns())+2 {
			t.Fatalf("%v: no copy of the file", err)
		}
	})
}
