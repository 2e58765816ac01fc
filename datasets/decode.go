package datasets

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// nullText represents null among texts. Texts are valid UTF-8, so no text equals it.
const nullText = "\xffnull"

// nullFloat represents null among numbers. It is a NaN with bits that no program writes, so
// that null differs from a NaN in the file.
var nullFloat = math.Float64frombits(0x7ff8_6e75_6c6c_0001)

func isNull(v float64) bool { return math.Float64bits(v) == math.Float64bits(nullFloat) }

// cursor reads one column as Go values through all row groups, any number of rows at a time.
type cursor[T any] struct {
	pager
	name   string
	typ    parquet.Type
	null   T                               // represents null
	decode func(parquet.Page) ([]T, error) // returns a page's rows, nulls included
	buf    []T                             // rows that are decoded but not yet taken
}

// decoder decodes the non-null values of a page. If the page has a dictionary, its values are
// indexes into that.
type decoder[T any] struct {
	plain   func(v encoding.Values, n int) ([]T, error) // decodes n values
	dict    parquet.Dictionary                          // dictionary of the last page
	entries []T                                         // decoded values of dict
}

func (s *source) texts(name string) *cursor[string] {
	return flatCursor(s, name, nullText, plainTexts)
}

// vectors opens a column of fixed-length bytes, read as one string per row.
func (s *source) vectors(name string) *cursor[string] {
	return flatCursor(s, name, "", plainFixed)
}

func (s *source) floats(name string) *cursor[float64] {
	return flatCursor(s, name, nullFloat, plainFloats(s.flat[name].num))
}

// flatCursor opens a column with at most one value per row. plain decodes its non-null values.
func flatCursor[T any](s *source, name string, null T, plain func(encoding.Values, int) ([]T, error)) *cursor[T] {
	column, d := s.flat[name], &decoder[T]{plain: plain}
	return &cursor[T]{pager: pager{src: s, leaf: column.leaf}, name: name, typ: column.typ, null: null,
		decode: func(page parquet.Page) ([]T, error) { return d.flat(page, null) }}
}

// take returns the next n values, where n is at most the number of rows left. The caller may
// keep the slice.
func (c *cursor[T]) take(n int) ([]T, error) {
	out := make([]T, 0, n)
	for len(out) < n {
		if len(c.buf) == 0 {
			values, page, err := c.page()
			if err != nil {
				return nil, err
			}
			c.buf = append(c.buf, values...)
			parquet.Release(page)
		}
		k := min(n-len(out), len(c.buf))
		out, c.buf = append(out, c.buf[:k]...), c.buf[k:]
	}
	return out, nil
}

// page decodes the next page. The values may alias the page, which the caller must release.
func (c *cursor[T]) page() (values []T, page parquet.Page, err error) {
	defer recoverDamage(c.src.name, &err)
	if c.typ.Kind() == kindNull {
		return []T{c.null}, nil, nil
	}
	if page, err = c.next(); err == nil {
		values, err = c.decode(page)
	}
	var bytes notUTF8
	switch {
	case errors.As(err, &bytes):
		return nil, nil, hint.With(fmt.Errorf("%q: column %q: %w", c.src.name, c.name, err), "write the column as text in UTF-8")
	case err != nil:
		return nil, nil, damaged(c.src.name, fmt.Errorf("column %q: %w", c.name, err))
	}
	return values, page, nil
}

// notUTF8 is the error about a text, which holds its first bytes.
type notUTF8 string

// Error quotes the bytes.
func (b notUTF8) Error() string { return fmt.Sprintf("found the bytes %q, expected UTF-8", string(b)) }

// flat decodes a page of a flat column, nulls included.
func (d *decoder[T]) flat(page parquet.Page, null T) ([]T, error) {
	rows, nulls := int(page.NumValues()), int(page.NumNulls())
	values, err := d.present(page, rows-nulls)
	if err != nil || nulls == 0 {
		return values, err
	}
	spread := make([]T, rows)
	for i, level := range page.DefinitionLevels() {
		if level == 0 {
			spread[i] = null
			continue
		}
		spread[i], values = values[0], values[1:]
	}
	return spread, nil
}

// present decodes the n non-null values of a page.
func (d *decoder[T]) present(page parquet.Page, n int) ([]T, error) {
	dict, data := page.Dictionary(), page.Data()
	if dict == nil {
		return d.plain(data, n)
	}
	if dict != d.dict {
		entries, err := d.plain(dict.Page().Data(), dict.Len())
		if err != nil {
			return nil, err
		}
		d.dict, d.entries = dict, entries
	}
	indexes := data.Int32()
	if n > len(indexes) {
		return nil, errors.New("a page holds fewer values than its header claims")
	}
	values := make([]T, n)
	for i, index := range indexes[:n] {
		if uint(index) >= uint(len(d.entries)) {
			return nil, errors.New("a value lies outside the dictionary")
		}
		values[i] = d.entries[index]
	}
	return values, nil
}

// plainTexts cuts n texts out of one copy of the page's bytes, which takes one allocation per
// page instead of one per value.
func plainTexts(v encoding.Values, n int) ([]string, error) {
	if n == 0 {
		return nil, nil
	}
	data, offsets := v.ByteArray()
	base := offsets[0]
	all := string(data[base:offsets[n]])
	texts := make([]string, n)
	for i := range texts {
		texts[i] = all[offsets[i]-base : offsets[i+1]-base]
		if !utf8.ValidString(texts[i]) {
			return nil, notUTF8(texts[i][:min(16, len(texts[i]))])
		}
	}
	return texts, nil
}

// plainFixed cuts n fixed-length values out of one copy of the page's bytes.
func plainFixed(v encoding.Values, n int) ([]string, error) {
	data, size := v.FixedLenByteArray()
	all := string(data[:n*size])
	values := make([]string, n)
	for i := range values {
		values[i] = all[i*size : (i+1)*size]
	}
	return values, nil
}

// plainFloats returns a function that decodes numbers of any accepted kind. Its result may
// alias the page.
func plainFloats(num number) func(encoding.Values, int) ([]float64, error) {
	return func(v encoding.Values, n int) ([]float64, error) {
		switch kind := v.Kind(); {
		case n == 0:
			return nil, nil
		case kind == encoding.Double:
			return v.Double()[:n], nil
		case kind == encoding.Float:
			return convert(v.Float()[:n], 1), nil
		case kind == encoding.Boolean:
			return unpack(v.Boolean(), n), nil
		case kind == encoding.Int32 && num.unsigned:
			return convert(v.Uint32()[:n], 1), nil
		case kind == encoding.Int32:
			return convert(v.Int32()[:n], num.divisor), nil
		case kind == encoding.Int64 && num.unsigned:
			return convert(v.Uint64()[:n], 1), nil
		default:
			return convert(v.Int64()[:n], num.divisor), nil
		}
	}
}

func convert[T float32 | int32 | uint32 | int64 | uint64](in []T, divisor float64) []float64 {
	out := make([]float64, len(in))
	for i, v := range in {
		out[i] = float64(v) / divisor
	}
	return out
}

// unpack reads one bit per value, the lowest first.
func unpack(packed []byte, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(packed[i/8] >> (i % 8) & 1)
	}
	return out
}
