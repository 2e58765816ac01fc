package plots

import (
	"slices"

	"gonum.org/v1/plot/vg"
)

// panel is one data area with its axes.
type panel struct {
	Curves
	style  Style
	looks  map[string]Look
	x, y   axis
	data   vg.Rectangle // data area, spanned by x from 0 to 100
	parts  []section    // parts of the vertical axis, from below
	labels []label      // the panel's title and the texts of the axes
	notes  []label      // texts of measures and named points, see placeNotes
	tags   []tag        // names of lines and levels beside them
	// legend says which names the legend has to show, because no tag does.
	legend struct{ lines, levels bool }
	alone  bool // the figure has no other panel
	// repeats is the first panel if this one has the same levels, which are then named only there.
	repeats *panel
	hideY   bool      // the panel on the left has the same vertical axis
	ends    vg.Length // width right of the data area for names at the ends of lines
}

// at returns the position of a point.
func (p *panel) at(x Point) vg.Point {
	return vg.Point{X: p.atX(100 * x.StrongFraction), Y: p.atY(x.Quality * p.scale())}
}

// atX returns the position of a displayed value on the x axis.
func (p *panel) atX(v float64) vg.Length {
	return p.data.Min.X + vg.Length(v/100)*p.data.Size().X
}

// atY returns the position of a displayed value on the y axis. If the axis is broken, a value in
// its upper part lies there.
func (p *panel) atY(v float64) vg.Length {
	part := p.parts[0]
	if last := p.parts[len(p.parts)-1]; v >= last.lo {
		part = last
	}
	return part.at(v)
}

// points returns the positions of the points of a curve in a part of the axis, after thinning it.
func (p *panel) points(part section, ps []Point) []vg.Point {
	var at []vg.Point
	for _, x := range thin(ps) {
		at = append(at, vg.Point{X: p.atX(100 * x.StrongFraction), Y: part.at(x.Quality * p.scale())})
	}
	return at
}

// outline returns the outline of the area between two curves in a part of the axis.
func (p *panel) outline(part section, lo, hi []Point) []vg.Point {
	edge, back := p.points(part, lo), p.points(part, hi)
	slices.Reverse(back)
	return append(edge, back...)
}

// move moves everything in the panel.
func (p *panel) move(by vg.Point) {
	moved := func(r vg.Rectangle) vg.Rectangle { return vg.Rectangle{Min: r.Min.Add(by), Max: r.Max.Add(by)} }
	p.data = moved(p.data)
	for i := range p.parts {
		p.parts[i].bottom += by.Y
		p.parts[i].top += by.Y
	}
	for _, labels := range [][]label{p.labels, p.notes} {
		for i := range labels {
			labels[i].box = moved(labels[i].box)
		}
	}
	for i := range p.tags {
		p.tags[i].box, p.tags[i].at = moved(p.tags[i].box), p.tags[i].at.Add(by)
	}
}
