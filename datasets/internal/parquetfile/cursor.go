package parquetfile

import (
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/hint"
)

// NullText represents null among texts. Texts are valid UTF-8, so no text equals it.
const NullText = "\xffnull"

// NullFloat represents null among numbers. It is a NaN with bits that no program writes, so
// that null differs from a NaN in the file.
var NullFloat = math.Float64frombits(0x7ff8_6e75_6c6c_0001)

// IsNull reports whether v is [NullFloat].
func IsNull(v float64) bool { return math.Float64bits(v) == math.Float64bits(NullFloat) }

// Cursor reads one column as Go values through all row groups, any number of rows at a time.
type Cursor[T any] struct {
	file   *File
	name   string
	source source[T]
	rest   []T // rows that were read but not yet taken
	row    int // number of rows that were read
}

// source reads rows of a column.
type source[T any] interface {
	// more returns at least one row. The rows are valid until the next call.
	more() ([]T, error)
}

// Texts opens a column of texts, which [File.IsText] must accept. Null is read as [NullText].
// Bytes that are not UTF-8 are an error.
func (f *File) Texts(name string) *Cursor[string] {
	n := column(f, name)
	plain := textsOf(scalarOf(n.elem))
	return flatCursor(f, n, &flat[string]{null: NullText, plain: plain, check: checkText})
}

// Fixed opens a column of fixed-length bytes, which [File.IsFixed] must accept, as one string
// per row.
func (f *File) Fixed(name string) *Cursor[string] {
	return flatCursor(f, column(f, name), &flat[string]{plain: plainTexts})
}

// Floats opens a column of numbers or booleans, which [File.IsNumber] must accept. Null is read
// as [NullFloat], false as 0 and true as 1.
func (f *File) Floats(name string) *Cursor[float64] {
	n := column(f, name)
	return flatCursor(f, n, &flat[float64]{null: NullFloat, plain: scalarOf(n.elem).floats})
}

// flatCursor opens a column with at most one value per row.
func flatCursor[T any](f *File, n *node, c *flat[T]) *Cursor[T] {
	if n.none() {
		return &Cursor[T]{file: f, name: n.path(), source: nulls[T]{c.null}}
	}
	c.pager = pager{file: f, leaf: n}
	return &Cursor[T]{file: f, name: n.path(), source: c}
}

// nulls is a column without any value.
type nulls[T any] struct{ null T }

func (n nulls[T]) more() ([]T, error) { return []T{n.null}, nil }

// Name returns the column's name.
func (c *Cursor[T]) Name() string { return c.name }

// Take returns the next n values, where n is at most the number of rows left. The caller may
// keep the slice. Errors name file, column and, where one is at fault, the row.
func (c *Cursor[T]) Take(n int) ([]T, error) {
	out := make([]T, 0, n)
	for len(out) < n {
		if len(c.rest) == 0 {
			var err error
			if c.rest, err = c.Next(); err != nil {
				return nil, err
			}
		}
		k := min(n-len(out), len(c.rest))
		out, c.rest = append(out, c.rest[:k]...), c.rest[k:]
	}
	return out, nil
}

// Next returns the next values, at least one. They are valid until the next call. A column
// without another value is an error. Do not mix it with Take.
func (c *Cursor[T]) Next() (values []T, err error) {
	defer recoverDamage(c.file.name, &err)
	values, err = c.source.more()
	var bad badValue
	switch {
	case errors.As(err, &bad):
		return nil, hint.With(fmt.Errorf("%q: row %d, column %q: %w", c.file.name, c.row+bad.index+1, c.name, err),
			"write the column as text in UTF-8, or as a list of numbers, or leave it out")
	case err != nil:
		return nil, damaged(c.file.name, fmt.Errorf("column %q: %w", c.name, err))
	}
	c.row += len(values)
	return values, nil
}

// badValue is the error about one value of the rows that more would have returned.
type badValue struct {
	index int
	found string
}

// Error says what was found.
func (b badValue) Error() string { return b.found }
