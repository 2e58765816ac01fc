package summaries

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// The columns of a summary, in the order in which they are read.
const (
	colBin = iota
	colMin
	colMax
	colN
	colStrong
	colWeak
	colGain2
	colRows
	colArea
	colRouter
	colTask
	colBucket
	columns // number of columns
)

var names = [columns]string{"bin", "score_min", "score_max", "n", "strong", "weak", "gain2", "rows", "area", "router", "task", "bucket"}

// isQuality reports whether a column is missing in histograms of scores.
func isQuality(c int) bool { return c == colStrong || c == colWeak || c == colGain2 }

// layout says which columns a file has.
type layout struct {
	path  string
	part  int32    // number of the file
	names []string // names of the columns
	at    []int    // index of each column among the wanted ones, -1 without it
	want  []string // columns to read, as the file spells them
}

// find finds the columns of a file, of which the optional ones may be missing. Snowflake and others
// write names in upper case. missing is the index of a column that the file lacks, -1 if it has all.
func find(path string, names, have []string, optional func(column int) bool) (l layout, missing int) {
	l = layout{path: path, names: names}
	for c, name := range names {
		i := slices.Index(have, name)
		if i < 0 {
			i = slices.IndexFunc(have, func(h string) bool { return strings.EqualFold(h, name) })
		}
		switch {
		case i >= 0:
			l.at = append(l.at, len(l.want))
			l.want = append(l.want, have[i])
		case optional(c):
			l.at = append(l.at, -1)
		default:
			return l, c
		}
	}
	return l, -1
}

// layoutOf finds the columns of a file.
func (r *reader) layoutOf(path string, have []string) (layout, error) {
	if isMoves(have) {
		return layout{}, hint.With(fmt.Errorf("%q is a summary of a router among several models: expected one of two models, with the columns %s", path, strings.Join(names[:colRows], ", ")),
			"routellm eval --summary FILE reads it, from a file and without --refined", "routellm sql summary sums up two models")
	}
	l, missing := find(path, names[:], have, func(c int) bool { return c >= colRows || isQuality(c) && r.options.ScoresOnly })
	if missing >= 0 {
		return l, r.lacks(path, names[missing], have)
	}
	if r.first == nil {
		r.first = &l
		return l, nil
	}
	return l, l.same(r.first)
}

// lacks returns the error about a file without a column that every summary has.
func (r *reader) lacks(path, name string, have []string) error {
	err := fmt.Errorf("%q: column %q: missing, expected a summary with the columns %s", path, name, strings.Join(names[:colRows], ", "))
	hints := []string{"columns in the file: " + text.Quoted(have, 20), "routellm sql summary prints the query that makes one"}
	for _, h := range have {
		if strings.HasPrefix(h, "quality:") || h == "score" || h == "sample_id" {
			hints = append(hints, "this looks like a table of samples, which goes to --bench or --router scores:FILE")
			break
		}
	}
	return hint.With(err, hints...)
}

// same returns an error unless a file has the same columns as the first one.
func (l *layout) same(first *layout) error {
	for c, name := range l.names {
		if has, had := l.at[c] >= 0, first.at[c] >= 0; has != had {
			with, without := l.path, first.path
			if had {
				with, without = without, with
			}
			return hint.With(fmt.Errorf("%q has a column %q and %q has none: expected parts of one summary with the same columns", with, name, without),
				"make all parts by the same query")
		}
	}
	return nil
}

// file reads a file.
func (r *reader) file(ctx context.Context, path string) (File, error) {
	return readFile(ctx, path, r.options.Options, func(t *rows.Table) (layout, error) {
		l, err := r.layoutOf(path, t.Columns())
		if err != nil {
			return l, err
		}
		r.expected = 0
		if l.at[colRouter] < 0 && (l.at[colTask] >= 0 || l.at[colBucket] >= 0) {
			r.expected = t.About().Rows
		}
		l.part = r.parts
		r.parts++
		return l, nil
	}, r.row)
}

// readFile opens a file, finds its columns and visits its rows.
func readFile(ctx context.Context, path string, o rows.Options, layoutOf func(*rows.Table) (layout, error), visit func(*layout, rows.Row) error) (f File, err error) {
	t, err := rows.Open(ctx, path, o)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	l, err := layoutOf(t)
	if err != nil {
		return f, err
	}
	if err = t.Scan(ctx, l.want, func(x rows.Row) error { return visit(&l, x) }); err != nil {
		return f, err
	}
	f = File{Path: path, Format: t.About().Format}
	if parts := t.About().Parts; len(parts) > 1 {
		f.Parts = parts
	}
	f.SHA256, err = t.Digest()
	return f, err
}
