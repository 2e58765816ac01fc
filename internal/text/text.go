// Package text formats counts, lists and notes for people.
package text

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Thousands returns n with commas between groups of three digits: 14,037.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural returns a count with its noun: 1 pair, 2 pairs.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// Agree returns the form of a verb that agrees with a count: one for 1, else many.
func Agree(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Sample returns at most three items and the number of the others.
func Sample(items []string) string {
	if len(items) <= 3 {
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(items[:3], ", "), Thousands(len(items)-3))
}

// PValue returns a p value with three decimal digits, or "-" for NaN.
func PValue(p float64) string {
	switch {
	case math.IsNaN(p):
		return "-"
	case p < 0.001:
		return "<.001"
	}
	return fmt.Sprintf("%.3f", p)
}

// Unsigned returns a formatted number without its sign if all its digits are 0, as after rounding.
func Unsigned(number string) string {
	if strings.Trim(number, "+-0. %") == "" {
		return strings.TrimLeft(number, "+-")
	}
	return number
}

// Percent returns a fraction in per cent, rounded to six decimal digits so that no digits
// from rounding errors are shown.
func Percent(x float64) float64 { return math.Round(x*1e8) / 1e6 }

// Width is the largest number of columns of tables and notes.
const Width = 80

// Wrap breaks a note at spaces into lines of at most [Width] columns, and indents all but
// the first line. It keeps a number and its % together.
func Wrap(note string) string { return WrapTo(note, Width) }

// WrapTo wraps a note like Wrap, to the given number of columns.
func WrapTo(note string, width int) string { return Hang("", note, 2, width) }

// Hang writes a note behind a prefix and breaks it as [WrapTo] does. The further lines are
// indented by a number of columns.
func Hang(prefix, note string, indent, width int) string {
	const tie = "\x00" // a space at which no line may break
	var b strings.Builder
	b.WriteString(prefix)
	column, empty := utf8.RuneCountInString(prefix), true
	for _, word := range strings.Fields(strings.ReplaceAll(note, " %", tie+"%")) {
		word = Printable(strings.ReplaceAll(word, tie, " "))
		length := utf8.RuneCountInString(word)
		switch {
		case !empty && column+1+length > width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		case !empty:
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += length
		empty = false
	}
	return b.String()
}

// Printable replaces control characters, which would move a terminal's cursor or colour it: names of
// tasks and models come from people's files, and answers from models.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// Quoted quotes at most n names and counts the rest: "a", "b", and 3 more. It returns none for no
// names.
func Quoted(names []string, n int) string {
	if len(names) == 0 {
		return "none"
	}
	quoted := make([]string, 0, n+1)
	for i, name := range names {
		if i == n {
			quoted = append(quoted, fmt.Sprintf("and %d more", len(names)-n))
			break
		}
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	return strings.Join(quoted, ", ")
}
