package plots

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
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

// Write draws a figure and writes it to w. It returns an error, and writes nothing, if a field of the
// style is out of range, if a number in the figure is not finite or out of range, if points are out of
// order, or if the format is unknown. PDF needs a writable temporary folder. Errors of w are
// returned unchanged. Write is safe for concurrent use.
func (s Style) Write(w io.Writer, drawn Figure, format Format) error {
	f, err := s.figure(drawn)
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

// Write draws the figure in [DefaultStyle]. It returns the errors of [Style.Write].
func (p Panels) Write(w io.Writer, format Format) error { return DefaultStyle().Write(w, p, format) }

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

// png returns the figure as a PNG file that states its resolution.
func (f *figure) png() ([]byte, error) {
	dpi := int(math.Round(96 * f.style.PNGScale))
	canvas := vgimg.NewWith(vgimg.UseWH(f.width, f.height), vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(f.style.inks().back))
	picture, err := f.render(vgimg.PngCanvas{Canvas: canvas})
	if err != nil {
		return nil, err
	}
	return withResolution(picture, f.width), nil
}

// headEnd is the end of the header of a PNG: the signature, then the chunk IHDR.
const headEnd = 8 + 25

// withResolution adds the chunk pHYs to a PNG, so that programs that print or typeset it give it
// its width.
func withResolution(picture []byte, width vg.Length) []byte {
	pixels := float64(binary.BigEndian.Uint32(picture[16:]))
	perMetre := uint32(math.Round(pixels / (width.Points() / 72 * 0.0254)))
	chunk := binary.BigEndian.AppendUint32([]byte{0, 0, 0, 9, 'p', 'H', 'Y', 's'}, perMetre)
	chunk = append(binary.BigEndian.AppendUint32(chunk, perMetre), 1) // per metre
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(picture[:headEnd], chunk, picture[headEnd:])
}
