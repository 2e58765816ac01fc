package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pen draws simple shapes on a canvas of any format.
type pen struct{ draw.Canvas }

// fill paints the inside of a polygon.
func (p *pen) fill(c color.NRGBA, corners []vg.Point) {
	p.SetColor(c)
	p.Fill(polygon(corners))
}

// block fills a rectangle.
func (p *pen) block(c color.NRGBA, at vg.Rectangle) {
	p.fill(c, []vg.Point{at.Min, {X: at.Max.X, Y: at.Min.Y}, at.Max, {X: at.Min.X, Y: at.Max.Y}})
}

// rule draws a line across the middle of a legend's key.
func (p *pen) rule(at vg.Rectangle, style draw.LineStyle) {
	y := centre(at).Y
	p.StrokeLine2(style, at.Min.X, y, at.Max.X, y)
}

// glyph draws a glyph around a position.
func (p *pen) glyph(at vg.Point, g glyph) {
	corners := make([]vg.Point, g.sides)
	for i := range corners {
		sin, cos := math.Sincos(math.Pi/2*g.turn + 2*math.Pi*float64(i)/float64(g.sides))
		corners[i] = vg.Point{X: at.X + g.radius*vg.Length(cos), Y: at.Y + g.radius*vg.Length(sin)}
	}
	p.fill(g.fill, corners)
	p.SetLineStyle(stroke(g.outline, g.radius/4))
	p.Stroke(polygon(corners))
}

// text writes a label. Its baseline leaves room for descenders inside the label's box.
func (p *pen) text(l label, c color.NRGBA) {
	f := face(l.size)
	extents := f.Extents()
	rise := (lineHeight(l.size) - extents.Ascent + extents.Descent) / 2
	p.SetColor(c)
	if !l.up {
		p.FillString(f, l.box.Min.Add(vg.Point{Y: rise}), l.text)
		return
	}
	p.Push()
	p.Translate(vg.Point{X: l.box.Max.X - rise, Y: l.box.Min.Y})
	p.Rotate(math.Pi / 2)
	p.FillString(f, vg.Point{}, l.text)
	p.Pop()
}

// headSize is the length of an arrow head, in widths of the arrow.
const headSize = 5

// arrow draws a line of a width with an arrow head at each end. A line that is too short for two
// heads gets none.
func (p *pen) arrow(a, b vg.Point, c color.NRGBA, width vg.Length) {
	p.StrokeLine2(stroke(c, width), a.X, a.Y, b.X, b.Y)
	length, head := vg.Length(math.Hypot(float64(b.X-a.X), float64(b.Y-a.Y))), headSize*width
	if length < 2*head {
		return
	}
	along := vg.Point{X: (b.X - a.X) / length * head, Y: (b.Y - a.Y) / length * head}
	across := vg.Point{X: -along.Y / 2, Y: along.X / 2}
	for _, end := range []struct{ tip, back vg.Point }{{a, along}, {b, along.Scale(-1)}} {
		foot := end.tip.Add(end.back)
		p.fill(c, []vg.Point{end.tip, foot.Add(across), foot.Sub(across)})
	}
}

// polygon returns the closed path through the corners.
func polygon(corners []vg.Point) vg.Path {
	var path vg.Path
	path.Move(corners[0])
	for _, c := range corners[1:] {
		path.Line(c)
	}
	path.Close()
	return path
}

// centre returns the centre of a rectangle.
func centre(r vg.Rectangle) vg.Point {
	return vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
}
