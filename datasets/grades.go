package datasets

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/hint"
)

// GradeOptions say which columns of a table of grades mean what. With Models or Nested a row is a prompt and a column a model
// (wide); without, a row is one grade (long). Columns are named as in the table.
type GradeOptions struct {
	ID     string // wide: "" is "sample_id" where the table has it, else the row number; long: "" tells prompts apart by their text
	Prompt string
	Models []ModelColumn
	Nested string // JSON Lines: field with an object of grades by model
	Model  string // long: column of models
	Grade  string // long: column of grades; "" is "grade", or else "score"

	Min, Max              float64 // bounds of a grade; NaN when unknown
	Name, Source, Licence string
	SkipBad               bool // leave bad rows out instead of refusing the file
	Battles               bool // return the pairs of each prompt's models, see below
}

// ImportGrades reads grades from .csv, .jsonl (both also .gz) or .parquet and returns a row a prompt, with a quality column a
// model; prompts without a grade are left out. With Battles it returns a row a pair of models that were both graded on a prompt
// instead: the higher grade wins, equal ones tie, and the weight is their difference, 1 for a tie. Models are in the order of
// Models, else by name. Empty and null mean not graded. Bad rows have no prompt or model, a grade that is not a number within
// the bounds, or a repeated id (wide) or model of the same prompt (long); they are refused as by [ImportBattles].
func ImportGrades(path string, opts GradeOptions) (*Table, Skipped, error) {
	var skipped Skipped
	rec, err := readRecords(path, opts.columns())
	if err == nil {
		err = opts.complete(rec)
	}
	if err != nil {
		return nil, skipped, err
	}
	t := &Table{Meta: NewMeta()}
	t.Meta.Name, t.Meta.Title, t.Meta.Source, t.Meta.Licence = opts.Name, opts.Name, opts.Source, opts.Licence
	t.Meta.Min, t.Meta.Max = opts.Min, opts.Max
	if opts.wide() {
		skipped = t.wideGrades(rec, opts)
	} else {
		skipped = t.longGrades(rec, opts)
	}
	if err := skipped.err(path, rec.rows, opts.SkipBad); err != nil {
		return nil, skipped, err
	}
	least := 1
	if opts.Battles {
		least = 2
	}
	if skipped.Ungraded = t.dropUngraded(least); t.Rows() == 0 {
		return nil, skipped, fmt.Errorf("%q: no prompt has %d grades", path, least)
	}
	t.finishImport()
	if opts.Battles {
		t = t.gradeBattles()
	}
	return t, skipped, nil
}

func (o GradeOptions) wide() bool { return o.Nested != "" || len(o.Models) > 0 }

// columns lists all that may be read.
func (o GradeOptions) columns() []string {
	names := []string{colSampleID, o.ID, o.Prompt}
	switch {
	case o.Nested != "":
		return append(names, o.Nested+".")
	case o.wide():
		for _, m := range o.Models {
			names = append(names, m.Column)
		}
		return names
	}
	return append(names, o.Model, o.Grade, colGrade, colScore)
}

const colGrade = "grade"

// complete finds the columns that the flags leave open and checks that all are there.
func (o *GradeOptions) complete(rec *records) error {
	if o.Nested != "" {
		if o.Models = rec.nested(o.Nested); len(o.Models) == 0 {
			return fmt.Errorf("%q: column %q: expected objects of grades by model", rec.path, o.Nested)
		}
	}
	needed := []string{o.Prompt}
	if o.ID != "" {
		needed = append(needed, o.ID)
	}
	for i, m := range o.Models {
		if slices.ContainsFunc(o.Models[:i], func(n ModelColumn) bool { return n.Model == m.Model }) {
			return fmt.Errorf("%q is given two columns, expected one", m.Model)
		}
		needed = append(needed, m.Column)
	}
	if o.wide() {
		return rec.require(needed...)
	}
	if o.Grade == "" {
		o.Grade = colGrade
		if !slices.Contains(rec.columns, colGrade) && slices.Contains(rec.columns, colScore) {
			o.Grade = colScore
		}
	}
	return hint.With(rec.require(append(needed, o.Model, o.Grade)...), "a table with a column a model needs --model or --models-in")
}

// wideGrades reads a row a prompt.
func (t *Table) wideGrades(rec *records, o GradeOptions) (skipped Skipped) {
	ids := newRowIDs(rec, o.ID)
	for _, m := range o.Models {
		t.Quality = append(t.Quality, Column{Name: m.Model})
	}
	for i := range rec.rows {
		id, prompt, grades, err := o.wideRow(rec, i, ids)
		if err != nil {
			skipped.add(err)
			continue
		}
		ids.use(id, i)
		t.SampleID, t.Prompt = append(t.SampleID, id), append(t.Prompt, prompt)
		for k, v := range grades {
			t.Quality[k].Values = append(t.Quality[k].Values, v)
		}
	}
	return skipped
}

func (o GradeOptions) wideRow(rec *records, i int, ids *rowIDs) (id, prompt string, grades []float64, err error) {
	if id, err = ids.at(i); err != nil {
		return "", "", nil, err
	}
	if prompt, err = rec.promptAt(o.Prompt, i); err != nil {
		return "", "", nil, err
	}
	for _, m := range o.Models {
		v, err := o.gradeAt(rec, m.Column, i)
		if err != nil {
			return "", "", nil, err
		}
		grades = append(grades, v)
	}
	return id, prompt, grades, nil
}

// largestGrade keeps the difference of two grades finite.
const largestGrade = math.MaxFloat64 / 2

// gradeAt is the grade in row i, NaN where there is none.
func (o GradeOptions) gradeAt(rec *records, column string, i int) (float64, error) {
	cell := rec.cells[column][i]
	v, ok := parseNumber(cell)
	switch {
	case !ok || math.Abs(v) > largestGrade:
		return 0, wrongCell{i + 1, column, shown(cell), "a finite number, true or false, or nothing for not graded"}
	case !(Meta{Min: o.Min, Max: o.Max}).Within(v):
		return 0, wrongCell{i + 1, column, fmt.Sprint(v), fmt.Sprintf("a grade from %v to %v", o.Min, o.Max)}
	}
	return v, nil
}
