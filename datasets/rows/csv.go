package rows

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// csvTable is a CSV file.
type csvTable struct {
	file    *file
	dialect dialect
	names   []string // names in the header; "" for columns without one
	notes   []string
}

func openCSV(_ context.Context, f *file, o Options) (part, error) {
	s, err := sniff(f.head, f.cut, o)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", f.name, err)
	}
	names, err := s.header(f.name)
	if err != nil {
		return nil, err
	}
	t := &csvTable{file: f, dialect: s.dialect, names: names, notes: s.notes(o)}
	if f.utf16 != "" {
		t.notes = append(t.notes, "text in "+f.utf16)
	}
	unnamed := 0
	for _, n := range names {
		if n == "" {
			unnamed++
		}
	}
	if unnamed > 0 {
		t.notes = append(t.notes, text.Plural(unnamed, "column")+" without a name left out")
	}
	return byColumns(t), nil
}

func (t *csvTable) columns() []string {
	return slices.DeleteFunc(slices.Clone(t.names), func(n string) bool { return n == "" })
}

func (t *csvTable) about() About {
	a := About{Format: "CSV", Decimal: t.dialect.decimal, Notes: t.notes}
	if a.Decimal == 0 {
		a.Decimal = '.'
	}
	return a
}

func (t *csvTable) done() float64 { return t.file.share() }

func (t *csvTable) scan(ctx context.Context, columns []string, visit func([]Cell) error) error {
	in, err := t.file.text(ctx)
	if err != nil {
		return err
	}
	defer in.Close()
	r := newCSVReader(in, t.dialect)
	for range t.dialect.skip + 1 {
		if err := r.read(); err != nil {
			return fmt.Errorf("%q: header: %w", t.file.name, err)
		}
	}
	c := &csvCells{table: t, reader: r}
	for _, name := range columns {
		c.at = append(c.at, slices.Index(t.names, name))
	}
	for row := 1; ; row++ {
		err := r.read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return t.damaged(row, len(r.fields), err)
		}
		if err := t.checkLength(row, r); err != nil {
			return err
		}
		cells, err := c.of(row)
		if err != nil {
			return err
		}
		if err := visit(cells); err != nil {
			return err
		}
	}
}

// damaged returns the error about a row that cannot be read. fields is the number of its cells
// that could be, with the one that is at fault.
func (t *csvTable) damaged(row, fields int, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	where := fmt.Sprintf("row %d", row)
	if fields > 0 && fields <= len(t.names) {
		where += fmt.Sprintf(", column %q", t.names[fields-1])
	}
	if len(hint.Of(err)) > 0 {
		return fmt.Errorf("%q: %s: %w", t.file.name, where, err)
	}
	return hint.With(fmt.Errorf("%q: %s: %w", t.file.name, where, err), "write a quote inside of quotes twice")
}

// checkLength returns an error if the row has more or fewer cells than the header. One more that
// is empty comes from a delimiter at the end of the line.
func (t *csvTable) checkLength(row int, r *csvReader) error {
	n := len(r.fields)
	if n == len(t.names) || n == len(t.names)+1 && len(r.field(n-1)) == 0 {
		return nil
	}
	advice := "put a cell with delimiters, quotes or line ends in double quotes"
	if row == 1 && n == len(t.names)+1 {
		advice = "if the first column has no name in the header, add one"
	}
	return hint.With(fmt.Errorf("%q: row %d: found %s, expected %d, as in the header", t.file.name, row, text.Plural(n, "cell"), len(t.names)), advice)
}

// smallCell is the length in bytes up to which the cells of a row share memory.
const smallCell = 64

// csvCells turns records into cells.
type csvCells struct {
	table  *csvTable
	reader *csvReader
	at     []int // wanted columns
	cells  []Cell
	small  []byte
}

// of returns the wanted cells of a record. The short ones share one allocation; a long one has
// its own, so that keeping an id does not keep the prompt.
func (c *csvCells) of(row int) ([]Cell, error) {
	c.cells, c.small = c.cells[:0], c.small[:0]
	good := badText(c.reader.bytes()) == ""
	for _, at := range c.at {
		b := c.reader.field(at)
		if !good {
			if bad := badText(b); bad != "" {
				return nil, c.table.badCell(row, at, b, bad)
			}
		}
		if len(b) <= smallCell {
			c.small = append(c.small, b...)
		}
	}
	shared := string(c.small)
	for _, at := range c.at {
		b := c.reader.field(at)
		if len(b) > smallCell {
			c.cells = append(c.cells, Cell{Text, string(b)})
			continue
		}
		c.cells = append(c.cells, Cell{Text, shared[:len(b)]})
		shared = shared[len(b):]
	}
	return c.cells, nil
}

func (t *csvTable) badCell(row, at int, b []byte, bad string) error {
	err := rowError(t.file.name, row, t.names[at], bad, "UTF-8 text")
	if bytes.IndexByte(b, 0) >= 0 {
		return hint.With(err, "remove the zero bytes, or write the file again")
	}
	return hint.With(err, convertHint(b, t.file.name))
}
