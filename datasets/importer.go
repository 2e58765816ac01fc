package datasets

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/values"
)

// batchRows is the number of samples that Import hands to its sink at a time.
const batchRows = 4096

// Import reads a person's table of outcomes in any format, and hands it to sink in batches of
// rows: tables with the same columns, without embeddings. An error, which names file, row and
// column, may come after some batches; sink's result must then be dropped.
//
// A table with one row per prompt is read in memory that does not grow, but for some 60 bytes per
// row; of a table with one row per prompt and model, the ids and numbers of all rows are held.
func Import(ctx context.Context, path string, m Mapping, sink func(*Table) error) (Reading, error) {
	return ImportFiles(ctx, []string{path}, m, sink)
}

// ImportFiles does what [Import] does for several files. They are parts of one table if they have
// the same columns. Otherwise their rows are joined by id or, without ids, by prompt, as files
// with one model each are.
func ImportFiles(ctx context.Context, paths []string, m Mapping, sink func(*Table) error) (Reading, error) {
	in := &importer{Mapping: m, grades: map[string]*gradeCount{}}
	defer in.close()
	err := in.open(ctx, paths)
	if err == nil {
		err = in.read(ctx, sink)
	}
	return in.reading, err
}

// importer reads the files of one import.
type importer struct {
	Mapping
	files   []importFile
	grades  map[string]*gradeCount // counts of the qualities of each model
	places  places                 // where each row is
	skipped Skipped
	first   error // about the first bad row
	rows    int   // rows that were read so far
	reading Reading
}

// next counts a row.
func (in *importer) next(r rows.Row) {
	in.rows++
	in.places.add(r.File, r.Number)
}

// bad counts a bad row.
func (in *importer) bad(r rows.Row, err error) {
	if in.first == nil {
		in.first = err
	}
	if len(in.reading.About.Parts) > 1 {
		err = fileError(r.File, err)
	}
	in.skipped.add(err)
}

// stopped reports whether rows are only read to find all bad ones.
func (in *importer) stopped() bool { return in.first != nil && !in.SkipBad }

// importFile is one of several files.
type importFile struct {
	path  string
	table *rows.Table
	layout
	parser values.Parser
	grades map[string]*values.Column // what the columns of quality hold
	known  map[string]*values.Column // the same from an earlier pass, if bad rows are left out
}

func (in *importer) close() {
	for _, f := range in.files {
		_ = f.table.Close() // it was only read
	}
}

// open opens all files and finds out what their columns mean.
func (in *importer) open(ctx context.Context, paths []string) error {
	if in.Min == 0 && in.Max == 0 {
		in.Min, in.Max = math.NaN(), math.NaN()
	}
	if err := checkTurnable(in.LowerIsBetter, in.Min, in.Max); err != nil {
		return err
	}
	for i, path := range paths {
		table, err := rows.Open(ctx, path, in.Rows)
		if err != nil {
			return err
		}
		f := importFile{path: path, table: table, grades: map[string]*values.Column{}}
		f.parser = values.Parser{Null: in.Null, Words: in.Words, Decimal: table.About().Decimal}
		in.files = append(in.files, f)
		s, err := takeSample(ctx, table, f.parser)
		if err != nil {
			return err
		}
		if in.files[len(in.files)-1].layout, err = resolve(path, table, in.ofFile(i), s); err != nil {
			return err
		}
	}
	in.reading = in.describe(paths)
	return in.learn(ctx)
}

// ofFile returns the mapping of one of the files.
func (in *importer) ofFile(i int) Mapping {
	m := in.Mapping
	if m.FileModels != nil {
		m.FileModels = m.FileModels[i : i+1]
	}
	return m
}

func (in *importer) read(ctx context.Context, sink func(*Table) error) error {
	finish := func(t *Table) error {
		in.addConstants(t)
		t.Meta = in.meta()
		return sink(t)
	}
	if in.streams() {
		return in.readWide(ctx, finish)
	}
	return in.collect(ctx, finish)
}

// streams reports whether every row of every file is a sample of its own.
func (in *importer) streams() bool {
	for _, f := range in.files {
		if f.long || f.nested != "" || !slices.Equal(f.models, in.files[0].models) || (f.id == "") != (in.files[0].id == "") || (f.prompt == "") != (in.files[0].prompt == "") {
			return false
		}
	}
	return in.Repeat != RepeatMean
}

func (in *importer) meta() Meta {
	meta := NewMeta()
	meta.Name, meta.Title, meta.Unit, meta.Min, meta.Max = in.Name, in.Name, in.Unit, in.Min, in.Max
	meta.Strong, meta.Weak, meta.Source, meta.Licence = in.Strong, in.Weak, in.Source, in.Licence
	meta.Measured = in.Measured
	return meta
}

// addConstants adds the models that have the same quality on every prompt.
func (in *importer) addConstants(t *Table) {
	for _, c := range in.Constants {
		values := make([]float64, t.Rows())
		for i := range values {
			values[i] = c.Value
			if in.LowerIsBetter {
				values[i] = turned(c.Value, in.Min, in.Max)
			}
		}
		t.Quality = append(t.Quality, Column{c.Model, values})
	}
}

// finish checks what only shows after all rows, and completes the reading.
func (in *importer) finish(coverage []Coverage) error {
	in.reading.Skipped = in.skipped
	in.reading.Coverage = coverage
	if err := in.skipped.err(in.reading.Path, in.rows, in.SkipBad); err != nil {
		return hint.With(err, hint.Of(in.first)...)
	}
	if in.rows == 0 {
		return hint.With(fmt.Errorf("%q: no rows, expected at least one", in.reading.Path), "check the filter or export that wrote the file")
	}
	return in.checkGrades()
}
