package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/hint"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

var errLevels = errors.New("the levels of its lists do not add up")

// lists reads a column of lists of floats. Each element has two levels: the repetition level is 0 where a list begins, the
// definition level tells elements from nulls and from lists without any. A list may begin in one page and end in a later one.
type lists struct {
	cursor[[]float32]
	decoder        decoder[float32]
	empty, element byte      // definition levels of an empty list, below which the list is null, and of an element
	open           []float32 // the last list, nil for null, which the next page may go on with
	begun          bool      // whether there is one
	rows           int64     // lists begun in the open chunk
}

// lists opens a column for reading, nil a null list; the error names the column's type where it is no list of floats.
func (s *source) lists(name string) (c *cursor[[]float32], err error) {
	defer recoverDamage(s.name, &err)
	column := s.file.Root().Column(name)
	leaf, found := listLeaf(column), typeName(column)
	if leaf != nil {
		found = "a list of " + leaf.Type().String()
	}
	if leaf == nil || leaf.Type().Kind() != parquet.Float && leaf.Type().Kind() != parquet.Double {
		return nil, hint.With(fmt.Errorf("%q: column %q: found %s, expected a list of floats", s.name, name, found),
			fmt.Sprintf("write the vectors as lists of 32-bit floats, or rename the column if it is not meant as %q", name))
	}
	l := &lists{decoder: decoder[float32]{plain: plainElements}, element: byte(leaf.MaxDefinitionLevel())}
	if column.Optional() {
		l.empty = 1
	}
	l.pager, l.name, l.typ = pager{src: s, leaf: leaf.Index(), nested: true}, name, leaf.Type()
	l.decode = l.decodeLists
	return &l.cursor, nil
}

// listLeaf returns the column of a list's elements, nil if the column is no list of plain values. Writers choose the names of
// the levels in between, and old ones leave a level out.
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

// decodeLists returns the lists that are known to end in the page or ended before it.
func (l *lists) decodeLists(page parquet.Page) ([][]float32, error) {
	repetition, definition := page.RepetitionLevels(), page.DefinitionLevels()
	elements, err := l.spread(page, repetition, definition)
	if err != nil {
		return nil, err
	}
	var done [][]float32
	for i := 0; i < len(repetition); {
		end := i + 1 + beforeStart(repetition[i+1:])
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
		case len(l.open) == 0: // none was begun, or one without elements
			return nil, errLevels
		case len(l.open) <= maxDim: // longer ones are refused anyhow
			l.open = append(l.open, list...)
		}
		i = end
	}
	if l.left > 0 {
		return done, nil
	}
	return l.endChunk(done)
}

// begin opens a list and adds the one in front of it to those which are done.
func (l *lists) begin(done [][]float32, list []float32) [][]float32 {
	if l.begun {
		done = append(done, l.open)
	}
	l.open, l.begun, l.rows = list, true, l.rows+1
	return done
}

// beforeStart is the number of elements in front of the next list.
func beforeStart(repetition []byte) int {
	if i := bytes.IndexByte(repetition, 0); i >= 0 {
		return i
	}
	return len(repetition)
}

// endChunk adds the open list behind a chunk's last page: none goes on in the next chunk.
func (l *lists) endChunk(done [][]float32) ([][]float32, error) {
	if l.rows != l.src.file.RowGroups()[l.group-1].NumRows() {
		return nil, errLevels
	}
	done = append(done, l.open)
	l.open, l.begun, l.rows = nil, false, 0
	return done, nil
}

// spread decodes a page's elements, one a level, in memory of their own.
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
			spread[i] = nullElement
		}
	}
	return spread, nil
}

// plainElements copies n floats, as float32. Where a page holds fewer, there may be bytes of another page behind them.
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
