package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
)

// Style holds the sizes and colours of a figure. Lengths and type sizes are in points of 1/72
// inch. The height of a figure follows from PlotHeight, the title and the legend.
type Style struct {
	Width      float64 // width of the whole figure, 140 to 4,000
	PlotHeight float64 // height of the data area, 60 to 4,000; panels side by side are at most as high as wide

	// FontSize is the size of ticks, names and the legend, which is the smallest type of a figure:
	// 5 to 24, and at most a twentieth of Width. Labels of axes are 1.1 times, titles up to 1.3
	// times as large.
	FontSize float64

	LineWidth float64 // width of routers' curves, 0.1 to 20; references are thinner
	PNGScale  float64 // pixels of a PNG per 1/96 inch, 0.5 to 8

	NoTitle bool // leaves out the title, for figures with a caption
	Theme   Theme
}

// Theme is a set of colours, named for its background.
type Theme string

// The themes. The empty theme is Light.
const (
	Light Theme = "light"
	Dark  Theme = "dark"
)

// Themes returns all themes, the default first.
func Themes() []Theme { return []Theme{Light, Dark} }

// DefaultStyle returns the style of [Curves.Write]: 8 inches wide, with PNGs at twice the usual
// resolution.
func DefaultStyle() Style {
	return Style{Width: 576, PlotHeight: 320, FontSize: 10, LineWidth: 1.6, PNGScale: 2, Theme: Light}
}

// PaperStyle returns a style for print: a width in millimetres, such as 84 for a column or 174 for
// a page, and a type size in points. PNGs have 300 pixels per inch. [Style.Write] rejects sizes that
// are out of range.
func PaperStyle(millimetres, points float64) Style {
	s := DefaultStyle()
	s.Width, s.FontSize, s.PNGScale = millimetres*72/25.4, points, 300.0/96
	s.PlotHeight, s.LineWidth = max(60, 0.56*s.Width), 0.16*points
	return s
}

// unit returns the length of 1 point at the default type size, so that spaces and strokes grow with
// the type.
func (s Style) unit() vg.Length { return vg.Length(s.FontSize / 10) }

// labelSize returns the type size of the axes' labels.
func (s Style) labelSize() float64 { return 1.1 * s.FontSize }

// titleSize returns the largest type size of the title.
func (s Style) titleSize() float64 { return 1.3 * s.FontSize }

// inks holds the colours of a theme.
type inks struct {
	back, text, frame, grid, reference, accent color.NRGBA
	band, area                                 color.NRGBA // translucent colours
}

// inks returns the colours of the style's theme.
func (s Style) inks() inks {
	if s.Theme == Dark {
		return inks{
			back: DarkBackground(), text: rgb(0xE6E9EC), frame: rgb(0x8A949F), grid: rgb(0x2C323A), reference: rgb(0xA3ADB8), accent: rgb(hues[0].dark),
			band: color.NRGBA{0xA3, 0xAD, 0xB8, 0x33}, area: color.NRGBA{0x4A, 0xA8, 0xE0, 0x44},
		}
	}
	return inks{
		back: LightBackground(), text: rgb(0x222222), frame: rgb(0x666666), grid: rgb(0xE6E6E6), reference: rgb(0x777777), accent: rgb(hues[0].light),
		band: color.NRGBA{0x77, 0x77, 0x77, 0x33}, area: color.NRGBA{0x56, 0xB4, 0xE9, 0x44},
	}
}

// colour returns the colour of a look in the style's theme.
func (s Style) colour(l Look) color.NRGBA {
	if s.Theme == Dark {
		return l.Dark
	}
	return l.Colour
}

// rgb returns the opaque colour of a number such as 0xRRGGBB.
func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xFF}
}

// check returns an error for the first field that is out of range.
func (s Style) check() error {
	for _, f := range []struct {
		name          string
		value, lo, hi float64
	}{
		{"width", s.Width, 140, 4000},
		{"plot height", s.PlotHeight, 60, 4000},
		{"font size", s.FontSize, 5, 24},
		{"line width", s.LineWidth, 0.1, 20},
		{"png scale", s.PNGScale, 0.5, 8},
	} {
		if !(f.value >= f.lo && f.value <= f.hi) {
			return fmt.Errorf("style: %s %v: want %v to %v", f.name, f.value, f.lo, f.hi)
		}
	}
	if s.FontSize > s.Width/20 {
		return fmt.Errorf("style: font size %v: want at most a twentieth of the width, %.4g points", s.FontSize, s.Width/20)
	}
	if s.Theme != Light && s.Theme != Dark && s.Theme != "" {
		return fmt.Errorf("style: theme %q: want light or dark", s.Theme)
	}
	return nil
}
