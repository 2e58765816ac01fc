package parquetfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// written returns a file of rows of a struct type.
func written[T any](t testing.TB, rows []T, options ...parquet.WriterOption) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := parquet.NewGenericWriter[T](&buf, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// opened opens a file in memory.
func opened(t testing.TB, data []byte) *File {
	t.Helper()
	f, err := New("x.parquet", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// failing is a disk that fails after the file was opened.
type failing struct {
	io.ReaderAt
	fails *bool
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if *f.fails {
		return 0, &fs.PathError{Op: "read", Path: "x", Err: errors.New("input/output error")}
	}
	return f.ReaderAt.ReadAt(p, off)
}

func TestFailingDiskIsNotDamage(t *testing.T) {
	data, fails := written(t, []vectorRow{{[]float32{1}}}), false
	f, err := New("x.parquet", failing{bytes.NewReader(data), &fails}, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	fails = true
	c, err := f.Lists("v")
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Take(1)
	if err == nil || err.Error() != `"x.parquet": input/output error` {
		t.Errorf("error %v", err)
	}
}
