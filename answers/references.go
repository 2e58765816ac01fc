package answers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets"
	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// References is a column of correct answers in another file than the answers. Get it from
// [OpenReferences].
type References struct {
	Column string // Column is the name that it has in a file of answers

	path, key string // the file, and the column that its rows are found by
	byPrompt  bool
	cells     map[string]*string
	found     int
}

// OpenReferences reads the column that gold names as FILE#COLUMN, in a table in any format. It
// returns nil if head, the columns of a file of answers, has a column gold itself, or gold names no
// file. Rows belong together by id, where a repeat ID#1 has the reference of ID or, in a table
// without ids, by prompt.
func OpenReferences(ctx context.Context, gold string, head *File, m datasets.Mapping) (*References, error) {
	path, column, ok := cutLast(gold, "#")
	if !ok || path == "" || column == "" || head.PassedColumn(gold) != nil {
		return nil, nil
	}
	table, err := rows.Open(ctx, path, m.Rows)
	if err != nil {
		return nil, err
	}
	defer table.Close()
	r := &References{Column: column, path: path, cells: map[string]*string{}}
	if err := r.findKey(ctx, table, head, m); err != nil {
		return nil, err
	}
	return r, table.Scan(ctx, []string{r.key, column}, r.add)
}

// cutLast cuts s around the last sep.
func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// findKey finds the column that rows are found by, and checks the names of columns.
func (r *References) findKey(ctx context.Context, t *rows.Table, head *File, m datasets.Mapping) error {
	if columns := t.Columns(); !slices.Contains(columns, r.Column) {
		err := hint.DidYouMean(fmt.Errorf("%q: no column %q of correct answers", r.path, r.Column), r.Column, columns)
		return hint.With(err, "columns in the file: "+text.Quoted(columns, 20))
	}
	if slices.ContainsFunc(head.columns(), func(c datasets.AnyColumn) bool { return c.Name == r.Column }) {
		return hint.With(fmt.Errorf("%q: has a column %q already, and %q has another", head.Name, r.Column, r.path), "rename one of them, or use --gold "+r.Column)
	}
	for _, name := range []string{m.ID, colID, "id"} { // also if it repeats
		if r.key == "" && slices.Contains(t.Columns(), name) {
			r.key = name
		}
	}
	if r.key == "" {
		found, err := datasets.FindPrompts(ctx, r.path, t, datasets.Mapping{Rows: m.Rows, Text: m.Text})
		if err != nil {
			return err
		}
		if r.key = found.ID; r.key == "" {
			r.key, r.byPrompt = found.Prompt, true
		}
	}
	if r.key == "" || r.byPrompt && head.Prompt == nil {
		return hint.With(fmt.Errorf("%q: found neither ids nor prompts, by which its rows belong to those of %q", r.path, head.Name),
			"name the column of ids: --id COLUMN", "columns in the file: "+text.Quoted(t.Columns(), 20))
	}
	return nil
}

// add keeps the reference of a row.
func (r *References) add(row rows.Row) error {
	key, cell := row.Cells[0].Text, (*string)(nil)
	if c := row.Cells[1]; c.Kind != rows.Missing && c.Text != "" {
		cell = &c.Text
	}
	old, again := r.cells[key]
	if again && (old == nil) != (cell == nil) || old != nil && cell != nil && *old != *cell {
		return fmt.Errorf("%q, row %d: %.60q has another reference in a row before", r.path, row.Number, key)
	}
	r.cells[key] = cell
	return nil
}

// AddTo adds the column to a file of answers, or to some of its rows.
func (r *References) AddTo(f *File) {
	values := make([]*string, f.Rows())
	for i := range values {
		cell, ok := r.of(f, i)
		if ok {
			r.found++
		}
		values[i] = cell
	}
	f.Passed = append(f.Passed, TextColumn{Name: r.Column, Values: values})
}

// of returns the reference of a row, and whether the other file has its row.
func (r *References) of(f *File, i int) (*string, bool) {
	if r.byPrompt {
		cell, ok := r.cells[f.Prompt[i]]
		return cell, ok
	}
	id := f.SampleID[i]
	cell, ok := r.cells[id]
	if before, _, repeat := cutLast(id, "#"); !ok && repeat {
		cell, ok = r.cells[before]
	}
	return cell, ok
}

// Check returns an error if no row of the files of AddTo was found.
func (r *References) Check() error {
	if r.found > 0 {
		return nil
	}
	return hint.With(fmt.Errorf("%q: no row belongs to one of the answers: the values of its column %q are others", r.path, r.key),
		"rows belong together by id or, in a file without ids, by prompt", "--id COLUMN names another column of ids")
}
