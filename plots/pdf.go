package plots

import (
	"fmt"
	"image/color"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"

	"github.com/routellm/routellm/internal/outfile"
)

// pdfDefaults makes fixPDF run at most once. It changes process-wide settings of the PDF
// library, which each new document copies.
var pdfDefaults sync.Once

// pdf returns the figure as a PDF file.
func (f *figure) pdf() ([]byte, error) {
	pdfDefaults.Do(fixPDF)
	// The canvas writes the font to a temporary file and panics if it cannot, so try it first.
	_, remove, err := outfile.TempDir("plots-")
	if err != nil {
		return nil, fmt.Errorf("pdf: create a temporary folder for the font, in the folder for temporary files (TMPDIR): %w", err)
	}
	defer remove()
	return f.render(pdfCanvas{vgpdf.New(f.width, f.height)})
}

// fixPDF makes PDF files independent of the clock and of map order.
func fixPDF() {
	date := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	fpdf.SetDefaultCreationDate(date)
	fpdf.SetDefaultModificationDate(date)
	fpdf.SetDefaultCatalogSort(true)
}

// pdfCanvas corrects the ways in which vgpdf.Canvas differs from the other canvases.
type pdfCanvas struct{ *vgpdf.Canvas }

// FillString writes text in Windows-1252, the encoding of the canvas's font. Characters outside
// it become "?".
func (c pdfCanvas) FillString(f font.Face, at vg.Point, text string) {
	var b []byte
	for _, r := range text {
		code, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			code = '?'
		}
		b = append(b, code)
	}
	c.Canvas.FillString(f, at, string(b))
}

// SetColor sets a colour without multiplying it by its alpha: vgpdf sets the opacity as well,
// and would apply the alpha twice.
func (c pdfCanvas) SetColor(clr color.Color) {
	c.Canvas.SetColor(unmultiplied(color.NRGBAModel.Convert(clr).(color.NRGBA)))
}

// unmultiplied is a colour whose RGBA method does not multiply by alpha.
type unmultiplied color.NRGBA

// RGBA returns the colour, not multiplied by its alpha.
func (s unmultiplied) RGBA() (r, g, b, a uint32) {
	return uint32(s.R) * 0x101, uint32(s.G) * 0x101, uint32(s.B) * 0x101, uint32(s.A) * 0x101
}
