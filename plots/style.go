package plots

import (
	"fmt"
	"image/color"
)

// Style holds the sizes and colours of a figure. Lengths and type sizes are in points of 1/72
// inch. The height of a figure follows from PlotHeight, the title and the legend.
type Style struct {
	Width      float64 // width of the whole figure, 300 to 4,000
	PlotHeight float64 // height of the data area, 100 to 4,000

	TitleSize, LabelSize, TickSize, LegendSize float64 // type sizes, 4 to 24

	LineWidth float64 // width of routers' curves, 0.1 to 20; references are thinner
	PNGScale  float64 // pixels of a PNG per 1/96 inch, 0.5 to 8

	// Palette holds the colours and Dashes the dash patterns that the lines take in turn. If
	// their numbers have no common factor, the pairs repeat as late as possible. Dots take
	// colours from the end of the palette. A dash pattern alternates lengths of ink and gap;
	// an empty one is a solid line.
	Palette []color.NRGBA
	Dashes  [][]float64

	Text, Frame, Grid, Reference color.NRGBA
	Band, Area                   color.NRGBA // translucent colours
}

// DefaultStyle returns the style of [Curves.Write]: 8 inches wide, with PNGs at twice the
// usual resolution. Its seven colours are those of Okabe and Ito for colour-blind readers
// ("Color universal design", 2008) without yellow, which is hard to see on white. With five
// dash patterns, they distinguish 35 lines.
func DefaultStyle() Style {
	return Style{
		Width: 576, PlotHeight: 320,
		TitleSize: 13, LabelSize: 11, TickSize: 10, LegendSize: 10,
		LineWidth: 1.6, PNGScale: 2,
		Palette: []color.NRGBA{
			rgb(0x0072B2), rgb(0xD55E00), rgb(0x009E73), rgb(0xCC79A7),
			rgb(0xE69F00), rgb(0x56B4E9), rgb(0x000000),
		},
		Dashes: [][]float64{nil, {7, 2.5}, {8, 2, 1.5, 2}, {3, 1.5}, {9, 2, 1.5, 2, 1.5, 2}},
		Text:   rgb(0x222222), Frame: rgb(0x666666), Grid: rgb(0xE6E6E6), Reference: rgb(0x777777),
		Band: color.NRGBA{0x77, 0x77, 0x77, 0x33}, Area: color.NRGBA{0x56, 0xB4, 0xE9, 0x44},
	}
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
		{"width", s.Width, 300, 4000},
		{"plot height", s.PlotHeight, 100, 4000},
		{"title size", s.TitleSize, 4, 24},
		{"label size", s.LabelSize, 4, 24},
		{"tick size", s.TickSize, 4, 24},
		{"legend size", s.LegendSize, 4, 24},
		{"line width", s.LineWidth, 0.1, 20},
		{"png scale", s.PNGScale, 0.5, 8},
	} {
		if !(f.value >= f.lo && f.value <= f.hi) {
			return fmt.Errorf("style: %s %v: want %v to %v", f.name, f.value, f.lo, f.hi)
		}
	}
	if len(s.Palette) == 0 || len(s.Dashes) == 0 {
		return fmt.Errorf("style: %d colours, %d dash patterns: want at least one of each", len(s.Palette), len(s.Dashes))
	}
	return nil
}
