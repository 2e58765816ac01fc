package datasets

import (
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/hint"
)

// GradeOptions maps the columns of a table of grades to their meanings. If Models or Nested is
// set, the table is wide: one row per prompt, one column per model. Otherwise it is long: one
// row per grade.
type GradeOptions struct {
	// ID is the column of prompt ids. In a wide table it defaults to "sample_id", or to row
	// numbers if the table has no such column. In a long table "" means that prompts are
	// identified by their text.
	ID     string
	Prompt string        // column of prompts
	Models []ModelColumn // wide table: columns of grades
	Nested string        // wide table in JSON Lines: field that holds an object of grades by model
	Model  string        // long table: column of models
	Grade  string        // long table: column of grades; defaults to "grade", or else to "score"

	Min, Max              float64 // bounds of a grade, inclusive; NaN if unknown
	Name, Source, Licence string  // stored in the table's [Meta]
	SkipBad               bool    // leave out bad rows instead of refusing the file
	LowerIsBetter         bool    // lower grades are better: use Min + Max - grade
	Battles               bool    // return pairs of models, see ImportGrades

	// Progress, if non-nil, is called once in a while with the per cent of a step that are done,
	// of 100; less than before means that another step has begun. Its error ends the import.
	Progress func(done, total int) error
}

// ImportGrades reads grades from a .csv, .jsonl (both also .gz) or .parquet file. It returns
// one row per prompt with a quality column per model, and leaves out prompts without a grade.
// An empty or null cell means not graded. Models are in the order of Models, or sorted by name
// if that is empty.
//
// If Battles is set, it returns instead one row per prompt and pair of models that both have a
// grade there. The higher grade wins, equal grades tie; the weight is their difference, or 1
// for a tie.
//
// A bad row lacks a prompt or a model, has a grade that is not a number within the bounds, or
// repeats an id (wide) or a model of the same prompt (long). Bad rows are an error, or are
// skipped, as in [ImportBattles].
func ImportGrades(path string, opts GradeOptions) (*Table, Skipped, error) {
	var skipped Skipped
	rec, err := readWatched(path, opts.columns(), opts.Progress)
	if err == nil {
		err = opts.resolve(rec)
	}
	if err == nil {
		err = checkTurnable(opts.LowerIsBetter, opts.Min, opts.Max)
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
		err := fmt.Errorf("%q: no prompt has a grade", path)
		if opts.Battles {
			err = hint.With(fmt.Errorf("%q: no prompt has two or more grades", path), "a battle needs the grades of two models on the same prompt")
		}
		return nil, skipped, err
	}
	if err := t.finishImport(opts.Progress); err != nil {
		return nil, skipped, err
	}
	if opts.Battles {
		t = t.battlesFromGrades()
	}
	return t, skipped, nil
}

func (o GradeOptions) wide() bool { return o.Nested != "" || len(o.Models) > 0 }

// columns lists every column that an import may need.
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

// resolve fills in the columns that the options leave open and checks that the table has
// every column that it needs.
func (o *GradeOptions) resolve(rec *records) error {
	if o.Nested != "" {
		if o.Models = rec.nested(o.Nested); len(o.Models) == 0 {
			return fmt.Errorf("%q: column %q: found no JSON objects, expected one with a grade per model", rec.path, o.Nested)
		}
	}
	needed := []string{o.Prompt}
	if o.ID != "" {
		needed = append(needed, o.ID)
	}
	for i, m := range o.Models {
		if slices.ContainsFunc(o.Models[:i], func(n ModelColumn) bool { return n.Model == m.Model }) {
			return fmt.Errorf("model %q has two columns, expected one", m.Model)
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
	return hint.With(rec.require(append(needed, o.Model, o.Grade)...), "a table with one column per model needs --model or --models-in")
}

// wideGrades reads a table with one row per prompt.
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

// gradeAt returns the grade in row i, or NaN if the cell is empty.
func (o GradeOptions) gradeAt(rec *records, column string, i int) (float64, error) {
	cell := rec.cells[column][i]
	v, ok := parseNumber(cell)
	switch {
	case !ok || math.Abs(v) > largestGrade:
		return 0, badCell{i + 1, column, quote(cell), "a finite number, true, false, or an empty cell for not graded"}
	case !(Meta{Min: o.Min, Max: o.Max}).Within(v):
		return 0, badCell{i + 1, column, fmt.Sprint(v), fmt.Sprintf("a grade from %v to %v", o.Min, o.Max)}
	case o.LowerIsBetter:
		return turned(v, o.Min, o.Max), nil
	}
	return v, nil
}
