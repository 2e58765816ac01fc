package importers

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
)

// scan calls visit with every row of a file that is a table: JSON Lines, a JSON array, or such an
// array under "data" as interfaces answer with; CSV, Parquet and what else package rows reads. Of
// the wanted columns, those that the file lacks are empty.
func (in *input) scan(f *file, want []string, visit func(tableRow) error) error {
	p, err := look(f.at)
	if err != nil {
		return err
	}
	if o := p.object(); o.Exists() {
		object := func(r record) error { return visit(rowOfObject(r, want)) }
		if o.Get("data.0").IsObject() {
			_, err := in.arrays(f, map[string]visitor{"data": object})
			return err
		}
		return in.each(f, object)
	}
	table, err := rows.Open(in.ctx, f.at, rows.Options{Progress: in.Progress})
	if err != nil {
		return err
	}
	defer table.Close()
	in.used[f] = true
	columns, decimal := knownColumns(table.Columns(), want), table.About().Decimal
	return table.Scan(in.ctx, columns, func(row rows.Row) error {
		return visit(tableRow{f.path, row.Number, columns, row.Cells, decimal})
	})
}

// knownColumns lists those of the wanted columns that a table has.
func knownColumns(have, want []string) []string {
	return slices.DeleteFunc(slices.Clone(want), func(c string) bool { return !slices.Contains(have, c) })
}

// rowOfObject returns a JSON object as a row.
func rowOfObject(r record, want []string) tableRow {
	cells := make([]rows.Cell, len(want))
	r.ForEach(func(key, value gjson.Result) bool {
		if i := slices.Index(want, key.Str); i >= 0 {
			cells[i] = cellOf(value)
		}
		return true
	})
	return tableRow{r.file, r.row, want, cells, '.'}
}

func cellOf(v gjson.Result) rows.Cell {
	switch {
	case v.Type == gjson.Null:
		return rows.Cell{}
	case v.Type == gjson.String:
		return rows.Cell{Kind: rows.Text, Text: v.Str}
	case v.Type == gjson.Number:
		return rows.Cell{Kind: rows.Number, Text: v.Raw}
	case v.IsBool():
		return rows.Cell{Kind: rows.Bool, Text: v.Raw}
	}
	return rows.Cell{Kind: rows.JSON, Text: v.Raw}
}

// tableColumns lists the columns of a file that is a table; nil if it is none. For JSON they are
// the keys of the first object.
func (p *peek) tableColumns() (names []string) {
	switch {
	case p.is("PAR1"), p.is("ARROW1"):
		table, err := rows.Open(context.Background(), p.path, rows.Options{})
		if err != nil {
			return nil
		}
		defer table.Close()
		return table.Columns()
	case p.is("PK"), bytes.IndexByte(p.head, 0) >= 0:
		return nil
	case p.object().Exists():
		first := p.object()
		if data := first.Get("data.0"); data.IsObject() {
			first = data
		}
		first.ForEach(func(key, _ gjson.Result) bool {
			names = append(names, key.Str)
			return true
		})
		return names
	}
	return p.header()
}

// header returns the first line of a CSV file, split at the delimiter that makes the most of it.
func (p *peek) header() (names []string) {
	line, _, _ := bytes.Cut(p.head, []byte("\n"))
	for _, delimiter := range ",;\t|" {
		r := csv.NewReader(bytes.NewReader(line))
		r.LazyQuotes, r.Comma = true, delimiter
		if fields, err := r.Read(); err == nil && len(fields) > len(names) {
			names = fields
		}
	}
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// table reports whether a file is a table with all of the columns.
func (p *peek) table(columns ...string) bool {
	have := p.tableColumns()
	return !slices.ContainsFunc(columns, func(c string) bool { return !slices.Contains(have, c) })
}

// columns lists the columns of a file that is a table.
func (in *input) columns(f *file) ([]string, error) {
	table, err := rows.Open(in.ctx, f.at, rows.Options{})
	if err != nil {
		return nil, err
	}
	defer table.Close()
	return table.Columns(), nil
}

// notedBad is the number of bad rows of which a note tells what is wrong.
const notedBad = 3

// skip leaves a bad row out, if the options say so, and says why. Otherwise it returns the error.
func (in *input) skip(err error) error {
	if !in.Collect.SkipBad {
		return hint.With(err, "correct the row, or leave such rows out with --skip-bad")
	}
	if in.bad++; in.bad <= notedBad {
		in.Notef("left out: %v", err)
	}
	in.leave(1, "bad row")
	return nil
}
