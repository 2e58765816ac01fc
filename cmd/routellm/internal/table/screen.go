package table

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Screen describes the terminal that a table is shown on.
type Screen struct {
	Width  int  // width in columns; 0 means that there is no terminal
	Colour bool // the terminal shows bold and coloured text
}

// Bold returns a text in bold, or unchanged without colour.
func (s Screen) Bold(text string) string { return s.paint("1", text) }

// Warn returns a text in yellow, for warnings, or unchanged without colour.
func (s Screen) Warn(text string) string { return s.paint("33", text) }

// paint puts a text between SGR escape sequences (ECMA-48).
func (s Screen) paint(code, text string) string {
	if !s.Colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Cut shortens a line to the width. A cut line ends with an ellipsis.
func (s Screen) Cut(line string) string {
	if twwidth.Width(line) > s.Width {
		return twwidth.Truncate(line, s.Width, "…")
	}
	return line
}

// Screen writes the table as [Table.Text] does, but no wider than the terminal. If the table
// is too wide, Screen first shortens long names, then leaves out the columns of Drop one by
// one, and finally cuts the lines.
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

// headLines is the number of lines above the first row.
const headLines = 2

func (t *Table) lines() ([]string, error) {
	var b strings.Builder
	err := t.Text(&b)
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n"), err
}

// Width returns the number of columns that the table takes as text.
func (t *Table) Width() int {
	lines, err := t.lines()
	if err != nil {
		return 0
	}
	return widest(lines)
}

func widest(lines []string) int {
	width := 0
	for _, line := range lines {
		width = max(width, twwidth.Width(line))
	}
	return width
}

// nameWidth is the width in characters to which Screen shortens names in the first column
// and in the header.
const nameWidth = 16

// shortened returns the table with long names shortened in the middle.
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

// shorten clips names to nameWidth, or to the smallest larger width at which different names
// stay different.
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

// Clip shortens a name to a width in characters. It leaves out the middle, as names often
// differ at their ends.
func Clip(name string, width int) string {
	letters := []rune(name)
	if len(letters) <= width {
		return name
	}
	return string(letters[:width/2]) + "…" + string(letters[len(letters)-(width-1)/2:])
}

// without returns the table without some columns.
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
