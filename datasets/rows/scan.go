package rows

import (
	"context"
	"fmt"
	"os"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// watchRows is the number of rows between two looks at the context.
const watchRows = 1024

func (t *parts) scan(ctx context.Context, want []string, visit func(Row) error) error {
	if err := t.lacking(want, nil); err != nil {
		return err
	}
	found := make([]bool, len(want))
	w := &watched{ctx: ctx, progress: t.options.Progress}
	for _, f := range t.files {
		w.total += f.size
	}
	for i, p := range t.parts {
		w.part, w.size = p, t.files[i].size
		seen, err := t.scanPart(ctx, i, want, w, visit)
		if err != nil {
			return err
		}
		for k := range seen {
			found[k] = found[k] || seen[k]
		}
		w.before += w.size
	}
	if w.rows == 0 {
		return fmt.Errorf("%q: no rows, expected at least one", t.path)
	}
	return t.lacking(want, found)
}

// scanPart scans the rows of one file, with the columns of its folders' names.
func (t *parts) scanPart(ctx context.Context, i int, want []string, w *watched, visit func(Row) error) ([]bool, error) {
	f := t.files[i]
	row := Row{File: f.name}
	constants := f.constants(want, t.parts[i].columns())
	found, err := t.parts[i].scan(ctx, want, func(cells []Cell) error {
		row.Number++
		if err := w.tick(); err != nil {
			return err
		}
		for k, c := range constants {
			cells[k] = c
		}
		row.Cells = cells
		return visit(row)
	})
	for k := range constants {
		if k < len(found) {
			found[k] = true
		}
	}
	if err == nil {
		err = f.release()
	}
	return found, err
}

// lacking returns an error if a wanted column is in no part. found says which were found by a
// scan; before one it is nil, and only columns that cannot be found are an error.
func (t *parts) lacking(want []string, found []bool) error {
	for k, w := range want {
		has := found != nil && found[k]
		for i, p := range t.parts {
			has = has || found == nil && (mayHave(p, w) || t.files[i].hasHive(w))
		}
		if has {
			continue
		}
		err := hint.With(fmt.Errorf("%q: column %q: missing", t.path, w), "columns in the file: "+text.Quoted(t.names, 20))
		if _, stat := os.Stat(w); stat == nil {
			err = hint.With(err, fmt.Sprintf("%q is a file: expected the name of a column", w))
		}
		return hint.DidYouMean(err, w, t.names)
	}
	return nil
}

// mayHave reports whether a part may have a wanted column or path. Only JSON has columns that
// its beginning does not show.
func mayHave(p part, want string) bool {
	switch p := p.(type) {
	case columnParts:
		_, _, ok := columnOf(p.columns(), want)
		return ok
	case *parquetTable:
		return p.mayHave(want)
	}
	return true
}

// watched looks at the context and tells the progress once in a while.
type watched struct {
	ctx                 context.Context
	progress            func(done, total int) error
	part                part
	size, before, total int64 // bytes of the part, of those before it, and of all
	rows                int
}

func (w *watched) tick() error {
	w.rows++
	if w.rows%watchRows != 0 {
		return nil
	}
	if err := w.ctx.Err(); err != nil || w.progress == nil || w.total == 0 {
		return err
	}
	at := float64(w.before) + w.part.done()*float64(w.size)
	return w.progress(min(100, int(100*at/float64(w.total))), 100)
}
