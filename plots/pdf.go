package plots

import (
	"fmt"
	"image/color"
	"os"
	"sync"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// pdfDefaults guards the PDF library's process-wide settings, which each document
// copies when it is made.
var pdfDefaults sync.Once

func (f *figure) pdf() ([]byte, error) {
	pdfDefaults.Do(fixPDF)
	// The canvas writes the font to a temporary file and panics where it cannot.
	dir, err := os.MkdirTemp("", "plots-")
	if err != nil {
		return nil, fmt.Errorf("pdf: temporary folder for the font: %w", err)
	}
	defer os.RemoveAll(dir)
	return f.render(pdfCanvas{vgpdf.New(f.layout.width, f.layout.height)})
}

// fixPDF takes the clock and map order out of PDF files.
func fixPDF() {
	date := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	fpdf.SetDefaultCreationDate(date)
	fpdf.SetDefaultModificationDate(date)
	fpdf.SetDefaultCatalogSort(true)
}

// pdfCanvas corrects what vgpdf.Canvas takes differently from the other canvases.
type pdfCanvas struct{ *vgpdf.Canvas }

// FillString recodes text: vgpdf passes bytes on to a font in Windows-1252.
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

// SetColor undoes the alpha that color.Color multiplies in: vgpdf sets opacity
// besides, and would darken the colour twice.
func (c pdfCanvas) SetColor(clr color.Color) {
	c.Canvas.SetColor(straight(color.NRGBAModel.Convert(clr).(color.NRGBA)))
}

// straight is a colour whose RGBA are not multiplied by its alpha.
type straight color.NRGBA

func (s straight) RGBA() (r, g, b, a uint32) {
	return uint32(s.R) * 0x101, uint32(s.G) * 0x101, uint32(s.B) * 0x101, uint32(s.A) * 0x101
}
