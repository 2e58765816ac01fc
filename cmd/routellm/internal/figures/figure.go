package figures

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/plots"
)

// drawing is a picture that package plots can draw.
type drawing interface {
	Write(io.Writer, plots.Format) error
}

// picture is a drawing with the name of its file, without the extension.
type picture struct {
	name string
	drawing
}

// figure is one of the publication's figures: pictures to show side by side, and the
// numbers behind them.
type figure struct {
	name, title, note string
	pictures          []picture
	csv               table.Table
}

// files returns the figure's pictures as SVG and PNG, and its numbers as CSV.
func (f figure) files(ctx context.Context) ([]File, error) {
	var out []File
	for _, p := range f.pictures {
		for _, format := range []plots.Format{plots.SVG, plots.PNG} {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			var b bytes.Buffer
			if err := p.Write(&b, format); err != nil {
				return nil, fmt.Errorf("drawing %s: %w", p.name, err)
			}
			out = append(out, File{p.name + "." + string(format), b.Bytes()})
		}
	}
	numbers, err := csvFile(f.name, &f.csv)
	return append(out, numbers), err
}
