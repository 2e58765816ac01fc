// Package text writes counts, lists and notes for people.
package text

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Thousands writes 14037 as 14,037.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Plural writes a count with its noun: 1 pair, 2 pairs.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// Sample lists at most three items and counts the others.
func Sample(items []string) string {
	if len(items) <= 3 {
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(items[:3], ", "), Thousands(len(items)-3))
}

// PValue writes a p value in three digits, "-" where there is none.
func PValue(p float64) string {
	switch {
	case math.IsNaN(p):
		return "-"
	case p < 0.001:
		return "<.001"
	}
	return fmt.Sprintf("%.3f", p)
}

// Percent turns a fraction into a percentage without digits that rounding made.
func Percent(x float64) float64 { return math.Round(x*1e8) / 1e6 }

// Width is the number of columns that tables and notes keep to.
const Width = 80

// Wrap breaks a note at spaces so that it keeps to [Width], and indents the further
// lines. A number and its % stay together.
func Wrap(note string) string { return WrapTo(note, Width) }

// WrapTo does what Wrap does for another width.
func WrapTo(note string, width int) string { return Hang("", note, 2, width) }

// Hang writes a note behind a prefix and breaks it as [WrapTo] does. The further lines are
// indented by a number of columns.
func Hang(prefix, note string, indent, width int) string {
	const tie = "\x00" // stands for a space that no line may break at
	var b strings.Builder
	b.WriteString(prefix)
	column, empty := utf8.RuneCountInString(prefix), true
	for _, word := range strings.Fields(strings.ReplaceAll(note, " %", tie+"%")) {
		word = strings.ReplaceAll(word, tie, " ")
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
