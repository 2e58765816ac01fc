package figures

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/routellm/routellm/eval"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/plots"
)

const pageHead = `# RouteLLM's figures and tables

` + "`routellm figures`" + ` made this page from built-in data, with the published numbers (arXiv
2406.18665) beside ours. Every picture comes with the numbers behind it, and a router
looks the same in all of them.

- Unless stated otherwise, intervals are %g %% percentile bootstrap intervals over samples,
  from %s resamples with seed %d. All routers of a table use the same resamples.
- A published number is a point; ours has an interval. The **verdict** is better or worse
  if our whole interval is on one side of the point, and not distinguishable otherwise.
- Our numbers leave out the samples that a router shown was trained on; the published
  numbers use all samples.

`

// page returns the Markdown page with all figures, and then all tables.
func page(figures []figure, sheets []sheet, boot eval.Bootstrap, draw Drawing) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, pageHead, 100*boot.Confidence, text.Thousands(boot.Resamples), boot.Seed)
	for _, f := range figures {
		writeFigure(&b, f, draw)
	}
	for _, s := range sheets {
		fmt.Fprintf(&b, "## %s\n\n", s.title)
		if err := s.page.Markdown(&b); err != nil {
			return nil, err
		}
		b.WriteString("\n")
		for _, note := range s.notes {
			fmt.Fprintf(&b, "%s\n\n", note)
		}
		if draw.Has("csv") {
			fmt.Fprintf(&b, "[numbers](%s.csv)\n\n", s.name)
		}
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n'), nil
}

// writeFigure writes a figure: its picture, its caption, and links to its other forms.
func writeFigure(b *bytes.Buffer, f figure, draw Drawing) {
	name := f.picture.name
	fmt.Fprintf(b, "## %s\n\n", f.title)
	var links []string
	for i, format := range draw.Formats {
		if i == 0 && format != plots.PDF { // which pages cannot show
			fmt.Fprintf(b, "![%s](%s.%s)\n\n", f.title, name, format)
			continue
		}
		links = append(links, fmt.Sprintf("[%s](%s.%s)", strings.ToUpper(string(format)), name, format))
	}
	if draw.Has("csv") {
		links = append(links, fmt.Sprintf("[numbers](%s.csv)", f.name))
	}
	fmt.Fprintf(b, "%s\n\n", f.note)
	if links != nil {
		fmt.Fprintf(b, "%s\n\n", strings.Join(links, ", "))
	}
}
