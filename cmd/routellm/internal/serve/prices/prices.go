// Package prices reads what the tokens of models cost, and computes the cost of answers.
//
// Call [Read] for a [Table], [Table.Need] to see that it has the models that are used, and
// [Price.Cost] for an answer.
package prices

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/internal/values"
)

// Price holds what a million tokens of a model cost in US dollars, each 0 or more.
type Price struct {
	Input, Output float64
	Cached        float64 // input that the provider read from its cache; as Input if it has no price of its own
}

// Tokens holds the token counts of one answer, each 0 or more.
type Tokens struct {
	Input, Output int
	Cached        int // tokens of Input that came from a cache, at most all
}

// Plus returns the sum of two counts.
func (t Tokens) Plus(more Tokens) Tokens {
	return Tokens{t.Input + more.Input, t.Output + more.Output, t.Cached + more.Cached}
}

// Cost returns the cost of an answer in US dollars.
func (p Price) Cost(t Tokens) float64 {
	return (float64(p.Input*float64(t.Input-t.Cached)) + float64(p.Cached*float64(t.Cached)) + float64(p.Output*float64(t.Output))) / 1e6
}

// Table holds prices by model.
type Table map[string]Price

// The columns of a file of prices. The last one may be absent.
const (
	colModel, colInput, colOutput = "model", "input", "output"
	colCached                     = "cached_input"
)

// Read reads a table in any format that [rows.Open] reads, with the columns model, input and
// output, and optionally cached_input: US dollars per million tokens. Other columns are ignored. A
// model that is named twice and a price that is missing or negative are errors.
func Read(ctx context.Context, path string) (Table, error) {
	table, err := rows.Open(ctx, path, rows.Options{})
	if err != nil {
		return nil, err
	}
	defer table.Close()
	r := reader{path: path, decimal: table.About().Decimal, out: Table{}, columns: []string{colModel, colInput, colOutput}}
	for _, name := range r.columns {
		if !slices.Contains(table.Columns(), name) {
			return nil, missing(path, name, table.Columns())
		}
	}
	if slices.Contains(table.Columns(), colCached) {
		r.columns = append(r.columns, colCached)
	}
	if err := table.Scan(ctx, r.columns, r.add); err != nil {
		return nil, err
	}
	if len(r.out) == 0 {
		return nil, fmt.Errorf("%q: found no prices", path)
	}
	return r.out, nil
}

// missing returns the error of a file that lacks a column.
func missing(path, name string, columns []string) error {
	hints := []string{
		"columns of a file of prices: model, input, output (USD per million tokens) and optionally cached_input",
		"columns in the file: " + text.Quoted(columns, 20),
	}
	if slices.Contains(columns, "mean_cost_usd") {
		hints = append(hints, "costs per call are for calibrate --prices")
	}
	return hint.With(fmt.Errorf("%q: column %q: missing", path, name), hints...)
}

// reader reads the rows of a file.
type reader struct {
	path    string
	decimal rune
	columns []string
	out     Table
}

func (r *reader) add(row rows.Row) error {
	model := strings.Clone(row.Cells[0].Text)
	if model == "" {
		return r.bad(row, 0, "the name of a model")
	}
	if _, ok := r.out[model]; ok {
		return r.bad(row, 0, "each model in one row")
	}
	numbers := []float64{0, 0, math.NaN()}
	for i := range r.columns[1:] {
		v, kind := values.Parser{Decimal: r.decimal}.Read(row.Cells[i+1].Text)
		optional := kind == values.Missing && r.columns[i+1] == colCached
		if !optional && (kind != values.Number || !(v >= 0)) {
			return r.bad(row, i+1, "USD per million tokens, 0 or more")
		}
		numbers[i] = v
	}
	if math.IsNaN(numbers[2]) {
		numbers[2] = numbers[0]
	}
	r.out[model] = Price{Input: numbers[0], Output: numbers[1], Cached: numbers[2]}
	return nil
}

// bad returns the error of a cell that cannot be used.
func (r *reader) bad(row rows.Row, column int, expected string) error {
	return fmt.Errorf("%q: row %d, column %q: found %q, expected %s", r.path, row.Number, r.columns[column], row.Cells[column].Text, expected)
}

// Need returns an error unless the table has a price of every model.
func (t Table) Need(models ...string) error {
	for _, model := range models {
		if _, ok := t[model]; ok {
			continue
		}
		names := slices.Sorted(maps.Keys(t))
		err := fmt.Errorf("no price of %q: there are prices of %s", model, strings.Join(names, ", "))
		return hint.DidYouMean(hint.With(err, "a model that costs nothing needs a row too, with the prices 0"), model, names)
	}
	return nil
}
