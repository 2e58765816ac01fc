package datasets

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetcheck"
	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// records holds the wanted columns of a table as text. Missing and
// null cells are parquetfile.NullText.
type records struct {
	path    string
	columns []string // all columns of the table
	rows    int
	cells   map[string][]string // cells of each wanted column that the table has
	meta    ScoreMeta           // metadata, if the table is a Parquet file
}

// taker returns the function that gets the cells of a column, row by row; nil for a column whose cells
// are kept.
type taker func(rec *records, column string) func(cell string)

// readRecords reads the wanted columns of a table that [rows.Open] reads. A column that the table
// lacks is not an error here; see require.
func readRecords(path string, want []string) (*records, error) {
	return readRecordsInto(path, want, keepCells)
}

func keepCells(*records, string) func(string) { return nil }

// readRecordsInto reads a table as readRecords does, and gives the cells to where take says.
func readRecordsInto(path string, want []string, take taker) (*records, error) {
	rec := &records{path: path, cells: map[string][]string{}}
	ctx := context.Background()
	t, err := rows.Open(ctx, path, rows.Options{})
	if err != nil {
		return rec, err
	}
	defer t.Close()
	rec.columns = t.Columns()
	want = present(want, rec.columns)
	to := rec.takers(want, take)
	err = t.Scan(ctx, want, func(r rows.Row) error {
		rec.rows++
		for i, cell := range r.Cells {
			to[i](textOf(cell))
		}
		return nil
	})
	if err == nil && t.About().Format == "Parquet" {
		rec.meta, err = ReadScoreMeta(t.About().Parts[0])
	}
	return rec, err
}

// takers returns the functions that get the cells of the columns.
func (rec *records) takers(columns []string, take taker) []func(cell string) {
	to := make([]func(string), len(columns))
	for i, name := range columns {
		if to[i] = take(rec, name); to[i] == nil {
			to[i] = func(cell string) { rec.cells[name] = append(rec.cells[name], cell) }
		}
	}
	return to
}

// ReadScoreMeta reads the metadata of a Parquet file of scores. It returns none for a file in
// another format.
func ReadScoreMeta(path string) (ScoreMeta, error) {
	src, err := parquetfile.Open(path)
	if errors.Is(err, parquetcheck.ErrNotParquet) {
		return ScoreMeta{}, nil
	}
	if err != nil {
		return ScoreMeta{}, err
	}
	return parseScoreMeta(src.Lookup), src.Close()
}

// Header lists the columns of a table that [rows.Open] reads, in the table's order. It does not
// check the rows.
func Header(path string) ([]string, error) {
	t, err := rows.Open(context.Background(), path, rows.Options{})
	if err != nil {
		return nil, err
	}
	return t.Columns(), t.Close()
}

// require returns an error if the table lacks one of the columns. Its hint lists the columns of
// the table.
func (rec *records) require(names ...string) error {
	for _, name := range names {
		if !slices.Contains(rec.columns, name) {
			err := hint.With(fmt.Errorf("%q: column %q: missing", rec.path, name), "columns in the file: "+text.Quoted(rec.columns, 20))
			return hint.DidYouMean(err, name, rec.columns)
		}
	}
	return nil
}

// numbers parses a column of numbers and of "true" and "false" in any case. Empty and null cells
// are NaN.
func (rec *records) numbers(column string) ([]float64, error) {
	if err := rec.require(column); err != nil {
		return nil, err
	}
	out := make([]float64, rec.rows)
	for i, text := range rec.cells[column] {
		v, ok := parseNumber(text)
		if !ok {
			return nil, hint.With(cellError(rec.path, i+1, column, quote(text), "a finite number, true or false"),
				"leave the cell empty for \"not measured\"")
		}
		out[i] = v
	}
	return out, nil
}

func parseNumber(text string) (v float64, ok bool) {
	switch {
	case text == "" || text == parquetfile.NullText:
		return math.NaN(), true
	case strings.EqualFold(text, "true"):
		return 1, true
	case strings.EqualFold(text, "false"):
		return 0, true
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// readSource reads the wanted columns of a Parquet file that is held in memory, one after the other.
func (rec *records) readSource(src *parquetfile.File, want []string, take taker) error {
	rec.columns, rec.rows, rec.meta = src.Columns(), src.Rows(), parseScoreMeta(src.Lookup)
	want = present(want, rec.columns)
	to := rec.takers(want, take)
	for i, name := range want {
		cells, err := src.ReadText(name)
		if err != nil {
			return err
		}
		for _, cell := range cells {
			to[i](cell)
		}
	}
	return nil
}
