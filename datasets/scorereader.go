package datasets

import (
	"fmt"
	"slices"

	"github.com/routellm/routellm/internal/hint"
)

// scoreReader collects the rows of a file of scores or decisions. It keeps the cells of decisions as text,
// and scores as numbers.
type scoreReader struct {
	key    string // name of the column of ids; "" stands for sample_id, or else prompt_sha256
	column string // name of the column of scores or decisions
	out    Scores
	wrong  firstThree // scores that are no finite numbers
}

// columns returns the columns to read, the ids before the scores.
func (r *scoreReader) columns() []string {
	out := keyedColumns(r.column)
	if r.key == "" || slices.Contains(out[:2], r.key) {
		return out
	}
	return append([]string{r.key}, out...)
}

// take returns the functions that get the cells, as a [taker] does.
func (r *scoreReader) take(rec *records, column string) func(cell string) {
	if r.out.ids == nil {
		r.start(rec)
	}
	switch {
	case column == r.out.Key:
		return func(cell string) { r.out.addID(cell) }
	case column == r.column && column != colDecision:
		return r.addScore
	}
	return nil
}

// start finds the column of ids.
func (r *scoreReader) start(rec *records) {
	r.out.Keyed = newKeyed(rec)
	if r.key != "" {
		r.out.Key = r.key
	}
}

func (r *scoreReader) addScore(cell string) {
	v, ok := parseScore(cell)
	if !ok {
		r.wrong.add(r.out.cell(len(r.out.Values), cell))
	}
	r.out.Values = append(r.out.Values, v)
}

// finish returns the scores, or what is wrong with them. err is the error of reading them. Decisions are not
// parsed yet.
func (r *scoreReader) finish(rec *records, err error) (*Scores, error) {
	if err != nil {
		return nil, err
	}
	s := &r.out
	if s.ids == nil {
		r.start(rec)
	}
	s.Meta = rec.meta
	if err := rec.require(s.Key, r.column); err != nil {
		if r.key == "" {
			err = hint.With(err, fmt.Sprintf("expected a column %q or %q, and a column %q", colSampleID, colSHA256, r.column))
		}
		return nil, hintColumn(err, r.column)
	}
	if err := s.checkIDs(); err != nil {
		return nil, err
	}
	if err := s.wrongCells(r.column, "a finite number", r.wrong); err != nil {
		return nil, adviseCells(err, r.column)
	}
	return s, s.addExtras(rec)
}

// adviseCells adds a hint to the error about cells of a column.
func adviseCells(err error, column string) error {
	return hint.With(err, fmt.Sprintf("give these samples a %s, or remove their rows", column))
}
