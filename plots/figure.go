package plots

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
)

// figure is a figure whose parts are placed, ready for any canvas.
type figure struct {
	Curves
	style  Style
	legend []entry
	layout layout
}

// points returns the positions of the points of a curve after thinning it.
func (f *figure) points(ps []Point) []vg.Point {
	var at []vg.Point
	for _, p := range thin(ps) {
		at = append(at, f.at(p))
	}
	return at
}

// at returns the position of a point.
func (f *figure) at(p Point) vg.Point {
	return vg.Point{X: f.layout.atX(100 * p.StrongFraction), Y: f.layout.atY(p.Quality * f.scale())}
}

// shade fills the area between two curves.
func (f *figure) shade(p *pen, colour color.NRGBA, lo, hi []Point) {
	edge, back := f.points(lo), f.points(hi)
	slices.Reverse(back)
	if outline := append(edge, back...); len(outline) > 2 {
		p.fill(colour, outline)
	}
}
