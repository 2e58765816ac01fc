package rows

import (
	"context"
	"fmt"
)

// format is a kind of file that holds a table.
type format struct {
	name       string                 // as [About] has it
	extensions []string               // that such files usually have, for folders
	is         func(head []byte) bool // whether a file may begin with these bytes, of which there are at most sniffSize
	open       func(ctx context.Context, f *file, o Options) (part, error)
}

// formats lists every format, in the order in which a file is tried. To add one, write a
// function that opens it, and a line here. Formats that store columns, such as Parquet, return
// byColumns(...) of a [columnar] table; text formats come last, because any text may be CSV.
func formats() []format {
	return []format{
		{"Parquet", []string{".parquet", ".pq"}, begins("PAR1"), openParquet},
		{"Arrow", []string{".arrow", ".feather", ".ipc", ".arrows"}, isArrow, openArrow},
		{"Excel", []string{".xlsx", ".xlsm"}, begins("PK\x03\x04"), openExcel},
		{"JSON", []string{".json", ".jsonl", ".ndjson"}, isJSON, openJSON},
		{"CSV", []string{".csv", ".tsv", ".txt", ".psv", ".tab"}, isText, openCSV},
	}
}

// part is the table in one file. It holds no open file between scans but the one of [file].
type part interface {
	columns() []string // in the file's order
	about() About      // format, decimal mark and notes
	// scan calls visit with the cells of the wanted columns or paths, which it may reuse, and
	// reports which of them some row has.
	scan(ctx context.Context, want []string, visit func(cells []Cell) error) (found []bool, err error)
	done() float64 // share of the file that the running scan has read, from 0 to 1
}

// columnar is a table whose columns are known before its rows. byColumns makes a part of it.
type columnar interface {
	columns() []string
	about() About
	// scan calls visit with the cells of the named columns, all of which exist. It may reuse
	// cells. Nested values are JSON.
	scan(ctx context.Context, columns []string, visit func(cells []Cell) error) error
	done() float64
}

// columnParts looks up paths in the columns of a columnar table.
type columnParts struct{ columnar }

func byColumns(c columnar) part { return columnParts{c} }

func (p columnParts) scan(ctx context.Context, want []string, visit func([]Cell) error) ([]bool, error) {
	plan := newPlan(p.columns(), want)
	out := make([]Cell, len(want))
	err := p.columnar.scan(ctx, plan.columns, func(cells []Cell) error {
		plan.fill(out, cells)
		return visit(out)
	})
	return plan.found, err
}

// rowError is the error about one cell of a file. row is counted from 1.
func rowError(name string, row int, column, found, expected string) error {
	return fmt.Errorf("%q: row %d, column %q: found %s, expected %s", name, row, column, found, expected)
}
