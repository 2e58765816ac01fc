package plots

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// Format is a kind of picture, named as its file extension without the dot.
type Format string

// The formats a figure is written in.
const (
	SVG Format = "svg" // text stays text; its font travels with it
	PNG Format = "png" // see Style.PNGScale
	PDF Format = "pdf" // font embedded; characters outside Windows-1252 become "?"
)

// Formats lists the formats, the one for reports first.
func Formats() []Format { return []Format{SVG, PNG, PDF} }

// Write draws c and writes it whole, or writes nothing and says what is wrong: a
// style out of range, a number that is not finite or not in its range, points out
// of order, a format that Formats does not list. PDF needs a writable temporary
// folder. An error of w is returned as it is. Safe for concurrent use.
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
	return nil, fmt.Errorf("unknown picture format %q: want %s", format, strings.Join(names, ", "))
}

func (f *figure) png() ([]byte, error) {
	dpi := int(math.Round(96 * f.style.PNGScale))
	canvas := vgimg.NewWith(vgimg.UseWH(f.layout.width, f.layout.height), vgimg.UseDPI(dpi))
	return f.render(vgimg.PngCanvas{Canvas: canvas})
}

// render draws f on an empty canvas and takes its bytes.
func (f *figure) render(canvas vg.CanvasWriterTo) ([]byte, error) {
	f.draw(&pen{draw.New(canvas)})
	var b bytes.Buffer
	_, err := canvas.WriteTo(&b)
	return b.Bytes(), err
}
