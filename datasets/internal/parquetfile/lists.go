package parquetfile

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

var errLevels = errors.New("the repetition and definition levels of its lists are inconsistent")

// MaxDim bounds the length of a list of floats, so that a damaged file cannot ask for more memory.
// The largest encoders have a fraction of this. Of a longer list, one element more or some are read.
const MaxDim = 1 << 16

// NullElement represents null in a list. It is a NaN with bits that no program writes, so that
// null differs from a NaN in the file.
var NullElement = math.Float32frombits(0x7fc0_6e75)

// lists reads a column of lists of floats. Each entry of a page has two levels. The repetition
// level is 0 at the start of a list. The definition level distinguishes elements, null elements,
// empty lists and null lists. A list may begin in one page and end in a later one.
type lists struct {
	Cursor[[]float32]
	decoder        decoder[float32]
	empty, element byte      // definition levels of an empty list and of an element; a level below empty is a null list
	open           []float32 // last list, which the next page may continue; nil for null
	begun          bool      // whether open holds a list
	rows           int64     // number of lists begun in the open chunk
}

// Lists opens a column of lists of floats. A null list is read as nil, a null element as
// [NullElement]. If the column does not
// hold lists of floats, the error names its type.
func (f *File) Lists(name string) (c *Cursor[[]float32], err error) {
	defer recoverDamage(f.name, &err)
	column := f.file.Root().Column(name)
	leaf, found := listLeaf(column), typeName(column)
	if leaf != nil {
		found = "a list of " + leaf.Type().String()
	}
	if leaf == nil || leaf.Type().Kind() != parquet.Float && leaf.Type().Kind() != parquet.Double {
		return nil, hint.With(fmt.Errorf("%q: column %q: found %s, expected a list of floats", f.name, name, found),
			fmt.Sprintf("write the vectors as lists of 32-bit floats, or rename the column if it is not meant as %q", name))
	}
	l := &lists{decoder: decoder[float32]{plain: plainElements}, element: byte(leaf.MaxDefinitionLevel())}
	if column.Optional() {
		l.empty = 1
	}
	l.pager, l.name, l.typ = pager{file: f, leaf: leaf.Index(), nested: true}, name, leaf.Type()
	l.decode = l.decodeLists
	return &l.Cursor, nil
}

// listLeaf returns the column of a list's elements, or nil if the column is not a list of plain
// values. Writers choose the names of the levels in between, and old writers omit a level.
func listLeaf(c *parquet.Column) *parquet.Column {
	if c.Leaf() && c.Repeated() {
		return c
	}
	logical := c.Type().LogicalType()
	if c.Leaf() || c.Repeated() || logical == nil || len(c.Columns()) != 1 {
		return nil
	}
	if _, ok := logical.Value.(*format.ListType); !ok || !c.Columns()[0].Repeated() {
		return nil
	}
	c = c.Columns()[0]
	if !c.Leaf() && len(c.Columns()) == 1 && !c.Columns()[0].Repeated() {
		c = c.Columns()[0]
	}
	if !c.Leaf() {
		return nil
	}
	return c
}

// decodeLists decodes a page and returns the lists that are now known to be complete.
func (l *lists) decodeLists(page parquet.Page) ([][]float32, error) {
	repetition, definition := page.RepetitionLevels(), page.DefinitionLevels()
	elements, err := l.spread(page, repetition, definition)
	if err != nil {
		return nil, err
	}
	var done [][]float32
	for i := 0; i < len(repetition); {
		end := i + 1 + untilNextList(repetition[i+1:])
		list := elements[i:end:end]
		if level := definition[i]; level <= l.empty {
			if end > i+1 {
				return nil, errLevels
			}
			if list = list[:0]; level < l.empty {
				list = nil
			}
		}
		switch {
		case repetition[i] == 0:
			done = l.begin(done, list)
		case len(l.open) == 0: // no list was begun, or it is null or empty
			return nil, errLevels
		case len(l.open) <= MaxDim:
			l.open = append(l.open, list...)
		}
		i = end
	}
	if l.left > 0 {
		return done, nil
	}
	return l.endChunk(done)
}

// begin opens a list and appends the list before it to done.
func (l *lists) begin(done [][]float32, list []float32) [][]float32 {
	if l.begun {
		done = append(done, l.open)
	}
	l.open, l.begun, l.rows = list, true, l.rows+1
	return done
}

// untilNextList returns the number of entries before the next list begins.
func untilNextList(repetition []byte) int {
	if i := bytes.IndexByte(repetition, 0); i >= 0 {
		return i
	}
	return len(repetition)
}

// endChunk appends the open list to done after the last page of a chunk, because no list
// continues in the next chunk.
func (l *lists) endChunk(done [][]float32) ([][]float32, error) {
	if l.rows != l.file.file.RowGroups()[l.group-1].NumRows() {
		return nil, errLevels
	}
	done = append(done, l.open)
	l.open, l.begun, l.rows = nil, false, 0
	return done, nil
}

// spread decodes the elements of a page, one per pair of levels, into new memory.
func (l *lists) spread(page parquet.Page, repetition, definition []byte) ([]float32, error) {
	n := bytes.Count(definition, []byte{l.element})
	elements, err := l.decoder.present(page, n)
	if err != nil || n == len(definition) {
		return elements, err
	}
	spread := make([]float32, len(definition))
	for i, level := range definition {
		switch {
		case level == l.element:
			spread[i], elements = elements[0], elements[1:]
		case level > l.element || level <= l.empty && repetition[i] != 0:
			return nil, errLevels
		default:
			spread[i] = NullElement
		}
	}
	return spread, nil
}

// plainElements copies n floats as float32. It checks the number of values, because the memory
// after the values of a short page may hold those of another page.
func plainElements(v encoding.Values, n int) ([]float32, error) {
	if n == 0 {
		return nil, nil
	}
	if v.Kind() == encoding.Float {
		if floats := v.Float(); n <= len(floats) {
			return slices.Clone(floats[:n]), nil
		}
		return nil, errLevels
	}
	doubles := v.Double()
	if n > len(doubles) {
		return nil, errLevels
	}
	out := make([]float32, n)
	for i, x := range doubles[:n] {
		out[i] = float32(x)
	}
	return out, nil
}
