// Package parquetfile reads the columns of Parquet files, of any schema and by any writer.
//
// [Open] checks a file's footer. A [Cursor] then reads one column, page by page through all row
// groups: texts, numbers, vectors, or cells of any type, in which nested columns are JSON. Bytes
// that cannot be read are errors, never panics.
//
// Pages are read here and not by parquet-go's File, because that cannot read all pages that
// Spark and others write, and takes the memory that damaged pages claim. Its decoders of
// encodings are used after a check of what the bytes claim.
package parquetfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"
)

// ErrNotParquet is the error for a file that does not begin as Parquet does.
var ErrNotParquet = parquetcheck.ErrNotParquet

// File is an open Parquet file. Get one from [Open] or [New], and close it after use.
type File struct {
	name    string
	reader  io.ReaderAt
	closer  io.Closer // nil for bytes in memory
	columns []string  // top-level columns in the file's order
	rows    int
	layout  any // a *layout, which [layoutOf] returns
}

// layout says where the values of a file lie. File holds it as any, because the compiler would
// otherwise follow its fields in every package that uses a File, or a type with a File, and compile
// the methods of parquet-go's generic types there once more: they were a tenth of the code that a
// first build compiled in this module's packages.
type layout struct {
	meta *parquetcheck.Metadata
	root *node
}

func layoutOf(f *File) *layout { return f.layout.(*layout) }

// Open opens a Parquet file. Its errors name the file.
func Open(path string) (*File, error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, InFile(path, err)
	}
	info, err := r.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a directory, expected a file")
	}
	if err != nil {
		return nil, errors.Join(InFile(path, err), r.Close())
	}
	f, err := New(path, r, info.Size())
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	f.closer = r
	return f, nil
}

// New opens the Parquet file of size bytes that r holds. Errors use name in place of a path. It
// returns an error for any bytes that it cannot read, and never panics. Closing the File does
// not close r.
func New(name string, r io.ReaderAt, size int64) (f *File, err error) {
	defer recoverDamage(name, &err)
	l := &layout{}
	if l.meta, err = parquetcheck.Footer(r, size); err != nil {
		return nil, InFile(name, err)
	}
	if l.root, err = newTree(l.meta); err != nil {
		return nil, damaged(name, err)
	}
	f = &File{name: name, reader: r, rows: int(l.meta.Rows), layout: l}
	for _, column := range l.root.children {
		if f.HasColumn(column.name()) {
			return nil, fmt.Errorf("%q: column %q: occurs twice, expected once", name, column.name())
		}
		f.columns = append(f.columns, column.name())
	}
	return f, nil
}

// Close releases the file.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Name returns the path, or the name given to [New].
func (f *File) Name() string { return f.name }

// Rows returns the number of rows, which may be 0.
func (f *File) Rows() int { return f.rows }

// Columns lists the names of all top-level columns in the file's order.
func (f *File) Columns() []string { return slices.Clone(f.columns) }

// HasColumn reports whether the file has a top-level column with that name.
func (f *File) HasColumn(name string) bool { return slices.Contains(f.columns, name) }

// column returns a top-level column, which the file must have.
func column(f *File, name string) *node {
	return layoutOf(f).root.children[slices.Index(f.columns, name)]
}

// Metadata returns the file's key/value metadata.
func (f *File) Metadata() map[string]string {
	out := map[string]string{}
	for _, kv := range layoutOf(f).meta.KeyValues {
		if _, again := out[kv.Key]; !again {
			out[kv.Key] = kv.Value
		}
	}
	return out
}

// Lookup returns the value of a key of the file's key/value metadata, and whether the file has
// the key.
func (f *File) Lookup(key string) (string, bool) {
	for _, kv := range layoutOf(f).meta.KeyValues {
		if kv.Key == key {
			return kv.Value, true
		}
	}
	return "", false
}
