package figures

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/routellm/routellm/eval"
)

const pageHead = `# RouteLLM's figures and tables

` + "`routellm figures`" + ` made this page from built-in data, with the published numbers (arXiv
2406.18665) beside ours. Every picture is available as SVG and PNG, with the numbers
behind it.

- Unless stated otherwise, intervals are %g %% percentile bootstrap intervals over samples,
  from %d resamples with seed %d. All routers of a table use the same resamples.
- A published number is a point; ours has an interval. The **verdict** is better or worse
  if our whole interval is on one side of the point, and not distinguishable otherwise.
- Our numbers leave out the samples that a router shown was trained on; the published
  numbers use all samples.

`

// page returns the Markdown page with all figures, and then all tables.
func page(figures []figure, sheets []sheet, boot eval.Bootstrap) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, pageHead, 100*boot.Confidence, boot.Resamples, boot.Seed)
	for _, f := range figures {
		writeFigure(&b, f)
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
		fmt.Fprintf(&b, "[numbers](%s.csv)\n\n", s.name)
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n'), nil
}

// writeFigure writes a figure's pictures side by side, as the cells of a table.
func writeFigure(b *bytes.Buffer, f figure) {
	fmt.Fprintf(b, "## %s\n\n", f.title)
	var cells, links []string
	for _, p := range f.pictures {
		cells = append(cells, fmt.Sprintf("![%s](%s.svg)", p.name, p.name))
		links = append(links, fmt.Sprintf("[%s.png](%s.png)", p.name, p.name))
	}
	if len(cells) == 1 {
		fmt.Fprintf(b, "%s\n\n", cells[0])
	} else {
		fmt.Fprintf(b, "| %s |\n|%s\n\n", strings.Join(cells, " | "), strings.Repeat(" --- |", len(cells)))
	}
	fmt.Fprintf(b, "%s\n\n%s, [numbers](%s.csv)\n\n", f.note, strings.Join(links, ", "), f.name)
}
