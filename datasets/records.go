package datasets

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
)

// records holds the wanted columns of a CSV, JSON Lines or Parquet table as text. Missing and
// null cells are parquetfile.NullText.
type records struct {
	path    string
	columns []string // all columns of the table
	rows    int
	cells   map[string][]string // cells of each wanted column that the table has
	meta    ScoreMeta           // metadata, if the table is a Parquet file

	progress watch
}

// readRecords reads the wanted columns of a table that [rows.Open] reads. A column that the table
// lacks is not an error here; see require.
func readRecords(path string, want []string) (*records, error) {
	return readWatched(path, want, nil)
}

// readWatched does what readRecords does, and tells how far it is.
func readWatched(path string, want []string, progress watch) (*records, error) {
	rec := &records{path: path, cells: map[string][]string{}, progress: progress}
	if isParquet(path) {
		return rec, rec.readParquet(want)
	}
	ctx := context.Background()
	t, err := rows.Open(ctx, path, rows.Options{Progress: progress})
	if err != nil {
		return rec, err
	}
	defer t.Close()
	rec.columns, rec.meta = t.Columns(), parseScoreMeta(t.About().Lookup)
	var names []string
	for _, name := range want {
		if name, _ = strings.CutSuffix(name, "."); slices.Contains(rec.columns, name) {
			names = append(names, name)
		}
	}
	err = t.Scan(ctx, names, func(r rows.Row) error {
		rec.rows++
		for i, cell := range r.Cells {
			rec.cells[names[i]] = append(rec.cells[names[i]], textOf(cell))
		}
		return nil
	})
	for _, name := range want {
		if field, nested := strings.CutSuffix(name, "."); nested {
			rec.flatten(field)
		}
	}
	return rec, err
}

// flatten adds the members of a field's objects as columns of their own: {"b": 1} in column a
// gives a column "a.b".
func (rec *records) flatten(field string) {
	for i, text := range rec.cells[field] {
		var inner map[string]json.RawMessage
		_ = json.Unmarshal([]byte(text), &inner) // a cell without an object has no members
		for key, value := range inner {
			name := field + "." + key
			if rec.cells[name] == nil {
				rec.columns = append(rec.columns, name)
				rec.cells[name] = slices.Repeat([]string{parquetfile.NullText}, rec.rows)
			}
			rec.cells[name][i] = textOf(rows.CellOf(value))
		}
	}
}

// Header lists the columns of a table that [rows.Open] reads, in the table's order. It does not
// check the rows.
func Header(path string) ([]string, error) {
	if isParquet(path) {
		rec, err := readRecords(path, nil)
		return rec.columns, err
	}
	t, err := rows.Open(context.Background(), path, rows.Options{})
	if err != nil {
		return nil, err
	}
	return t.Columns(), t.Close()
}

func isParquet(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".parquet" || ext == ".pq"
}

// require returns an error if the table lacks one of the columns. Its hint lists the columns of
// the table.
func (rec *records) require(names ...string) error {
	for _, name := range names {
		if !slices.Contains(rec.columns, name) {
			err := hint.With(fmt.Errorf("%q: column %q: missing", rec.path, name), "columns in the file: "+listOf(rec.columns, 20))
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

func (rec *records) readParquet(want []string) error {
	src, err := parquetfile.Open(rec.path)
	if err != nil {
		return hintFormat(err, "give the file the extension of what it holds")
	}
	defer src.Close()
	return rec.readSource(src, want)
}

func (rec *records) readSource(src *parquetfile.File, want []string) (err error) {
	rec.columns, rec.rows, rec.meta = src.Columns(), src.Rows(), parseScoreMeta(src.Lookup)
	for i, name := range want {
		if !src.HasColumn(name) {
			continue
		}
		if rec.cells[name], err = src.ReadText(name); err != nil {
			return err
		}
		if err := rec.progress.at(int64(i+1), int64(len(want))); err != nil {
			return err
		}
	}
	return nil
}
