package render

import (
	"fmt"
	"io"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/internal/text"
)

// Items writes notes as lines, or as a list in Markdown.
func Items(w io.Writer, notes []string, markdown bool) {
	for _, note := range notes {
		if markdown {
			fmt.Fprintln(w, "- "+note)
		} else {
			fmt.Fprintln(w, text.Wrap(note))
		}
	}
}

func Table(w io.Writer, t *table.Table, format string) error {
	switch format {
	case "csv":
		return t.CSV(w)
	case "markdown":
		return t.Markdown(w)
	}
	return t.Text(w)
}
