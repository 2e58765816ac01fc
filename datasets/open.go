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

// source holds an open Parquet file of any schema.
type source struct {
	name    string
	reader  io.ReaderAt
	closer  io.Closer // nil for bytes in memory
	file    *parquet.File
	columns []string // top-level columns in the file's order
	flat    map[string]flatColumn
}

// flatColumn describes a top-level column with at most one value per row.
type flatColumn struct {
	leaf int // index among the leaves of the schema
	typ  parquet.Type
	num  number
}

// File gives access to an open Parquet file in the sample schema. Get one from [Open] or
// [OpenBytes], read it with [File.Read] or [File.Stream], and close it after use.
type File struct {
	source
	meta Meta
}

// Open opens a sample file and checks that it has the columns of the schema with the right
// types. Close the file after use. An error names the file and, if one is at fault, the column.
func Open(path string) (*File, error) {
	return newFile(openSource(path))
}

// hintFormat adds advice to the error for a file that is not Parquet.
func hintFormat(err error, advice string) error {
	if errors.Is(err, parquetcheck.ErrNotParquet) {
		return hint.With(err, advice)
	}
	return err
}

// OpenBytes opens a sample file held in memory. Errors use name in place of a path.
func OpenBytes(name string, data []byte) (*File, error) {
	return newFile(newSource(name, bytes.NewReader(data), int64(len(data))))
}

// newFile checks an opened source, or passes on why it could not be opened.
func newFile(src *source, err error) (*File, error) {
	if err != nil {
		return nil, hintFormat(err, "routellm datasets import reads .csv, .jsonl and .parquet tables")
	}
	f := &File{source: *src}
	err = f.checkSchema()
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
		return hint.With(fmt.Errorf("%q: column %q: missing, expected a text column of unique ids; the file has %s",
			f.name, colSampleID, listOf(f.columns, 8)),
			"routellm datasets import table turns your own table into a sample file")
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

// Name returns the path, or the name given to [OpenBytes].
func (f *File) Name() string { return f.name }

// Meta returns the file's own description.
func (f *File) Meta() Meta { return f.meta }

// Rows returns the number of rows, which is at least 1 in a sample file.
func (s *source) Rows() int { return int(s.file.NumRows()) }

// Columns lists the names of all top-level columns in the file's order, including columns that
// are not part of the schema.
func (s *source) Columns() []string { return slices.Clone(s.columns) }

// HasColumn reports whether the file has a top-level column with that name.
func (s *source) HasColumn(name string) bool { return slices.Contains(s.columns, name) }

// Models lists the models that have a quality column, in the file's order.
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

// readError prefixes err with the quoted path. It drops the path and operation that the
// operating system's error repeats.
func readError(path string, err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("%q: %w", path, err)
}

// newSource opens a Parquet file held by r. It returns an error for any bytes that it cannot
// read, and never panics.
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
		num := numberOf(column.Type()) // panics on a damaged type here, where the panic is recovered
		if !column.Repeated() {
			src.flat[column.Name()] = flatColumn{leaf: int(column.Index()), typ: column.Type(), num: num}
		}
	}
	if err := parquetcheck.RowGroups(f.Metadata(), size); err != nil {
		return nil, readError(name, err)
	}
	return src, nil
}

// listOf quotes at most n names and counts the rest.
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
