package parquetfile

import (
	"errors"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"
)

var errLongCell = errors.New("a cell is longer than 256 MiB")

// Limits of the rows of a nested column that are assembled at once.
const (
	nestedRows  = 256
	nestedBytes = 1 << 20
)

// nested reads a column of structs, lists or maps as JSON.
type nested struct {
	file  *File
	shape *shape
	group int   // index of the row group after the open one
	left  int64 // number of rows left in the open one
	text  []byte
	rows  []Cell
}

// more returns the next rows.
func (c *nested) more() ([]Cell, error) {
	c.rows = c.rows[:0]
	for size := 0; len(c.rows) < nestedRows && size < nestedBytes; {
		if len(c.rows) > 0 && c.left == 0 {
			break
		}
		cell, err := c.next()
		var bad badValue
		if errors.As(err, &bad) {
			err = badValue{len(c.rows), bad.found}
		}
		if err != nil {
			return nil, err
		}
		size += len(cell.Text)
		c.rows = append(c.rows, cell)
	}
	return c.rows, nil
}

// next returns the next row.
func (c *nested) next() (cell Cell, err error) {
	for c.left == 0 {
		if err := c.nextGroup(); err != nil {
			return cell, err
		}
	}
	c.left--
	for _, leaf := range c.shape.leaves {
		if err := leaf.begin(); err != nil {
			return cell, err
		}
	}
	text, isNull, err := c.shape.append(c.text[:0])
	if c.text = text; err != nil || isNull {
		return cell, err
	}
	return Cell{JSON, string(text)}, nil
}

// nextGroup goes to the next row group. No leaf may have values of the last one left.
func (c *nested) nextGroup() error {
	for _, leaf := range c.shape.leaves {
		if !leaf.exhausted() {
			return errLevels
		}
	}
	groups := layoutOf(c.file).meta.RowGroups
	if c.group == len(groups) {
		return parquetcheck.ErrShortColumn
	}
	c.left = groups[c.group].Rows
	c.group++
	return nil
}

// find returns the node of a column, or of a field inside of structs.
func find(f *File, names []string) *node {
	n := layoutOf(f).root
	for _, name := range names {
		for _, child := range n.children {
			if child.name() == name {
				n = child
				break
			}
		}
	}
	return n
}

// Fields returns the names of the fields of a column of structs, or of a field inside of
// structs: names are those that lead to it, the column's first. It returns nil if that is
// something else.
func (f *File) Fields(names ...string) []string {
	n := find(f, names)
	if n.isLeaf() || n.repeated() || logicalOf(n.elem) != nil {
		return nil
	}
	var fields []string
	for _, child := range n.children {
		fields = append(fields, child.name())
	}
	return fields
}

// Cells opens a column, or a field inside of structs, of any type: names lead to it, the
// column's first, and all exist. Values are cells of their kind; lists, maps and structs are
// JSON.
func (f *File) Cells(names ...string) (*Cursor[Cell], error) { return f.cells(checkCell, names...) }

// Bytes opens a column as [File.Cells] does, but lets texts through that are not UTF-8, unless they
// are inside of lists, maps or structs.
func (f *File) Bytes(name string) (*Cursor[Cell], error) { return f.cells(nil, name) }

// cells opens a column whose cells a check looks at, if it is flat.
func (f *File) cells(check func(Cell) string, names ...string) (*Cursor[Cell], error) {
	n := find(f, names)
	s := scalarOf(n.elem)
	switch {
	case n.flat() && s.kind == Missing && !n.none():
		return nil, unreadable(f, n)
	case n.flat():
		return flatCursor(f, n, &flat[Cell]{plain: cellsOf(s), check: check}), nil
	}
	b := &shaper{file: f}
	shape := b.of(n)
	switch {
	case b.err != nil:
		return nil, b.err
	case shape == nil: // no values below
		return &Cursor[Cell]{file: f, name: n.path(), source: nulls[Cell]{}}, nil
	}
	return &Cursor[Cell]{file: f, name: n.path(), source: &nested{file: f, shape: shape}}, nil
}
