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

// stroke returns the line style of line i. Its dashes grow with the width of the line.
func (p *panel) stroke(i int) draw.LineStyle {
	if p.Lines[i].Reference {
		return p.style.random()
	}
	look := p.looks[p.Lines[i].Name]
	width := vg.Length(p.style.LineWidth)
	style := stroke(p.style.colour(look), width)
	for _, d := range look.Dash {
		style.Dashes = append(style.Dashes, vg.Length(d)*width/1.6)
	}
	return style
}

// shade returns the colour of line i's band. It is transparent enough for several bands to show.
func (p *panel) shade(i int) color.NRGBA {
	c := p.lineColour(i)
	c.A = 0x20
	if p.style.Theme == Dark {
		c.A = 0x30
	}
	return c
}

// dot returns the glyph of the i-th router with fixed decisions. Dots are filled, unlike CPT
// markers.
func (p *panel) dot(i int) glyph {
	shapes := []glyph{{sides: 4, turn: 1}, {sides: 3, turn: -1}, {sides: 5, turn: 1}, {sides: 4, turn: 0.5}}
	g := shapes[i%len(shapes)]
	g.radius, g.fill, g.outline = 4.5*p.style.unit(), p.style.colour(p.looks[p.Dots[i].router()]), p.style.inks().text
	return g
}

// marker returns the glyph for the i-th per cent of CPT. It is small enough to leave the curve
// visible.
func (s Style) marker(i int, outline color.NRGBA) glyph {
	shapes := []glyph{{sides: 3, turn: 1}, {sides: 4, turn: 0.5}, {sides: 24}, {sides: 4, turn: 1}, {sides: 3, turn: -1}}
	g := shapes[i%len(shapes)]
	g.radius, g.fill, g.outline = 3.5*s.unit(), s.inks().back, outline
	return g
}

// level returns a dotted line style. The dots of level 1 are further apart than those of
// level 0.
func (s Style) level(i int) draw.LineStyle {
	u := s.unit()
	return stroke(s.inks().text, u, 1.2*u, (2+3*vg.Length(i))*u)
}

// random returns the line style of the random router.
func (s Style) random() draw.LineStyle {
	u := s.unit()
	return stroke(s.inks().reference, 1.2*u, 5*u, 3*u)
}

// stroke returns a line style. Width and dashes are in points.
func stroke(c color.NRGBA, width vg.Length, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: width, Dashes: dashes}
}

// lineColour returns the colour of a line.
func (p *panel) lineColour(i int) color.NRGBA {
	if p.Lines[i].Reference {
		return p.style.inks().reference
	}
	return p.style.colour(p.looks[p.Lines[i].Name])
}

// halfCap is half the width of the line at each end of a bar, in points.
const halfCap = 3
