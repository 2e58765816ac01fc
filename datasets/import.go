package datasets

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/internal/parquetfile"
	"github.com/routellm/routellm/internal/hint"
)

// ModelColumn names the column of a user's table that belongs to a model.
type ModelColumn struct{ Model, Column string }

// TableOptions maps the columns of a user's table to their meanings. A column that is "" is
// not read.
type TableOptions struct {
	ID      string        // defaults to "sample_id"; a table without it gets ids such as "row/0000001"
	Prompt  string        // column of prompts
	Task    string        // column of tasks
	Cluster string        // column of clusters; "" puts equal prompts into one cluster
	ModelA  string        // battles only, with ModelB and Winner: column of the first model
	ModelB  string        // battles only: column of the second model
	Winner  string        // battles only: column whose cells are among [Winners]
	Models  []ModelColumn // columns of quality; empty for a set of prompts without outcomes
	Nested  string        // JSON Lines: field that holds an object of qualities by model, instead of Models
	Costs   []ModelColumn // columns of costs in USD, stored in [Table.Extras] as "cost_usd:<model>"

	Name, Unit      string  // stored in the table's [Meta]
	Min, Max        float64 // bounds of quality, inclusive; both 0 or both NaN if unknown
	LowerIsBetter   bool    // lower values are better: store Min + Max - value
	Strong, Weak    string  // default pair of models
	Source, Licence string  // stored in the table's [Meta]
	KeepPrompt      bool    // keep the text of the prompts, not only their digests and features

	// Progress, if non-nil, is called once in a while with the per cent of a step that are done,
	// of 100; less than before means that another step has begun. Its error ends the import.
	Progress func(done, total int) error
}

// ImportTable reads a wide table, with one row per prompt, from a .csv, .jsonl (both also
// .gz) or .parquet file. A quality is a number, true or false; an empty or null cell means not
// measured. An error about a value names the file, row (from 1) and column, the value found and
// the value expected.
func ImportTable(path string, opts TableOptions) (*Table, error) {
	rec, err := readWatched(path, opts.columnsToRead(), opts.Progress)
	if err != nil {
		return nil, err
	}
	t := &Table{Meta: opts.meta()}
	if err := checkTurnable(opts.LowerIsBetter, t.Meta.Min, t.Meta.Max); err != nil {
		return nil, err
	}
	if opts.Nested != "" {
		if opts.Models = rec.nested(opts.Nested); len(opts.Models) == 0 {
			return nil, fmt.Errorf("%q: column %q: found no JSON objects, expected one with a quality per model", path, opts.Nested)
		}
		opts.Nested = ""
	}
	if err := rec.require(opts.columnsToRead()[1:]...); err != nil {
		return nil, err
	}
	if t.SampleID, err = rec.ids(opts.ID); err != nil {
		return nil, err
	}
	if err := t.importPrompts(rec, opts); err != nil {
		return nil, err
	}
	if opts.Task != "" {
		t.Task = blankNulls(rec.cells[opts.Task])
	}
	if opts.Cluster != "" {
		t.Cluster = blankNulls(rec.cells[opts.Cluster])
	}
	if err := t.importBattles(rec, opts); err != nil {
		return nil, err
	}
	t.fillGaps(rec.rows)
	return t, t.importNumbers(rec, opts)
}

// importBattles reads both models and the winner: all three columns or none.
func (t *Table) importBattles(rec *records, opts TableOptions) error {
	for _, c := range []struct {
		from, name string
		to         *[]string
	}{{opts.ModelA, colModelA, &t.ModelA}, {opts.ModelB, colModelB, &t.ModelB}, {opts.Winner, colWinner, &t.Winner}} {
		if (c.from == "") != (opts.Winner == "") {
			return errors.New("a table of battles needs the columns of both models and of the winner")
		}
		for i, text := range rec.cells[c.from] {
			if expected := expectedText(c.name, text); expected != "" {
				return hint.With(cellError(rec.path, i+1, c.from, quote(text), expected), "correct or remove the row; import battles can leave out bad rows")
			}
		}
		*c.to = rec.cells[c.from]
	}
	return nil
}

// columnsToRead lists the columns to read. The first is sample_id, which the table may lack.
func (o TableOptions) columnsToRead() []string {
	names := []string{colSampleID}
	for _, name := range []string{o.ID, o.Prompt, o.Task, o.Cluster, o.ModelA, o.ModelB, o.Winner} {
		if name != "" {
			names = append(names, name)
		}
	}
	if o.Nested != "" {
		names = append(names, o.Nested+".")
	}
	for _, m := range slices.Concat(o.Models, o.Costs) {
		names = append(names, m.Column)
	}
	return names
}

// nested lists the models in the objects of a field, sorted by name.
func (rec *records) nested(field string) []ModelColumn {
	var out []ModelColumn
	for _, column := range slices.Sorted(slices.Values(rec.columns)) {
		if model, ok := strings.CutPrefix(column, field+"."); ok {
			out = append(out, ModelColumn{Model: model, Column: column})
		}
	}
	return out
}

func (o TableOptions) meta() Meta {
	if o.Min == 0 && o.Max == 0 {
		o.Min, o.Max = math.NaN(), math.NaN()
	}
	return Meta{
		SchemaVersion: SchemaVersion, Name: o.Name, Title: o.Name, Unit: o.Unit, Min: o.Min, Max: o.Max,
		Strong: o.Strong, Weak: o.Weak, Source: o.Source, Licence: o.Licence,
	}
}

// rowID returns the id of row i, counted from 0, of a table without ids.
func rowID(i int) string { return fmt.Sprintf("row/%07d", i+1) }

// ids returns the ids in a column, after checking that each is present and unique. If the
// table has no such column, it makes ids from row numbers.
func (rec *records) ids(column string) ([]string, error) {
	if column == "" {
		column = colSampleID
	}
	ids, ok := rec.cells[column]
	if !ok {
		ids = make([]string, rec.rows)
		for i := range ids {
			ids[i] = rowID(i)
		}
	}
	for i, id := range ids {
		if id == "" || id == parquetfile.NullText {
			return nil, hint.With(cellError(rec.path, i+1, column, quote(id), "a unique id"), "give every row an id, or leave out the id column: ids are then made from row numbers")
		}
	}
	return ids, unique(rec.path, column, ids)
}

func (t *Table) importPrompts(rec *records, opts TableOptions) error {
	if opts.Prompt == "" {
		return nil
	}
	t.Prompt = rec.cells[opts.Prompt]
	if i := slices.Index(t.Prompt, parquetfile.NullText); i >= 0 {
		return hint.With(cellError(rec.path, i+1, opts.Prompt, "null", "a prompt in every row"), "remove the row from the table")
	}
	if err := t.fillFromPrompts(opts.Progress); err != nil {
		return err
	}
	t.shareClusters()
	if !opts.KeepPrompt {
		t.Prompt, t.HasPrompt = nil, false
	}
	return nil
}

func (t *Table) importNumbers(rec *records, opts TableOptions) error {
	for _, m := range opts.Models {
		values, err := rec.numbers(m.Column)
		if err != nil {
			return err
		}
		for i, v := range values {
			if !t.Meta.Within(v) {
				return hint.With(cellError(rec.path, i+1, m.Column, fmt.Sprint(v), fmt.Sprintf("a quality from %v to %v", t.Meta.Min, t.Meta.Max)),
					"correct the value or --range, or leave the cell empty for \"not measured\"")
			}
			if opts.LowerIsBetter {
				values[i] = turned(v, t.Meta.Min, t.Meta.Max)
			}
		}
		t.Quality = append(t.Quality, Column{Name: m.Model, Values: values})
	}
	for _, m := range opts.Costs {
		values, err := rec.numbers(m.Column)
		if err != nil {
			return err
		}
		t.Extras = append(t.Extras, Column{Name: "cost_usd:" + m.Model, Values: values})
	}
	return checkRepeatedModels(rec.path, t.Quality, t.Extras)
}

// checkRepeatedModels returns an error if a model has two columns of one kind.
func checkRepeatedModels(path string, groups ...[]Column) error {
	for _, columns := range groups {
		for i, c := range columns {
			if _, again := find(columns[:i], c.Name); again {
				return fmt.Errorf("%q: model %q has two columns, expected one", path, strings.TrimPrefix(c.Name, "cost_usd:"))
			}
		}
	}
	return nil
}

func blankNulls(cells []string) []string {
	for i, text := range cells {
		if text == parquetfile.NullText {
			cells[i] = ""
		}
	}
	return cells
}
