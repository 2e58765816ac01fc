package parquetfile

import (
	"errors"
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// NullText represents null among texts. Texts are valid UTF-8, so no text equals it.
const NullText = "\xffnull"

// NullFloat represents null among numbers. It is a NaN with bits that no program writes, so
// that null differs from a NaN in the file.
var NullFloat = math.Float64frombits(0x7ff8_6e75_6c6c_0001)

// IsNull reports whether v is [NullFloat].
func IsNull(v float64) bool { return math.Float64bits(v) == math.Float64bits(NullFloat) }

// Cursor reads one column as Go values through all row groups, any number of rows at a time.
// Close it after use.
type Cursor[T any] struct {
	pager
	name   string
	typ    parquet.Type
	null   T                               // represents null
	decode func(parquet.Page) ([]T, error) // returns a page's rows, nulls included
	page   parquet.Page                    // page that the values of the last Next may alias
	buf    []T                             // rows that are decoded but not yet taken
}

// Texts opens a column of texts, which [File.IsText] must accept. Null is read as [NullText].
// Bytes that are not UTF-8 are an error.
func (f *File) Texts(name string) *Cursor[string] {
	return flatCursor(f, name, NullText, plainTexts)
}

// Fixed opens a column of fixed-length bytes, which [File.IsFixed] must accept, as one string
// per row.
func (f *File) Fixed(name string) *Cursor[string] {
	return flatCursor(f, name, "", plainFixed)
}

// Floats opens a column of numbers or booleans, which [File.IsNumber] must accept. Null is read
// as [NullFloat], false as 0 and true as 1.
func (f *File) Floats(name string) *Cursor[float64] {
	return flatCursor(f, name, NullFloat, plainFloats(f.flat[name].num))
}

// flatCursor opens a column with at most one value per row. plain decodes its non-null values.
func flatCursor[T any](f *File, name string, null T, plain func(encoding.Values, int) ([]T, error)) *Cursor[T] {
	column, d := f.flat[name], &decoder[T]{plain: plain}
	return &Cursor[T]{pager: pager{file: f, leaf: column.leaf}, name: name, typ: column.typ, null: null,
		decode: func(page parquet.Page) ([]T, error) { return d.flat(page, null) }}
}

// Name returns the column's name.
func (c *Cursor[T]) Name() string { return c.name }

// Take returns the next n values, where n is at most the number of rows left. The caller may
// keep the slice. Errors name file and column.
func (c *Cursor[T]) Take(n int) ([]T, error) {
	out := make([]T, 0, n)
	for len(out) < n {
		if len(c.buf) == 0 {
			values, err := c.Next()
			if err != nil {
				return nil, err
			}
			c.buf = append(c.buf, values...)
		}
		k := min(n-len(out), len(c.buf))
		out, c.buf = append(out, c.buf[:k]...), c.buf[k:]
	}
	return out, nil
}

// Next returns the values of the next page, which may have none. They are valid until the next
// call. A column without another page is an error. Do not mix it with Take.
func (c *Cursor[T]) Next() (values []T, err error) {
	defer recoverDamage(c.file.name, &err)
	c.release()
	if c.typ.Kind() == kindNull {
		return []T{c.null}, nil
	}
	if c.page, err = c.next(); err == nil {
		values, err = c.decode(c.page)
	}
	var bytes notUTF8
	switch {
	case errors.As(err, &bytes):
		return nil, hint.With(fmt.Errorf("%q: column %q: %w", c.file.name, c.name, err), "write the column as text in UTF-8")
	case err != nil:
		return nil, damaged(c.file.name, fmt.Errorf("column %q: %w", c.name, err))
	}
	return values, nil
}

// release gives the last page's memory back.
func (c *Cursor[T]) release() {
	if c.page != nil {
		parquet.Release(c.page)
		c.page = nil
	}
}

// Close releases the cursor's memory.
func (c *Cursor[T]) Close() {
	c.release()
	c.close()
}

// notUTF8 is the error about a text, which holds its first bytes.
type notUTF8 string

// Error quotes the bytes.
func (b notUTF8) Error() string { return fmt.Sprintf("found the bytes %q, expected UTF-8", string(b)) }
