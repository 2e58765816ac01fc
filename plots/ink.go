package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// glyph is a regular polygon, filled and outlined.
type glyph struct {
	sides         int
	turn          float64 // direction of the first corner, in quarter turns from the right
	radius        vg.Length
	fill, outline color.NRGBA
}

// line returns the line style of the i-th router's curve.
func (s Style) line(i int) draw.LineStyle {
	return stroke(s.Palette[i%len(s.Palette)], s.LineWidth, s.Dashes[i%len(s.Dashes)]...)
}

// shade returns the colour of the i-th router's band. It is transparent enough for several
// bands to show.
func (s Style) shade(i int) color.NRGBA {
	c := s.Palette[i%len(s.Palette)]
	c.A = 0x20
	return c
}

// dot returns the glyph of the i-th router with fixed decisions. It takes colours from the end
// of the palette, which lines use last. Dots are filled, unlike CPT markers.
func (s Style) dot(i int) glyph {
	shapes := []glyph{{sides: 4, turn: 1}, {sides: 3, turn: -1}, {sides: 5, turn: 1}, {sides: 4, turn: 0.5}}
	g := shapes[i%len(shapes)]
	n := len(s.Palette)
	g.radius, g.fill, g.outline = 4.5, s.Palette[n-1-i%n], s.Text
	return g
}

// marker returns the glyph for the i-th per cent of CPT. It is small enough to leave the curve
// visible.
func (s Style) marker(i int, outline color.NRGBA) glyph {
	shapes := []glyph{{sides: 3, turn: 1}, {sides: 4, turn: 0.5}, {sides: 24}, {sides: 4, turn: 1}, {sides: 3, turn: -1}}
	g := shapes[i%len(shapes)]
	g.radius, g.fill, g.outline = 3.5, white(), outline
	return g
}

// level returns a dotted line style. The dots of level 1 are further apart than those of
// level 0.
func (s Style) level(i int) draw.LineStyle {
	return stroke(s.Text, 1, 1.2, 2+3*float64(i))
}

// random returns the line style of the random router.
func (s Style) random() draw.LineStyle { return stroke(s.Reference, 1.2, 5, 3) }

// stroke returns a line style. Width and dashes are in points.
func stroke(c color.NRGBA, width float64, dashes ...float64) draw.LineStyle {
	style := draw.LineStyle{Color: c, Width: vg.Length(width)}
	for _, d := range dashes {
		style.Dashes = append(style.Dashes, vg.Length(d))
	}
	return style
}

func white() color.NRGBA { return rgb(0xFFFFFF) }
