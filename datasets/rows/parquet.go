package rows

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
)

// parquetRows is the number of rows that are read at once from each wanted column.
const parquetRows = 256

// parquetTable is a Parquet file.
type parquetTable struct {
	file  *file
	size  int64
	names []string
	read  int // rows that the running scan has read
	rows  int
}

func openParquet(ctx context.Context, f *file, _ Options) (part, error) {
	size, err := f.random(ctx)
	if err != nil {
		return nil, err
	}
	t := &parquetTable{file: f, size: size}
	table, err := t.open()
	if err != nil {
		return nil, err
	}
	t.names, t.rows = table.Columns(), table.Rows()
	return t, nil
}

func (t *parquetTable) open() (*parquetfile.File, error) {
	return parquetfile.New(t.file.name, t.file, t.size)
}

func (t *parquetTable) columns() []string { return slices.Clone(t.names) }
func (t *parquetTable) about() About      { return About{Format: "Parquet", Decimal: '.', Rows: t.rows} }
func (t *parquetTable) done() float64     { return float64(t.read) / float64(max(t.rows, 1)) }

// parquetColumn reads one wanted value: a column, a field inside of structs, or, at the path
// rest, a value inside of a list, map or JSON text.
type parquetColumn struct {
	cursor *parquetfile.Cursor[parquetfile.Cell] // nil if the file has no such column
	rest   string
	batch  []parquetfile.Cell
	found  bool
}

func (t *parquetTable) scan(ctx context.Context, want []string, visit func(cells []Cell) error) ([]bool, error) {
	table, err := t.open()
	if err != nil {
		return nil, err
	}
	columns, found := make([]*parquetColumn, len(want)), make([]bool, len(want))
	for i, w := range want {
		if columns[i], err = newParquetColumn(table, w); err != nil {
			return nil, err
		}
	}
	cells := make([]Cell, len(want))
	for t.read = 0; t.read < t.rows; {
		n := min(parquetRows, t.rows-t.read)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, c := range columns {
			if err := c.next(n); err != nil {
				return nil, err
			}
		}
		for k := range n {
			for i, c := range columns {
				cells[i] = c.cell(k)
			}
			if err := visit(cells); err != nil {
				return nil, err
			}
		}
		t.read += n
	}
	for i, c := range columns {
		found[i] = c.found
	}
	return found, nil
}

// newParquetColumn opens the column of a wanted path, or the field in it. Only the values of
// that field are read.
func newParquetColumn(table *parquetfile.File, want string) (*parquetColumn, error) {
	names, rest := parquetField(table, want)
	if names == nil {
		return &parquetColumn{}, nil
	}
	cursor, err := table.Cells(names...)
	return &parquetColumn{cursor: cursor, rest: rest, found: rest == ""}, err
}

// parquetField returns the names that lead to the column of a wanted path, or to the field
// inside of structs, and the path in it. A column's own name comes first. names is nil if the
// schema has no such column or field.
func parquetField(table *parquetfile.File, want string) (names []string, rest string) {
	name, rest, ok := columnOf(table.Columns(), want)
	if !ok {
		return nil, ""
	}
	names = []string{name}
	for fields := table.Fields(names...); rest != "" && fields != nil; fields = table.Fields(names...) {
		if name, rest, ok = columnOf(fields, rest); !ok {
			return nil, ""
		}
		names = append(names, name)
	}
	return names, rest
}

// mayHave reports whether a wanted path leads to a column or field.
func (t *parquetTable) mayHave(want string) bool {
	table, err := t.open()
	if err != nil {
		return true // the scan returns the error
	}
	names, _ := parquetField(table, want)
	return names != nil
}

// next reads the cells of the next n rows.
func (c *parquetColumn) next(n int) (err error) {
	if c.cursor != nil {
		c.batch, err = c.cursor.Take(n)
	}
	return err
}

// parquetKinds gives the kind of a cell in a table of any format.
var parquetKinds = [...]Kind{
	parquetfile.Missing: Missing, parquetfile.Text: Text, parquetfile.Number: Number, parquetfile.Bool: Bool, parquetfile.JSON: JSON,
}

// cell returns the wanted value in row k of the batch.
func (c *parquetColumn) cell(k int) Cell {
	if c.cursor == nil {
		return Cell{}
	}
	cell := Cell{parquetKinds[c.batch[k].Kind], c.batch[k].Text}
	switch {
	case c.rest == "" && cell.Kind == JSON && !isNested(cell.Text): // a text that the file calls JSON
		return CellOf(json.RawMessage(cell.Text))
	case c.rest == "":
		return cell
	case cell.Kind != JSON && cell.Kind != Text:
		return Cell{}
	}
	v, ok := find(gjson.Parse(cell.Text), c.rest)
	if !ok {
		return Cell{}
	}
	c.found = true
	return cellOf(v)
}

// isNested reports whether a JSON text is an object or a list.
func isNested(text string) bool {
	v := gjson.Parse(text)
	return v.IsObject() || v.IsArray()
}
