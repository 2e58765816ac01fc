package datasets

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/routellm/routellm/internal/text"
)

// AnyColumn holds one column for [WriteColumns]. Exactly one of the slices is non-nil and holds one
// value per row.
type AnyColumn struct {
	Name    string
	Strings []string
	Texts   []*string // texts, of which a nil one is written as null
	Bytes   []string  // byte strings, all of the same length
	Floats  []float64 // finite numbers, or NaN, which is written as null
	Bools   []bool
	Vectors [][]float32 // vectors of finite numbers, all of the same length
}

func (c AnyColumn) rows() int {
	return len(c.Strings) + len(c.Texts) + len(c.Bytes) + len(c.Floats) + len(c.Bools) + len(c.Vectors)
}

// dim returns the number of elements of a vector, or of bytes of a byte string; otherwise 0.
func (c AnyColumn) dim() int {
	switch {
	case len(c.Vectors) > 0:
		return len(c.Vectors[0])
	case len(c.Bytes) > 0:
		return len(c.Bytes[0])
	}
	return 0
}

// perRow returns the number of values per row.
func (c AnyColumn) perRow() int {
	if c.Vectors != nil {
		return max(1, c.dim())
	}
	return 1
}

// size returns the bytes that row i takes.
func (c AnyColumn) size(i int) int {
	switch {
	case c.Strings != nil:
		return len(c.Strings[i])
	case c.Texts != nil:
		return textSize(c.Texts[i])
	case c.Bools != nil:
		return 1
	case c.Floats != nil:
		return 8
	case c.Vectors != nil:
		return 4 * c.dim()
	}
	return c.dim()
}

// textSize returns the bytes of a text, 0 for none.
func textSize(s *string) int {
	if s == nil {
		return 0
	}
	return len(*s)
}

// kind returns which of the slices is non-nil.
func (c AnyColumn) kind() [6]bool {
	return [6]bool{c.Strings != nil, c.Texts != nil, c.Bytes != nil, c.Floats != nil, c.Bools != nil, c.Vectors != nil}
}

// slice returns the rows from row from to before row to. Appending to it copies.
func (c AnyColumn) slice(from, to int) AnyColumn {
	return AnyColumn{c.Name, part(c.Strings, from, to), part(c.Texts, from, to), part(c.Bytes, from, to),
		part(c.Floats, from, to), part(c.Bools, from, to), part(c.Vectors, from, to)}
}

// head returns a copy of at most n first rows, which keeps no others in memory.
func (c AnyColumn) head(n int) AnyColumn {
	n = min(n, c.rows())
	return AnyColumn{c.Name, copied(c.Strings, n), copied(c.Texts, n), copied(c.Bytes, n), copied(c.Floats, n), copied(c.Bools, n), copied(c.Vectors, n)}
}

func copied[T any](values []T, n int) []T {
	if values == nil {
		return nil
	}
	return append(make([]T, 0, n), values[:n]...)
}

func part[T any](values []T, from, to int) []T {
	if values == nil {
		return nil
	}
	return values[from:to:to]
}

// with returns the column with more rows. It copies c's rows only if c has any.
func (c AnyColumn) with(more AnyColumn) AnyColumn {
	if c.rows() == 0 {
		return more
	}
	return AnyColumn{c.Name, append(c.Strings, more.Strings...), append(c.Texts, more.Texts...), append(c.Bytes, more.Bytes...),
		append(c.Floats, more.Floats...), append(c.Bools, more.Bools...), append(c.Vectors, more.Vectors...)}
}

// WriteColumns writes columns of equal length as Parquet, in the given order, with the given
// key/value metadata. Equal input gives equal bytes. Floats become nullable doubles and Texts
// nullable strings; all other columns are required. Vectors become lists of 32-bit floats. Infinite numbers, text that is
// not UTF-8, repeated or empty names and unequal lengths are errors.
func WriteColumns(w io.Writer, columns []AnyColumn, meta map[string]string) error {
	cw := NewColumnWriter(w, meta)
	if err := cw.Write(columns); err != nil {
		return err
	}
	return cw.Close()
}

// ColumnWriter does what [WriteColumns] does with columns that come in batches of rows. It keeps
// one row group in memory, at most 131,072 rows or 64 MiB of values. Get one from
// [NewColumnWriter].
type ColumnWriter struct{ columns columnWriter }

// NewColumnWriter returns a writer of columns with the given key/value metadata.
func NewColumnWriter(w io.Writer, meta map[string]string) *ColumnWriter {
	return &ColumnWriter{columnWriter{w: w, meta: meta}}
}

// Write adds a batch. Every batch needs the same columns as the first. Write may keep the
// columns' values until the next calls: do not change them.
func (w *ColumnWriter) Write(columns []AnyColumn) error { return w.columns.write(columns) }

// Close completes the file, to which there must have been a batch. It does not close the
// underlying writer.
func (w *ColumnWriter) Close() error { return w.columns.close() }

// checkColumns checks a batch whose first row is row first of the file, counted from 0.
func checkColumns(columns []AnyColumn, first int) error {
	if len(columns) == 0 {
		return errors.New("no columns to write, expected at least one")
	}
	seen := map[string]bool{}
	for _, c := range columns {
		switch {
		case c.Name == "" || seen[c.Name]:
			return fmt.Errorf("column %q: expected a unique, non-empty name", c.Name)
		case c.rows() != columns[0].rows():
			return fmt.Errorf("column %q: %s, expected %d as in %q", c.Name, text.Plural(c.rows(), "row"), columns[0].rows(), columns[0].Name)
		}
		seen[c.Name] = true
		if err := c.check(first); err != nil {
			return err
		}
	}
	return nil
}

// check checks the values of a column whose first row is row first, counted from 0.
func (c AnyColumn) check(first int) error {
	if i := slices.IndexFunc(c.Floats, func(v float64) bool { return math.IsInf(v, 0) }); i >= 0 {
		return badCell{first + i + 1, c.Name, fmt.Sprint(c.Floats[i]), "a finite number"}
	}
	if i := slices.IndexFunc(c.Bytes, func(s string) bool { return len(s) != len(c.Bytes[0]) || s == "" }); i >= 0 {
		return badCell{first + i + 1, c.Name, text.Plural(len(c.Bytes[i]), "byte"), fmt.Sprintf("%d as in row 1", len(c.Bytes[0]))}
	}
	if i := slices.IndexFunc(c.Strings, func(s string) bool { return !utf8.ValidString(s) }); i >= 0 {
		return badCell{first + i + 1, c.Name, quote(c.Strings[i]), "UTF-8"}
	}
	if i := slices.IndexFunc(c.Texts, func(s *string) bool { return s != nil && !utf8.ValidString(*s) }); i >= 0 {
		return badCell{first + i + 1, c.Name, quote(*c.Texts[i]), "UTF-8"}
	}
	dim := 0
	for i, v := range c.Vectors {
		if found := invalidVector(v, dim); found != "" {
			return badCell{first + i + 1, c.Name, found, expectedVector(dim)}
		}
		dim = len(v)
	}
	return nil
}
