package datasets

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// ModelColumn says which column of a user's table belongs to a model.
type ModelColumn struct{ Model, Column string }

// TableOptions say which columns of a user's table mean what. Columns are named as in the table; "" means there is none.
type TableOptions struct {
	ID      string // "": "sample_id" where the table has it, else ids are made up as "row/0000001"
	Prompt  string
	Task    string
	Cluster string // "": repeated prompts share a cluster
	ModelA  string // of battles, with ModelB and Winner
	ModelB  string
	Winner  string        // cells are among Winners
	Models  []ModelColumn // qualities; none makes a set of prompts
	Nested  string        // JSON Lines: field with an object of qualities by model, instead of Models
	Costs   []ModelColumn // costs in USD, as extras "cost_usd:<model>"

	Name, Unit      string
	Min, Max        float64 // bounds of quality; both 0, or NaN, when unknown
	Strong, Weak    string  // default pair
	Source, Licence string
	KeepPrompt      bool // keep the text in the table, besides its digests and features
}

// ImportTable reads a wide table, one row a prompt, from .csv, .jsonl (both also .gz) or .parquet. Qualities are numbers or
// true/false; empty or null means not measured. The error names file, row (1-based), column and what was expected.
func ImportTable(path string, opts TableOptions) (*Table, error) {
	rec, err := readRecords(path, opts.sources())
	if err != nil {
		return nil, err
	}
	if opts.Nested != "" {
		if opts.Models = rec.nested(opts.Nested); len(opts.Models) == 0 {
			return nil, fmt.Errorf("%q: column %q: expected objects of qualities by model", path, opts.Nested)
		}
		opts.Nested = ""
	}
	if err := rec.require(opts.sources()[1:]...); err != nil {
		return nil, err
	}
	t := &Table{Meta: opts.meta()}
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

// importBattles takes who met and who won, all three columns or none.
func (t *Table) importBattles(rec *records, opts TableOptions) error {
	for _, c := range []struct {
		from, name string
		to         *[]string
	}{{opts.ModelA, colModelA, &t.ModelA}, {opts.ModelB, colModelB, &t.ModelB}, {opts.Winner, colWinner, &t.Winner}} {
		if (c.from == "") != (opts.Winner == "") {
			return errors.New("battles need all of model_a, model_b and winner")
		}
		for i, text := range rec.cells[c.from] {
			if expected := wrongText(c.name, text); expected != "" {
				return cellError(rec.path, i+1, c.from, shown(text), expected)
			}
		}
		*c.to = rec.cells[c.from]
	}
	return nil
}

// sources lists the columns to read, sample_id first, which need not be there.
func (o TableOptions) sources() []string {
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

// nested lists the models in the objects of a field, by name.
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

// rowID is made up for row i, counted from 0, of a table without ids.
func rowID(i int) string { return fmt.Sprintf("row/%07d", i+1) }

// ids returns a column's values, all given and unique, or makes them up where there is no column.
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
		if id == "" || id == nullText {
			return nil, hint.With(cellError(rec.path, i+1, column, shown(id), "a unique id"), "without an id column, ids are made up from row numbers")
		}
	}
	return ids, unique(rec.path, column, ids)
}

func (t *Table) importPrompts(rec *records, opts TableOptions) error {
	if opts.Prompt == "" {
		return nil
	}
	t.Prompt = rec.cells[opts.Prompt]
	if i := slices.Index(t.Prompt, nullText); i >= 0 {
		return cellError(rec.path, i+1, opts.Prompt, "null", "a prompt in every row")
	}
	t.FillFromPrompts()
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
				return cellError(rec.path, i+1, m.Column, fmt.Sprint(v), fmt.Sprintf("a quality from %v to %v", t.Meta.Min, t.Meta.Max))
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
	return firstRepeated(rec.path, t.Quality, t.Extras)
}

// firstRepeated refuses a model that is given two columns.
func firstRepeated(path string, groups ...[]Column) error {
	for _, columns := range groups {
		for i, c := range columns {
			if _, again := find(columns[:i], c.Name); again {
				return fmt.Errorf("%q: %q is given two columns, expected one", path, c.Name)
			}
		}
	}
	return nil
}

func blankNulls(cells []string) []string {
	for i, text := range cells {
		if text == nullText {
			cells[i] = ""
		}
	}
	return cells
}
