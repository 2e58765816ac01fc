package answers

import (
	"context"
	"errors"
	"fmt"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// Read reads a file of answers into memory, or any table with columns answer:MODEL or
// MODEL_response. An error names file, row and column.
func Read(ctx context.Context, path string) (*File, error) {
	s, err := Open(ctx, path, datasets.Mapping{})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.ReadAll(ctx)
}

// Source is an open file of answers. Get one from [Open], and close it after use.
type Source struct {
	path    string
	table   *rows.Table
	head    File // the columns, without rows
	columns []sourceColumn
	own     bool            // whether this program wrote the file
	csv     bool            // whether an empty cell stands for null
	mode    prompttext.Mode // says which text of a conversation is the prompt
	reading datasets.PromptColumns

	asked    bool     // whether the prompts are to be asked, so that conversations are kept
	messages string   // column of conversations; "" for none
	drop     []string // columns to leave out
	left     []string // columns that cannot be read
	cut      int      // number of conversations whose end was left out
}

// sourceColumn is a column to read, and what appends a cell of it to a file.
type sourceColumn struct {
	name string
	add  func(f *File, r rows.Row, c rows.Cell) error
}

// Open opens a file of answers, or any table with columns answer:MODEL or MODEL_response. m says
// what the other columns of such a table mean; the zero value finds them by their usual names.
func Open(ctx context.Context, path string, m datasets.Mapping) (*Source, error) {
	table, err := rows.Open(ctx, path, m.Rows)
	if err != nil {
		return nil, err
	}
	s := &Source{path: path, table: table, mode: m.Text, csv: table.About().Format == "CSV"}
	err = s.find(ctx, m)
	if err == nil && len(s.head.Models) == 0 {
		err = s.noAnswers()
	}
	if err != nil {
		return nil, errors.Join(err, table.Close())
	}
	return s, nil
}

func (s *Source) noAnswers() error {
	return hint.With(fmt.Errorf("%q: found no answers, expected a column answer:MODEL for each model", s.path),
		"routellm answer asks models for answers", "columns in the file: "+text.Quoted(s.table.Columns(), 20))
}

// Head returns a file with the source's columns and without rows.
func (s *Source) Head() *File { return s.head.empty() }

// Reading says what was taken for the ids, prompts, tasks, clusters and weights.
func (s *Source) Reading() datasets.PromptColumns { return s.reading }

// Notes says what is left out. After [Source.ReadAll] it also counts what was left out of rows.
func (s *Source) Notes() []string {
	var out []string
	if s.cut > 0 {
		out = append(out, fmt.Sprintf("left out what follows the last message of the user in %s", text.Plural(s.cut, "conversation")))
	}
	if len(s.left) > 0 {
		out = append(out, "left out what cannot be read as text: "+text.Quoted(s.left, 5))
	}
	return out
}

// Close releases the file.
func (s *Source) Close() error { return s.table.Close() }

// ReadAll reads all rows.
func (s *Source) ReadAll(ctx context.Context) (*File, error) {
	all := s.head.empty()
	err := s.scan(ctx, func(r rows.Row) error { return s.add(all, r) })
	if err != nil {
		return nil, err
	}
	s.pad(all)
	return all, datasets.CheckUnique(s.path, s.idName(), all.SampleID)
}

// Scan calls yield with files of at most batch rows, in order. It keeps one of them in memory, and
// does not find repeated ids, which a [Writer] finds. yield may keep the file. If it returns an
// error, Scan stops and returns it.
func (s *Source) Scan(ctx context.Context, batch int, yield func(*File) error) error {
	f := s.head.empty()
	err := s.scan(ctx, func(r rows.Row) error {
		if err := s.add(f, r); err != nil || f.Rows() < batch {
			return err
		}
		full := f
		s.pad(full)
		f = s.head.empty()
		return yield(full)
	})
	if err == nil && f.Rows() > 0 {
		s.pad(f)
		err = yield(f)
	}
	return err
}

func (s *Source) scan(ctx context.Context, visit func(rows.Row) error) error {
	want := make([]string, len(s.columns))
	for i, c := range s.columns {
		want[i] = c.name
	}
	return s.table.Scan(ctx, want, visit)
}

// add appends a row to a file.
func (s *Source) add(f *File, r rows.Row) error {
	if s.reading.ID == "" {
		f.SampleID = append(f.SampleID, rowID(r, len(s.table.About().Parts) > 1))
	}
	for i, c := range s.columns {
		if err := c.add(f, r, r.Cells[i]); err != nil {
			return err
		}
	}
	if s.head.Cluster != nil && f.Cluster[len(f.Cluster)-1] == "" {
		f.Cluster[len(f.Cluster)-1] = f.SampleID[len(f.SampleID)-1]
	}
	return nil
}

func (s *Source) idName() string {
	if s.reading.ID == "" {
		return colID
	}
	return s.reading.ID
}

// empty returns a file with the same columns and without rows.
func (f *File) empty() *File {
	out := *f
	out.Passed, out.Numbers, out.Models, out.Labels = nil, nil, nil, nil
	for _, c := range f.Passed {
		out.Passed = append(out.Passed, TextColumn{c.Name, []*string{}})
	}
	for _, c := range f.Numbers {
		out.Numbers = append(out.Numbers, datasets.Column{Name: c.Name, Values: []float64{}})
	}
	out.Models = append(out.Models, f.Models...) // whose slices are empty
	for _, l := range f.Labels {
		values := make([][]float64, len(l.Values))
		for i := range values {
			values[i] = []float64{}
		}
		out.Labels = append(out.Labels, Labels{l.Name, values})
	}
	return &out
}
