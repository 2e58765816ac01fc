package parquetfile

import (
	"fmt"
	"strconv"

	"github.com/routellm/routellm/internal/hint"
)

// Kind says what a cell holds.
type Kind uint8

// The kinds of cells.
const (
	Missing Kind = iota // null
	Text                // a text, or a date, time, interval or UUID in ISO 8601 or its usual form
	Number              // a number with all its digits, or NaN, Infinity or -Infinity
	Bool                // true or false
	JSON                // a struct, list or map, or a text that the file calls JSON
)

// Cell is the value of one column in one row.
type Cell struct {
	Kind Kind
	Text string // "" if the cell is Missing
}

// ReadText reads all rows of a flat column as text: whole numbers and decimals keep all their
// digits, booleans are "0" and "1", and null is [NullText].
func (f *File) ReadText(name string) ([]string, error) {
	n := column(f, name)
	s := scalarOf(n.elem)
	if !n.flat() || s.kind == Missing && !n.none() {
		return nil, fmt.Errorf("%q: column %q: found %s, expected text or numbers", f.name, name, n.typeName())
	}
	if s.kind == Bool {
		s.text = func(v *values, i int) string { return strconv.Itoa(int(v.bit(i))) }
	}
	return flatCursor(f, n, &flat[string]{null: NullText, plain: textsOf(s), check: checkText}).Take(f.Rows())
}

// cellsOf returns how to decode values as cells.
func cellsOf(s scalar) func(v *values, from, to int) []Cell {
	texts := textsOf(s)
	return func(v *values, from, to int) []Cell {
		out := make([]Cell, to-from)
		for i, text := range texts(v, from, to) {
			out[i] = Cell{s.kind, text}
		}
		return out
	}
}

func checkCell(c Cell) string { return checkText(c.Text) }

// unreadable returns the error about a leaf whose values cannot be read.
func unreadable(f *File, n *node) error {
	return hint.With(fmt.Errorf("%q: column %q: found %s, expected text, numbers, times, or lists or structs of them", f.name, n.path(), n.typeName()),
		"write the column as text, for example as JSON")
}
