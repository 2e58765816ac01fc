package rows

import "context"

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
