package datasets

import (
	"context"
	"errors"
	"math"

	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/values"
)

// sampleRows is the number of rows by which the meaning of columns is guessed.
const sampleRows = 200

// uniqueRows is the largest number of rows to look at for a repeated value.
const uniqueRows = 1 << 20

// sample describes what the first rows of a table hold, by column.
type sample struct {
	columns map[string]*columnSample
	repeats func(column string) (bool, error) // reports whether a value occurs twice in the whole table
}

type columnSample struct {
	filled  int // cells that are neither empty nor null
	numbers int // filled cells with a number or a word of quality
	figures int // filled cells with a number, in the table's decimal mark
	plain   int // filled cells with nothing but a number
	lo, hi  float64
	unique  bool // whether no value occurs twice
	varies  bool // whether there are two different values
}

// takeSample reads the first rows. Columns that cannot be read as text, such as those of bytes,
// have no values.
func takeSample(ctx context.Context, t *rows.Table, parser values.Parser) (sample, error) {
	s := sample{columns: map[string]*columnSample{}, repeats: func(c string) (bool, error) { return anyTwice(ctx, t, c) }}
	err := s.take(ctx, t, t.Columns(), parser)
	if format := t.About().Format; err == nil || ctx.Err() != nil || format != "Parquet" && format != "Arrow" {
		return s, err // text that cannot be read is damaged, or in another encoding
	}
	read := 0
	for _, c := range t.Columns() {
		if s.take(ctx, t, []string{c}, parser) != nil {
			s.columns[c] = &columnSample{unique: true}
			continue
		}
		read++
	}
	if read > 0 {
		err = nil
	}
	return s, err
}

// take reads the first rows of some columns.
func (s sample) take(ctx context.Context, t *rows.Table, columns []string, parser values.Parser) error {
	enough, n := errors.New("enough rows"), 0
	seen := make([]map[string]bool, len(columns))
	for i, c := range columns {
		s.columns[c], seen[i] = &columnSample{lo: math.Inf(1), hi: math.Inf(-1), unique: true}, map[string]bool{}
	}
	err := t.Scan(ctx, columns, func(r rows.Row) error {
		if n++; n > sampleRows {
			return enough
		}
		for i, cell := range r.Cells {
			c := s.columns[columns[i]]
			c.add(cell, parser)
			if cell.Kind != rows.Missing {
				c.unique = c.unique && !seen[i][cell.Text]
				seen[i][cell.Text] = true
			}
		}
		return nil
	})
	for i, c := range columns {
		s.columns[c].varies = len(seen[i]) > 1
	}
	if errors.Is(err, enough) {
		err = nil
	}
	return err
}

// anyTwice reports whether a value of a column occurs twice.
func anyTwice(ctx context.Context, t *rows.Table, column string) (bool, error) {
	var seen idSet
	enough, n := errors.New("enough rows"), 0
	err := t.Scan(ctx, []string{column}, func(r rows.Row) error {
		first, row := seen.add(r.Cells[0].Text)
		if n++; first != row || n == uniqueRows {
			return enough
		}
		return nil
	})
	if errors.Is(err, enough) {
		return n < uniqueRows, nil
	}
	return false, err
}

func (c *columnSample) add(cell rows.Cell, parser values.Parser) {
	if cell.Kind == rows.Missing || cell.Text == "" {
		return
	}
	v, kind := parser.Read(cell.Text)
	switch {
	case cell.Kind == rows.JSON || kind == values.Bad:
		c.filled++
	case !math.IsNaN(v):
		c.filled++
		c.numbers++
		c.lo, c.hi = min(c.lo, v), max(c.hi, v)
	}
	if kind == values.Number {
		c.figures++
	}
	if kind == values.Number && prompttext.Numeric(cell.Text) {
		c.plain++
	}
}

func (s sample) of(column string) columnSample {
	if c := s.columns[column]; c != nil {
		return *c
	}
	return columnSample{unique: true}
}

func (s sample) hasValues(column string) bool { return s.of(column).filled > 0 }

// hasText reports whether a column holds more than numbers. A path into JSON may.
func (s sample) hasText(column string) bool {
	c, known := s.columns[column]
	return !known || c.filled > c.plain
}

// hasNumbers reports whether a column's values are numbers or words of quality: four of five at
// least, so that an odd value is found and named instead of hiding the column.
func (s sample) hasNumbers(column string) bool {
	c := s.of(column)
	return c.numbers > 0 && 5*c.numbers >= 4*c.filled
}

// isScore reports whether a column's numbers are within the bounds of common scales. A word that
// never changes is rather a name.
func (s sample) isScore(column string) bool {
	c := s.of(column)
	return s.hasNumbers(column) && c.lo >= -1 && c.hi <= 100 && (c.figures > 0 || c.varies)
}

// isUnique reports whether no value occurs twice.
func (s sample) isUnique(column string) bool { return s.of(column).unique }
