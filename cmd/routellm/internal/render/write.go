package render

import (
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
)

// Footnotes writes notes below a table: wrapped lines, or a list in Markdown.
func Footnotes(w io.Writer, notes []string, markdown bool) {
	for _, note := range notes {
		if markdown {
			fmt.Fprintln(w, "- "+note)
		} else {
			fmt.Fprintln(w, text.Wrap(note))
		}
	}
}

// Table writes a table as "csv", "markdown" or, for any other format, text.
func Table(w io.Writer, t *table.Table, format string) error {
	switch format {
	case "csv":
		return t.CSV(w)
	case "markdown":
		return t.Markdown(w)
	}
	return t.Text(w)
}

// ClipStart shortens a name to a width in characters. It leaves out the beginning, because
// the end tells sample IDs and metric paths apart.
func ClipStart(name string, width int) string {
	n := utf8.RuneCountInString(name)
	if n <= width {
		return name
	}
	return "…" + string([]rune(name)[n-width+1:])
}
