package figures

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/routellm/routellm/eval"
)

const pageHead = `# RouteLLM's figures and tables

Made by ` + "`routellm figures`" + ` from built-in data, beside the published numbers
(arXiv 2406.18665). Every picture is there as SVG and PNG, with the numbers behind it.

- Intervals, where nothing else is said: %g %% percentile bootstrap over samples, %d
  resamples, seed %d; all routers of a table on the same resamples.
- A published number is a point, ours has an interval. Ours **is** better or worse if its
  whole interval is on one side of the point, and not distinguishable otherwise.
- Ours are on the samples that no router shown was trained on, the published ones on all.

`

// page puts all figures and tables on one page, tables 1 to 7 after the figures.
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

// writeFigure shows pictures side by side, as the cells of a table.
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
