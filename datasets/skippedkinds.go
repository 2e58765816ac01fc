package datasets

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/text"
)

// SkippedKind says how many rows of a kind are left out.
type SkippedKind struct {
	Kind string // such as `winner "tie"` or `model "small"`
	Rows int    // number of rows that are left out
	Of   int    // number of rows of the kind
}

// String returns the counts in words: 3 of 6 rows with winner "tie".
func (k SkippedKind) String() string {
	return fmt.Sprintf("%s of %s with %s", text.Thousands(k.Rows), text.Plural(k.Of, "row"), k.Kind)
}

// Lost lists the kinds of which most rows, and more than one, are left out.
func (s *Skipped) Lost() []SkippedKind {
	s.count()
	return slices.DeleteFunc(slices.Clone(s.Kinds), func(k SkippedKind) bool { return k.Rows < 2 || 2*k.Rows <= k.Of })
}

// notedRows is the number of bad rows, and of kinds, that notes show.
const notedRows = 3

// Notes says in lines for people what was left out of a file; none if that is nothing.
func (s *Skipped) Notes(path string) []string {
	var out []string
	if s.Rows > 0 {
		out = append(out, fmt.Sprintf("%s: left out %s", path, text.Plural(s.Rows, "bad row")))
	}
	for _, line := range s.First[:min(notedRows, len(s.First))] {
		out = append(out, "  "+line)
	}
	if s.Rows > notedRows {
		out = append(out, fmt.Sprintf("  and %s more", text.Thousands(s.Rows-notedRows)))
	}
	lost := s.Lost() // also fills s.Undecided
	for _, k := range lost[:min(notedRows, len(lost))] {
		out = append(out, fmt.Sprintf("%s: warning: left out %s: the other rows are not a random part of the file", path, k))
	}
	if len(s.Undecided) > 0 {
		total, kinds := 0, make([]string, len(s.Undecided))
		for i, k := range s.Undecided {
			total, kinds[i] = total+k.Rows, text.Thousands(k.Rows)+" "+k.Kind
		}
		out = append(out, fmt.Sprintf("%s: left out %s without a winner: %s", path, text.Plural(total, "battle"), strings.Join(kinds, ", ")))
	}
	if s.Ungraded > 0 {
		out = append(out, fmt.Sprintf("%s: left out %s with too few grades", path, text.Plural(s.Ungraded, "prompt")))
	}
	return out
}

// kind returns the name of a kind of rows: those with a value in a column. The value is quoted.
func kind(column, value string) string { return column + " " + value }

// count fills the lists of kinds from the rows counted so far.
func (s *Skipped) count() {
	if s.found == nil && s.undecided == nil {
		return
	}
	s.Kinds = slices.DeleteFunc(s.found.list(), func(k SkippedKind) bool { return k.Rows == 0 || k.Rows == 1 && k.Of == 1 })
	slices.SortStableFunc(s.Kinds, func(a, b SkippedKind) int {
		return cmp.Or(cmp.Compare(float64(b.Rows)/float64(b.Of), float64(a.Rows)/float64(a.Of)), b.Rows-a.Rows)
	})
	s.Undecided = s.undecided.list()
}

// kindCounts counts rows by kind, for as many kinds as can be categories.
type kindCounts map[string]SkippedKind

// mostKinds bounds the number of kinds that are counted.
const mostKinds = 1000

func (k *kindCounts) add(name string, bad bool) {
	if bad {
		k.plus(SkippedKind{name, 1, 1})
	} else {
		k.plus(SkippedKind{name, 0, 1})
	}
}

func (k *kindCounts) plus(more SkippedKind) {
	if *k == nil {
		*k = kindCounts{}
	}
	c, known := (*k)[more.Kind]
	if known || len(*k) < mostKinds {
		(*k)[more.Kind] = SkippedKind{more.Kind, c.Rows + more.Rows, c.Of + more.Of}
	}
}

// list returns the counts in the order of their names.
func (k kindCounts) list() []SkippedKind {
	var out []SkippedKind
	for _, name := range slices.Sorted(maps.Keys(k)) {
		out = append(out, k[name])
	}
	return out
}
