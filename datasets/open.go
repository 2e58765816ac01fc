package datasets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"
	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go"
)

// source is an opened Parquet file of any schema.
type source struct {
	name    string
	reader  io.ReaderAt
	closer  io.Closer // nil for bytes in memory
	file    *parquet.File
	columns []string // top-level columns in the file's order
	flat    map[string]flatColumn
}

// flatColumn is a top-level column with at most one value a row.
type flatColumn struct {
	leaf int // index among the leaves of the schema
	typ  parquet.Type
	num  number
}

// File is an opened Parquet file in the sample schema.
type File struct {
	source
	meta Meta
}

// Open opens a sample file for reading and checks its columns' presence and types; close it after use.
// The error names the file and, where there is one, the column.
func Open(path string) (*File, error) {
	src, err := openSource(path)
	if err != nil {
		return nil, err
	}
	return newFile(src)
}

// OpenBytes opens a sample file held in memory; name stands for the path in errors.
func OpenBytes(name string, data []byte) (*File, error) {
	src, err := newSource(name, bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	return newFile(src)
}

func newFile(src *source) (*File, error) {
	f := &File{source: *src}
	err := f.checkSchema()
	if err == nil {
		f.meta, err = parseMeta(f.name, f.file.Lookup)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *File) checkSchema() error {
	if !f.HasColumn(colSampleID) {
		return hint.With(fmt.Errorf("%q: column %q: missing, expected one text column of unique ids; found %s",
			f.name, colSampleID, listOf(f.columns, 8)),
			"routellm datasets import turns a table of your own into a sample file")
	}
	for _, column := range f.file.Root().Columns() {
		if err := checkType(f.name, column.Name(), column); err != nil {
			return err
		}
	}
	if f.Rows() == 0 {
		return hint.With(fmt.Errorf("%q: no rows, expected at least one sample", f.name), "check the filter or export that wrote the file")
	}
	return nil
}

// Close releases the file.
func (s *source) Close() error {
	if s.closer == nil {
		return nil
	}
	return s.closer.Close()
}

// Name is the path, or the name given to OpenBytes.
func (f *File) Name() string { return f.name }

// Meta is what the file says about itself.
func (f *File) Meta() Meta { return f.meta }

// Rows is the number of samples, at least 1.
func (s *source) Rows() int { return int(s.file.NumRows()) }

// Columns lists the names of all top-level columns in the file's order, ignored ones included.
func (s *source) Columns() []string { return slices.Clone(s.columns) }

// HasColumn reports whether the file has a top-level column of that name.
func (s *source) HasColumn(name string) bool { return slices.Contains(s.columns, name) }

// Models lists the models with a quality column, in the file's order.
func (f *File) Models() []string {
	var models []string
	for _, column := range f.columns {
		if roleOf(column) == roleQuality {
			models = append(models, strings.TrimPrefix(column, prefixQuality))
		}
	}
	return models
}

func openSource(path string) (*source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, readError(path, err)
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a directory, expected a file")
	}
	if err != nil {
		return nil, errors.Join(readError(path, err), f.Close())
	}
	src, err := newSource(path, f, info.Size())
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	src.closer = f
	return src, nil
}

// readError puts the quoted path before the reason, without the system's own mention of both.
func readError(path string, err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("%q: %w", path, err)
}

// newSource opens Parquet bytes; whatever they are, it returns an error and never panics.
func newSource(name string, r io.ReaderAt, size int64) (src *source, err error) {
	defer recoverDamage(name, &err)
	if err := parquetcheck.Footer(r, size); err != nil {
		return nil, readError(name, err)
	}
	f, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, damaged(name, err)
	}
	src = &source{name: name, reader: r, file: f, flat: map[string]flatColumn{}}
	for _, column := range f.Root().Columns() {
		if src.HasColumn(column.Name()) {
			return nil, fmt.Errorf("%q: column %q: occurs twice, expected once", name, column.Name())
		}
		src.columns = append(src.columns, column.Name())
		if !column.Leaf() {
			continue
		}
		num := numberOf(column.Type()) // panics on nonsense, here and nowhere later
		if !column.Repeated() {
			src.flat[column.Name()] = flatColumn{leaf: int(column.Index()), typ: column.Type(), num: num}
		}
	}
	if err := parquetcheck.RowGroups(f.Metadata(), size); err != nil {
		return nil, readError(name, err)
	}
	return src, nil
}

// listOf quotes at most n names of a list.
func listOf(names []string, n int) string {
	if len(names) == 0 {
		return "none"
	}
	quoted := make([]string, 0, n+1)
	for i, name := range names {
		if i == n {
			quoted = append(quoted, fmt.Sprintf("and %d more", len(names)-n))
			break
		}
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	return strings.Join(quoted, ", ")
}

// Digest returns the SHA-256 of a file's bytes as 64 hex digits, in constant memory.
func Digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", readError(path, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", readError(path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// DigestBytes returns the SHA-256 of bytes in memory as 64 hex digits.
func DigestBytes(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
