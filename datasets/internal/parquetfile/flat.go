package parquetfile

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// chunkRows bounds the number of rows that are decoded at once: some writers put all rows of a
// row group into one page.
const chunkRows = 1 << 13

// flat reads a leaf with at most one value per row.
type flat[T any] struct {
	pager
	null         T                                 // represents null
	plain        func(v *values, from, to int) []T // decodes values; may alias them
	check        func(value T) (found string)      // describes a value that is not valid; nil if all are
	entry, value int                               // entries and non-null values of the page that were read

	dictionary *values // dictionary whose values entries holds
	entries    []T     // decoded values of the dictionary
	dirty      bool    // whether some of them are not valid
	looked     []T     // memory for values of the dictionary
	spread     []T     // memory for values and nulls
}

// more returns the next rows of the page, nulls included.
func (c *flat[T]) more() ([]T, error) {
	for c.entry == c.page.n {
		if err := c.nextPage(); err != nil {
			return nil, err
		}
	}
	from, to := c.entry, min(c.entry+chunkRows, c.page.n)
	n := c.page.present(c.leaf, from, to)
	values, bad, err := c.take(n)
	if err != nil {
		return nil, err
	}
	c.entry = to
	if n == to-from {
		return values, bad.at(nil, 0)
	}
	def := c.page.def[from:to]
	if err := bad.at(def, c.leaf.def); err != nil {
		return nil, err
	}
	return c.withNulls(values, def), nil
}

func (c *flat[T]) nextPage() error {
	if err := c.next(); err != nil {
		return err
	}
	c.entry, c.value = 0, 0
	if c.page.indexes != nil && c.dict != c.dictionary {
		c.dictionary, c.entries, c.dirty = c.dict, c.plain(c.dict, 0, c.dict.n), false
		for _, entry := range c.entries {
			c.dirty = c.dirty || c.check != nil && c.check(entry) != ""
		}
	}
	return nil
}

// take returns the next n non-null values, and the first of them that is not valid.
func (c *flat[T]) take(n int) (out []T, bad *badValue, err error) {
	from := c.value
	c.value += n
	check := c.check
	if c.page.indexes == nil {
		if n > 0 {
			out = c.plain(&c.page.values, from, from+n)
		}
	} else {
		if out, err = c.lookUp(c.page.indexes[from : from+n]); err != nil {
			return nil, nil, err
		}
		if !c.dirty {
			check = nil
		}
	}
	if check != nil {
		for i, v := range out {
			if found := check(v); found != "" {
				return out, &badValue{i, found}, nil
			}
		}
	}
	return out, nil, nil
}

func (c *flat[T]) lookUp(indexes []int32) ([]T, error) {
	out := grown(&c.looked, len(indexes))
	for i, index := range indexes {
		if uint(index) >= uint(len(c.entries)) {
			return nil, errors.New("a value lies outside the dictionary")
		}
		out[i] = c.entries[index]
	}
	return out, nil
}

func (c *flat[T]) withNulls(values []T, def []byte) []T {
	out := grown(&c.spread, len(def))
	for i, level := range def {
		if level < c.leaf.def {
			out[i] = c.null
			continue
		}
		out[i], values = values[0], values[1:]
	}
	return out
}

// grown returns n elements of memory that is used again.
func grown[T any](buf *[]T, n int) []T {
	if cap(*buf) < n {
		*buf = make([]T, n)
	}
	return (*buf)[:n]
}

// at returns the error about a value, whose index among the non-null values becomes that among
// the rows.
func (b *badValue) at(def []byte, present byte) error {
	if b == nil {
		return nil
	}
	for i, level := range def {
		if level < present && i <= b.index {
			b.index++
		}
	}
	return *b
}

// plainTexts cuts texts out of one copy of their bytes, which takes one allocation per chunk
// instead of one per value.
func plainTexts(v *values, from, to int) []string {
	out := make([]string, to-from)
	if v.offsets == nil {
		all := string(v.data[from*v.size : to*v.size])
		for i := range out {
			out[i] = all[i*v.size : (i+1)*v.size]
		}
		return out
	}
	base := v.offsets[from]
	all := string(v.data[base:v.offsets[to]])
	for i := range out {
		out[i] = all[v.offsets[from+i]-base+v.gap : v.offsets[from+i+1]-base]
	}
	return out
}

// textsOf returns how to decode values as texts.
func textsOf(s scalar) func(v *values, from, to int) []string {
	if s.text == nil {
		return plainTexts
	}
	return func(v *values, from, to int) []string {
		out := make([]string, to-from)
		for i := range out {
			out[i] = s.text(v, from+i)
		}
		return out
	}
}

// checkText describes a text that is not UTF-8.
func checkText(text string) string {
	if utf8.ValidString(text) {
		return ""
	}
	return fmt.Sprintf("found the bytes %q, expected UTF-8", text[:min(16, len(text))])
}
