package datasets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/features"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// File gives access to an open Parquet file in the sample schema. Get one from [Open] or
// [OpenBytes], read it with [File.Read] or [File.Stream], and close it after use.
type File struct {
	src    *parquetfile.File
	meta   Meta
	closer io.Closer // closed with the file; nil for none
	labels string    // name of the labels that are the qualities; "" for Quality
}

// Open opens a sample file and checks that it has the columns of the schema with the right
// types. Close the file after use. An error names the file and, if one is at fault, the column.
func Open(path string) (*File, error) {
	return newFile(parquetfile.Open(path))
}

// hintFormat adds advice to the error for a file that is not Parquet.
func hintFormat(err error, advice string) error {
	if errors.Is(err, parquetfile.ErrNotParquet) {
		return hint.With(err, advice)
	}
	return err
}

// OpenBytes opens a sample file held in memory. Errors use name in place of a path.
func OpenBytes(name string, data []byte) (*File, error) {
	return newFile(parquetfile.New(name, bytes.NewReader(data), int64(len(data))))
}

// OpenReaderAt opens a sample file of the given size that r holds. Errors use name in place of a
// path. [File.Close] closes closer, if non-nil.
func OpenReaderAt(name string, r io.ReaderAt, size int64, closer io.Closer) (*File, error) {
	f, err := newFile(parquetfile.New(name, r, size))
	if err == nil {
		f.closer = closer
	}
	return f, err
}

// newFile checks an opened source, or passes on why it could not be opened.
func newFile(src *parquetfile.File, err error) (*File, error) {
	if err != nil {
		return nil, hintFormat(err, "routellm datasets import reads .csv, .jsonl and .parquet tables")
	}
	f := &File{src: src}
	err = f.checkSchema()
	if err == nil {
		f.meta, err = parseMeta(f.Name(), src.Lookup)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *File) checkSchema() error {
	if !f.HasColumn(colSampleID) {
		return hint.With(fmt.Errorf("%q: column %q: missing, expected a text column of unique ids; the file has %s",
			f.Name(), colSampleID, text.Quoted(f.Columns(), 8)),
			"routellm datasets import table turns your own table into a sample file")
	}
	for _, column := range f.Columns() {
		if err := checkType(f.src, column); err != nil {
			return err
		}
	}
	if f.Rows() == 0 {
		return hint.With(fmt.Errorf("%q: no rows, expected at least one sample", f.Name()), "check the filter or export that wrote the file")
	}
	return nil
}

// Close releases the file.
func (f *File) Close() error {
	err := f.src.Close()
	if f.closer != nil {
		err = errors.Join(err, f.closer.Close())
	}
	return err
}

// Name returns the path, or the name given to [OpenBytes].
func (f *File) Name() string { return f.src.Name() }

// Meta returns the file's own description.
func (f *File) Meta() Meta { return f.meta }

// Rows returns the number of rows, which is at least 1.
func (f *File) Rows() int { return f.src.Rows() }

// Columns lists the names of all top-level columns in the file's order, including columns that
// are not part of the schema.
func (f *File) Columns() []string { return f.src.Columns() }

// HasColumn reports whether the file has a top-level column with that name.
func (f *File) HasColumn(name string) bool { return f.src.HasColumn(name) }

// HasCues reports whether the file has cues, and they are those that this program computes.
// Others are ignored: see [Meta].
func (f *File) HasCues() bool {
	return f.HasColumn(colCues) && f.meta.CuesSHA256 == features.SHA256()
}

// Models lists the models that have a column of quality, or of the labels of [File.UseLabels], in
// the file's order.
func (f *File) Models() []string {
	var models []string
	for _, column := range f.Columns() {
		if f.roleOf(column) == roleQuality {
			models = append(models, strings.TrimPrefix(column, f.prefix()))
		}
	}
	return models
}

// readError prefixes err with the quoted path. It drops the path and operation that the
// operating system's error repeats.
func readError(path string, err error) error { return parquetfile.InFile(path, err) }

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
