package harness

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/routellm/routellm/datasets/rows"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/internal/values"
	"github.com/routellm/routellm/results"
)

// loggedRow is one request of a log.
type loggedRow struct {
	id, prompt, conversation, router string
	reason                           results.Reason
	score, propensity, quality, cost float64 // NaN if not known
	strong, fallback                 bool
	time                             float64 // seconds since 1970; NaN if not known
	threshold                        results.Threshold
}

// loggedTable is a log that was read.
type loggedTable struct {
	rows   []loggedRow
	input  results.Input
	thumbs bool // qualities are those of thumbs
}

// logReader reads the rows of a log.
type logReader struct {
	o      LoggedOptions
	path   string
	at     map[string]int // index of the cell, by meaning
	thumbs []float64      // one per row
	out    loggedTable
}

// readLog reads a table of logged decisions in any format.
func readLog(ctx context.Context, path string, o LoggedOptions) (*loggedTable, error) {
	read := o.Rows
	read.Progress = newOpener(Reading{}, o.Feedback).watch(ctx, "reading")
	t, err := rows.Open(ctx, path, read)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	r := logReader{o: o, path: path, at: map[string]int{}}
	want, err := r.choose(t.Columns())
	if err != nil {
		return nil, err
	}
	if err := t.Scan(ctx, want, r.add); err != nil {
		return nil, err
	}
	r.useThumbs()
	r.out.input = results.Input{Path: path, Format: t.About().Format, Columns: o.Columns}
	r.out.input.SHA256, err = t.Digest()
	return &r.out, err
}

// add reads a row.
func (r *logReader) add(row rows.Row) error {
	x := loggedRow{
		id: cmp.Or(r.text(row, "sample_id"), fmt.Sprint("row ", len(r.out.rows)+1)), prompt: r.text(row, "prompt_sha256"), conversation: r.text(row, "conversation"),
		reason: results.Reason(r.text(row, "reason")), router: r.text(row, "router"),
	}
	var err error
	for _, c := range []struct {
		meaning string
		to      *float64
	}{{"score", &x.score}, {"propensity", &x.propensity}, {"quality", &x.quality}, {"cost_usd", &x.cost}} {
		if *c.to, err = r.number(row, c.meaning); err != nil {
			return err
		}
	}
	if x.time, err = r.time(row); err != nil {
		return err
	}
	if !(x.propensity > 0 && x.propensity <= 1) {
		return r.bad(row, "propensity", "a number above 0 and at most 1")
	}
	if x.strong, err = r.side(row, "decision"); err != nil {
		return err
	}
	if r.text(row, "answered") != "" {
		answered, err := r.side(row, "answered")
		if err != nil {
			return err
		}
		x.fallback = answered != x.strong
	}
	if x.threshold, err = r.threshold(row); err != nil {
		return err
	}
	if err := r.thumb(row); err != nil {
		return err
	}
	r.out.rows = append(r.out.rows, x)
	return nil
}

// text returns a cell's text, "" if the file lacks the column.
func (r *logReader) text(row rows.Row, meaning string) string {
	if i, ok := r.at[meaning]; ok && row.Cells[i].Kind != rows.Missing {
		return strings.TrimSpace(row.Cells[i].Text)
	}
	return ""
}

// number returns a cell's number, NaN if there is none.
func (r *logReader) number(row rows.Row, meaning string) (float64, error) {
	v, ok := values.Parser{}.Number(r.text(row, meaning))
	if !ok || math.IsInf(v, 0) {
		return 0, r.bad(row, meaning, "a finite number, or nothing")
	}
	return v, nil
}

// time returns when a request came, NaN if the file does not say.
func (r *logReader) time(row rows.Row) (float64, error) {
	if t, err := time.Parse(time.RFC3339Nano, r.text(row, "time")); err == nil {
		return float64(t.UnixMicro()) / 1e6, nil
	}
	v, err := r.number(row, "time")
	if err != nil {
		err = r.bad(row, "time", "seconds since 1970 or a time such as 2026-01-02T03:04:05Z")
	}
	return v, err
}

// side reports whether a cell names the strong side, or the strong model of the pair.
func (r *logReader) side(row rows.Row, meaning string) (strong bool, err error) {
	switch r.text(row, meaning) {
	case string(results.Strong), r.o.Pair.Strong:
		return true, nil
	case string(results.Weak), r.o.Pair.Weak:
		return false, nil
	}
	if r.o.Pair != (results.Pair{}) {
		return false, r.bad(row, meaning, fmt.Sprintf("%q or %q", r.o.Pair.Strong, r.o.Pair.Weak))
	}
	return false, hint.With(r.bad(row, meaning, `"strong" or "weak"`), "--pair STRONG,WEAK says which models these are")
}

// threshold returns the threshold that was in force.
func (r *logReader) threshold(row rows.Row) (results.Threshold, error) {
	v, err := r.number(row, "threshold")
	t := results.Threshold{Score: results.Value(v)}
	if always := results.Side(r.text(row, "always")); always == results.Strong || always == results.Weak {
		t.Always = always
	}
	return t, err
}

// thumb keeps the quality that a row's thumb stands for.
func (r *logReader) thumb(row rows.Row) error {
	q := math.NaN()
	switch r.text(row, "thumb") {
	case "":
	case "up":
		q = 1
	case "down":
		q = 0
	default:
		return r.bad(row, "thumb", `"up", "down" or nothing`)
	}
	r.thumbs = append(r.thumbs, q)
	return nil
}

// useThumbs takes thumbs for qualities if no row has a quality.
func (r *logReader) useThumbs() {
	has := func(x float64) bool { return num.Finite(x) }
	if slices.ContainsFunc(r.out.rows, func(x loggedRow) bool { return has(x.quality) }) || !slices.ContainsFunc(r.thumbs, has) {
		return
	}
	r.out.thumbs = true
	for i := range r.out.rows {
		r.out.rows[i].quality = r.thumbs[i]
	}
}

// bad returns the error about a cell.
func (r *logReader) bad(row rows.Row, meaning, expected string) error {
	found := "nothing"
	if t := r.text(row, meaning); t != "" {
		found = fmt.Sprintf("%q", t)
	}
	name := meaning
	if other, ok := r.o.Columns[meaning]; ok {
		name = other
	}
	return fmt.Errorf("%q: row %d, column %q: found %s, expected %s", row.File, row.Number, name, found, expected)
}
