package datasets

import (
	"errors"
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// Skipped is what an import found no use for.
type Skipped struct {
	Rows     int      // bad rows
	First    []string // the first of them: row, column, what was found and what was expected
	Ungraded int      // prompts with too few grades
}

// listedRows is how many bad rows are described: the one an error is about, and ten more.
const listedRows = 11

// add counts a bad row.
func (s *Skipped) add(err error) {
	if s.Rows++; s.Rows <= listedRows {
		s.First = append(s.First, err.Error())
	}
}

// err refuses a file of so many rows for its bad ones: for any of them, or, where they may be skipped, only if no row is good.
func (s *Skipped) err(path string, rows int, skip bool) error {
	if s.Rows == 0 || skip && s.Rows < rows {
		return nil
	}
	lines := []string{fmt.Sprintf("%q: %s", path, s.First[0])}
	for _, line := range s.First[1:] {
		lines = append(lines, "  "+line)
	}
	if s.Rows > 1 {
		lines = append(lines, fmt.Sprintf("  %d of %d rows are bad", s.Rows, rows))
	}
	advice := "--skip-bad leaves bad rows out"
	if s.Rows == rows {
		advice = "no row is good: do the flags name the right columns?"
	}
	return hint.With(errors.New(strings.Join(lines, "\n")), advice)
}

// rowIDs gives rows their ids, one by one, and remembers which row had which.
type rowIDs struct {
	column string
	cells  []string // nil: made up from row numbers
	rows   map[string]int
}

func newRowIDs(rec *records, column string) *rowIDs {
	if column == "" {
		column = colSampleID
	}
	return &rowIDs{column, rec.cells[column], map[string]int{}}
}

// at returns the id of row i, which is to be unique among the good rows.
func (ids *rowIDs) at(i int) (string, error) {
	if ids.cells == nil {
		return rowID(i), nil
	}
	id := ids.cells[i]
	if expected := wrongText(colSampleID, id); expected != "" {
		return "", wrongCell{i + 1, ids.column, shown(id), expected}
	}
	if first, again := ids.rows[id]; again {
		return "", wrongCell{i + 1, ids.column, fmt.Sprintf("%s as in row %d", shown(id), first+1), "a unique id"}
	}
	return id, nil
}

// use marks the id of a good row as taken.
func (ids *rowIDs) use(id string, i int) { ids.rows[id] = i }
