package datasets

import (
	"errors"
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// Skipped counts the rows and prompts that an import left out.
type Skipped struct {
	Rows      int           // number of bad rows
	First     []string      // descriptions of the first bad rows, at most 11: row, column, value found and value expected
	Kinds     []SkippedKind // kinds of rows with bad ones among them, those that lose the largest share first
	Undecided []SkippedKind // kinds of battles without a winner, which are left out without being bad, by text
	Ungraded  int           // number of prompts with too few grades
	found     kindCounts
	undecided kindCounts
}

// listedRows is the number of bad rows to describe: the one that the error names, and ten more.
const listedRows = 11

// add counts a bad row and the kinds that it belongs to; see kind. Bad rows in which one column
// has the same text are a kind of their own.
func (s *Skipped) add(err error, kinds ...string) {
	if s.Rows++; s.Rows <= listedRows {
		s.First = append(s.First, err.Error())
	}
	var c badCell
	if errors.As(err, &c) && c.found != `""` && c.found != "null" {
		s.found.add(kind(c.column, c.found), true)
	}
	for _, k := range kinds {
		s.found.add(k, true)
	}
}

// good counts a good row of the kinds.
func (s *Skipped) good(kinds ...string) {
	for _, k := range kinds {
		s.found.add(k, false)
	}
}

// undecide counts a battle without a winner. why says what stands for the winner.
func (s *Skipped) undecide(why string) { s.undecided.add(why, true) }

// err returns the error about the bad rows of a file with the given number of rows. If skip is
// set, bad rows are an error only if no row is good.
func (s *Skipped) err(path string, rows int, skip bool) error {
	s.count()
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
	return hint.With(errors.New(strings.Join(lines, "\n")), s.advice(rows))
}

// advice returns what to do about the bad rows. Where most rows are bad, a flag is the
// likelier cause, and leaving the rows out would leave little. Where most rows of a kind are bad,
// leaving them out would bias what is left.
func (s *Skipped) advice(rows int) string {
	switch lost := s.Lost(); {
	case s.Rows == rows:
		return "every row is bad: check that the flags name the right columns"
	case 2*s.Rows > rows:
		return "most rows are bad: check that the flags name the right columns"
	case len(lost) > 0:
		return "correct the bad rows: they are not a random part of the file, but " + lost[0].String()
	}
	return "correct the bad rows, or leave them out with --skip-bad"
}
