package values

import (
	"fmt"
	"strings"
)

// Column reads the cells of one column of qualities. Add takes each cell as it comes; after the
// last one, [Column.Odd] names the cells that do not belong with the others: words in a column of
// numbers, numbers in a column of words, per cent signs in some cells only, and letters that
// could mean something else. "true" and "false" belong with every kind, and so do the words in
// Parser.Words.
//
// To leave out odd cells while reading, read the column twice: the second time, [Column.Fits]
// says of each cell's kind whether it is odd.
type Column struct {
	Parser Parser

	Measured int // number of cells with a value
	Missing  int // number of cells that are not measured, without the infinite ones
	Infinite int // number of cells with an infinite number

	count  [groups]int
	first  [groups][]Cell
	seen   [128]bool // letters
	others bool      // whether a single letter was seen that stands for no quality
}

// Cell is a cell of a column.
type Cell struct {
	Row  int // counted from 1
	Text string
}

// Listed is the largest number of odd cells to keep: the one that an error names, and ten more.
const Listed = 11

// The groups of kinds that belong together.
const (
	numbers = iota
	percents
	ofWords
	ofLetters
	groups
)

func groupOf(kind Kind) (group int, ok bool) {
	switch kind {
	case Number:
		return numbers, true
	case Percent:
		return percents, true
	case Word:
		return ofWords, true
	case Letter:
		return ofLetters, true
	}
	return 0, false
}

// Add reads a cell. row is counted from 1.
func (c *Column) Add(text string, row int) (v float64, kind Kind) {
	v, kind = c.Parser.Read(text)
	switch kind {
	case Missing:
		c.Missing++
	case Infinite:
		c.Infinite++
	case Bad:
		text = strings.TrimSpace(text)
		c.others = c.others || len(text) == 1 && 'a' <= text[0]|0x20 && text[0]|0x20 <= 'z'
	default:
		c.Measured++
	}
	if kind == Letter {
		c.seen[strings.ToLower(strings.TrimSpace(text))[0]] = true
	}
	if g, ok := groupOf(kind); ok {
		if c.count[g]++; len(c.first[g]) < Listed {
			c.first[g] = append(c.first[g], Cell{row, text})
		}
	}
	return v, kind
}

// largest returns the group with the most cells, the first of several. Letters are words, and so
// count among them, if they make sense together.
func (c *Column) largest() int {
	count := c.count
	if c.lettersCount() {
		count[ofWords] += count[ofLetters]
	}
	best := numbers
	for _, g := range []int{percents, ofWords} {
		if count[g] > count[best] {
			best = g
		}
	}
	return best
}

// lettersCount reports whether the letters make sense together. P and N also stand for pass, for
// positive and for negative, F also for a grade, and C beside other letters for the answer to a
// question.
func (c *Column) lettersCount() bool {
	correct, yes := c.seen['c'] || c.seen['i'], c.seen['y']
	switch {
	case c.others, correct && (yes || c.seen['t'] || c.seen['f']):
		return false
	case c.seen['p'] && !correct, c.seen['n'] && !correct && !yes, c.seen['f'] && !c.seen['t']:
		return false
	}
	return true
}

// Fits reports whether a cell of the kind belongs with most cells added so far.
func (c *Column) Fits(kind Kind) bool {
	g, ok := groupOf(kind)
	if !ok {
		return kind != Bad
	}
	best := c.largest()
	if g == ofLetters {
		return best == ofWords && c.lettersCount()
	}
	return g == best
}

// Odd returns the first cells that do not belong with the others, at most [Listed] of each kind,
// the number of all of them, and what was expected instead. Cells that are bad by themselves are
// not among them.
func (c *Column) Odd() (cells []Cell, count int, expected string) {
	for g, kind := range [groups]Kind{Number, Percent, Word, Letter} {
		if c.count[g] > 0 && !c.Fits(kind) {
			cells, count = append(cells, c.first[g]...), count+c.count[g]
		}
	}
	return cells, count, c.Expected()
}

// Expected says what a cell of the column should hold, judging by the cells added so far.
func (c *Column) Expected() string {
	switch best := c.largest(); {
	case c.count[best] == 0 && c.count[ofLetters] > 0 && !c.lettersCount():
		return fmt.Sprintf("a number, or letters whose meaning is plain, such as C and I; say what they mean with --values, such as --values %s=1", strings.TrimSpace(c.first[ofLetters][0].Text))
	case best == percents:
		return "a per cent sign, as in most cells of the column"
	case best == ofWords:
		return "a word such as correct or incorrect, as in most cells of the column, or an empty cell for not measured"
	}
	return "a number, or an empty cell for not measured"
}
