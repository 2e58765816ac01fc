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
	path string
	part int32        // number of the file
	at   [columns]int // index of each column among the wanted ones, -1 without it
	want []string     // columns to read, as the file spells them
}

// layoutOf finds the columns of a file. Snowflake and others write names in upper case.
func (r *reader) layoutOf(path string, have []string) (layout, error) {
	l := layout{path: path}
	for c, name := range names {
		i := slices.Index(have, name)
		if i < 0 {
			i = slices.IndexFunc(have, func(h string) bool { return strings.EqualFold(h, name) })
		}
		switch {
		case i >= 0:
			l.at[c] = len(l.want)
			l.want = append(l.want, have[i])
		case c >= colRows || isQuality(c) && r.options.ScoresOnly:
			l.at[c] = -1
		default:
			return l, r.lacks(path, name, have)
		}
	}
	return l, r.sameLayout(l)
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

// sameLayout returns an error unless a file has the same columns as those before it.
func (r *reader) sameLayout(l layout) error {
	if r.first == nil {
		r.first = &l
		return nil
	}
	for c, name := range names {
		if has, had := l.at[c] >= 0, r.first.at[c] >= 0; has != had {
			with, without := l.path, r.first.path
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
func (r *reader) file(ctx context.Context, path string) (f File, err error) {
	t, err := rows.Open(ctx, path, r.options.Options)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	l, err := r.layoutOf(path, t.Columns())
	if err != nil {
		return f, err
	}
	r.expected = 0
	if l.at[colRouter] < 0 && (l.at[colTask] >= 0 || l.at[colBucket] >= 0) {
		r.expected = t.About().Rows
	}
	l.part = r.parts
	r.parts++
	if err = t.Scan(ctx, l.want, func(x rows.Row) error { return r.row(&l, x) }); err != nil {
		return f, err
	}
	f = File{Path: path, Format: t.About().Format}
	if parts := t.About().Parts; len(parts) > 1 {
		f.Parts = parts
	}
	f.SHA256, err = t.Digest()
	return f, err
}
