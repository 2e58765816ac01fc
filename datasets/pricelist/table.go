package pricelist

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/values"
)

// The columns of a table of prices. Those after the first three may be absent.
var columns = []string{"model", "input", "output", "cached_input", "reasoning", "as_of", "source"}

// needed is the number of columns that a table must have.
const needed = 3

// table adds the models of a table in any format that rows.Open reads. A model may have several
// rows of different dates, of which the last in force counts.
func (l *List) table(ctx context.Context) error {
	l.Format = "table"
	t, err := rows.Open(ctx, l.Path, rows.Options{})
	if err != nil {
		return err
	}
	defer t.Close()
	r := tableReader{list: l, decimal: t.About().Decimal, at: map[string]int{}}
	for i, name := range columns {
		if slices.Contains(t.Columns(), name) {
			r.at[name] = len(r.at)
			r.columns = append(r.columns, name)
		} else if i < needed {
			return l.lacks(name, t.Columns())
		}
	}
	return t.Scan(ctx, r.columns, r.add)
}

// lacks returns the error of a table without a column that it needs.
func (l *List) lacks(name string, found []string) error {
	hints := []string{formatsHint, "columns in the file: " + text.Quoted(found, 20)}
	return hint.With(fmt.Errorf("%q: column %q: missing", l.Path, name), hints...)
}

// tableReader reads the rows of a table of prices.
type tableReader struct {
	list    *List
	decimal rune
	columns []string
	at      map[string]int // index of each column in rows
}

// text returns the text of a cell, "" without one.
func (r tableReader) text(row rows.Row, name string) string {
	if i, ok := r.at[name]; ok {
		return strings.Clone(strings.TrimSpace(row.Cells[i].Text))
	}
	return ""
}

func (r tableReader) add(row rows.Row) error {
	key := r.text(row, "model")
	if key == "" {
		return r.bad(row, "model", "the name of a model")
	}
	p := dated{from: r.text(row, "as_of")}
	p.AsOf, p.Source = p.from, r.text(row, "source")
	if p.from != "" && CheckDate(p.from) != nil {
		return r.bad(row, "as_of", "a day such as 2026-11-28 or a month such as 2026-11")
	}
	for i, to := range []*float64{&p.Input, &p.Output, &p.CachedInput, &p.Reasoning} {
		v, kind := values.Parser{Decimal: r.decimal}.Read(r.text(row, columns[1+i]))
		if optional := kind == values.Missing && 1+i >= needed; !optional && (kind != values.Number || !(v >= 0)) {
			return r.bad(row, columns[1+i], "USD per million tokens, 0 or more")
		}
		*to = v
	}
	e := r.list.entries[key]
	if e == nil {
		e = &entry{}
		r.list.add(key, e)
	}
	at, again := slices.BinarySearchFunc(e.prices, p.from, func(d dated, from string) int { return strings.Compare(d.from, from) })
	if again || len(e.prices) > 0 && (p.from == "" || e.prices[0].from == "") {
		return r.bad(row, "model", "each model in one row, or in rows of different dates in a column as_of")
	}
	e.prices = slices.Insert(e.prices, at, p)
	return nil
}

// bad returns the error of a cell that cannot be used.
func (r tableReader) bad(row rows.Row, column, expected string) error {
	return fmt.Errorf("%q: row %d, column %q: found %q, expected %s", row.File, row.Number, column, r.text(row, column), expected)
}
