package plots

import (
	"fmt"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot/vg/vgimg"
)

// Format is a file format for pictures, named by its file extension without the dot.
type Format string

// The file formats of a figure.
const (
	SVG Format = "svg" // vector graphics; text stays text, with its font embedded
	PNG Format = "png" // pixels; Style.PNGScale sets the resolution
	PDF Format = "pdf" // vector graphics with the font embedded; characters outside Windows-1252 become "?"
)

// Formats returns all formats, the default for reports first.
func Formats() []Format { return []Format{SVG, PNG, PDF} }

// Write draws c and writes it to w. It returns an error, and writes nothing, if a field of the
// style is out of range, if a number in c is not finite or out of range, if points are out of
// order, or if the format is unknown. PDF needs a writable temporary folder. Errors of w are
// returned unchanged. Write is safe for concurrent use.
func (s Style) Write(w io.Writer, c Curves, format Format) error {
	f, err := s.figure(c)
	if err != nil {
		return err
	}
	picture, err := f.encode(format)
	if err != nil {
		return err
	}
	_, err = w.Write(picture)
	return err
}

// Write draws the figure in [DefaultStyle]. It returns the errors of [Style.Write].
func (c Curves) Write(w io.Writer, format Format) error {
	return DefaultStyle().Write(w, c, format)
}

// encode returns the figure as a file of a format.
func (f *figure) encode(format Format) ([]byte, error) {
	switch format {
	case SVG:
		return f.svg()
	case PNG:
		return f.png()
	case PDF:
		return f.pdf()
	}
	names := make([]string, 0, 3)
	for _, known := range Formats() {
		names = append(names, string(known))
	}
	return nil, fmt.Errorf("unknown picture format %q: want one of %s", format, strings.Join(names, ", "))
}

// png returns the figure as a PNG file.
func (f *figure) png() ([]byte, error) {
	dpi := int(math.Round(96 * f.style.PNGScale))
	canvas := vgimg.NewWith(vgimg.UseWH(f.layout.width, f.layout.height), vgimg.UseDPI(dpi))
	return f.render(vgimg.PngCanvas{Canvas: canvas})
}
