package figures

import (
	"bytes"
	"context"
	"fmt"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/plots"
)

// Drawing says how the pictures are drawn, and which files are wanted.
type Drawing struct {
	Style   plots.Style
	Formats []plots.Format           // formats of pictures
	Has     func(format string) bool // reports whether files other than pictures are wanted: csv, json, md or txt
}

// picture is a drawing with the name of its file, without the extension.
type picture struct {
	name string
	plots.Figure
}

// figure is one of the publication's figures: its picture, and the numbers behind it.
type figure struct {
	name, title, note string
	picture           picture
	csv               table.Table
}

// files returns the figure's picture in each format, and its numbers as CSV if that is wanted.
func (f figure) files(ctx context.Context, d Drawing) ([]File, error) {
	var out []File
	for _, format := range d.Formats {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := d.Style.Write(&b, f.picture, format); err != nil {
			return nil, fmt.Errorf("drawing %s: %w", f.picture.name, err)
		}
		out = append(out, File{f.picture.name + "." + string(format), b.Bytes()})
	}
	if !d.Has("csv") {
		return out, nil
	}
	numbers, err := csvFile(f.name, &f.csv)
	return append(out, numbers), err
}
