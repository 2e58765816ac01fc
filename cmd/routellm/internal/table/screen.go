package table

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Screen is the terminal that a table is shown on. A Width of 0 is none.
type Screen struct {
	Width  int // in columns
	Colour bool
}

// Bold sets a text off, and Warn warns with it, where there is colour.
func (s Screen) Bold(text string) string { return s.paint("1", text) }

// Warn is [Screen.Bold] for what is wrong.
func (s Screen) Warn(text string) string { return s.paint("33", text) }

// paint puts a text between escape sequences (ECMA-48, SGR).
func (s Screen) paint(code, text string) string {
	if !s.Colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Cut keeps a line to the width.
func (s Screen) Cut(line string) string {
	if twwidth.Width(line) > s.Width {
		return twwidth.Truncate(line, s.Width, "…")
	}
	return line
}

// Screen writes the table as [Table.Text] does, in the width of a terminal: until it fits,
// long names are shortened and columns of Drop are left out, and no line is longer,
// whatever is left.
func (t *Table) Screen(w io.Writer, s Screen) error {
	lines, err := t.lines()
	if err == nil && widest(lines) > s.Width {
		t = t.shortened()
		lines, err = t.lines()
	}
	for n := 1; err == nil && n <= len(t.Drop) && widest(lines) > s.Width; n++ {
		lines, err = t.without(t.Drop[:n]).lines()
	}
	if err != nil {
		return err
	}
	for i, line := range lines {
		line = s.Cut(line)
		if i == 0 || slices.Contains(t.Bold, i-headLines) {
			line = s.Bold(line)
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// headLines is how many lines stand above the first row.
const headLines = 2

func (t *Table) lines() ([]string, error) {
	var b strings.Builder
	err := t.Text(&b)
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n"), err
}

func widest(lines []string) int {
	width := 0
	for _, line := range lines {
		width = max(width, twwidth.Width(line))
	}
	return width
}

// nameWidth is what a name in the first column or the header is shortened to.
const nameWidth = 16

// shortened is the table with the middle of long names left out.
func (t *Table) shortened() *Table {
	names := make([]string, len(t.Rows))
	for i, row := range t.Rows {
		names[i] = row[0]
	}
	out := *t
	out.Header, out.Rows = shorten(t.Header), make([][]string, len(t.Rows))
	for i, name := range shorten(names) {
		out.Rows[i] = append([]string{name}, t.Rows[i][1:]...)
	}
	return &out
}

// shorten keeps names to [nameWidth], or to the width at which they still differ.
func shorten(names []string) []string {
	distinct := func(names []string) int { return len(slices.Compact(slices.Sorted(slices.Values(names)))) }
	out := make([]string, len(names))
	for width := nameWidth; ; width++ {
		for i, name := range names {
			out[i] = Clip(name, width)
		}
		if distinct(out) == distinct(names) {
			return out
		}
	}
}

// Clip keeps a name to a width in characters by leaving out its middle: names often
// differ at their end.
func Clip(name string, width int) string {
	letters := []rune(name)
	if len(letters) <= width {
		return name
	}
	return string(letters[:width/2]) + "…" + string(letters[len(letters)-(width-1)/2:])
}

// without is the table less some columns.
func (t *Table) without(columns []int) *Table {
	keep := func(cells []string) []string {
		var out []string
		for i, c := range cells {
			if !slices.Contains(columns, i) {
				out = append(out, c)
			}
		}
		return out
	}
	out := &Table{Header: keep(t.Header)}
	for _, row := range t.Rows {
		out.Rows = append(out.Rows, keep(row))
	}
	for _, left := range t.Left {
		gone := 0
		for _, c := range columns {
			if c < left {
				gone++
			}
		}
		if !slices.Contains(columns, left) {
			out.Left = append(out.Left, left-gone)
		}
	}
	return out
}
