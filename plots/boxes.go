package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// lineBoxes returns small boxes along all lines and levels, which names avoid.
func (p *panel) lineBoxes() []vg.Rectangle {
	boxes := p.boxesOfOthers(-1)
	for _, l := range p.levels() {
		boxes = append(boxes, p.boxesOf([]Point{{0, l.Quality}, {1, l.Quality}})...)
	}
	return boxes
}

// boxesOf returns small boxes along a line, as far as it lies in the data area.
func (p *panel) boxesOf(line []Point) []vg.Rectangle {
	step := 4 * p.style.unit()
	var boxes []vg.Rectangle
	for _, part := range p.parts {
		var last vg.Point
		add := func(at vg.Point) {
			if at.Y >= part.bottom-step && at.Y <= part.top+step {
				boxes, last = append(boxes, around(at, at, step/2)), at
			}
		}
		at := p.points(part, line)
		for i := range at {
			if i == 0 {
				add(at[0])
				continue
			}
			d := at[i].Sub(at[i-1])
			n := int(math.Hypot(float64(d.X), float64(d.Y)) / float64(step))
			for k := range n {
				add(at[i-1].Add(d.Scale(vg.Length(k+1) / vg.Length(n+1))))
			}
			if far := at[i].Sub(last); math.Hypot(float64(far.X), float64(far.Y)) >= float64(step)/2 || i == len(at)-1 {
				add(at[i])
			}
		}
	}
	return boxes
}

// pointBox returns the box of a named point.
func (p *panel) pointBox(n Named) vg.Rectangle {
	at := p.at(Point{n.StrongFraction, n.Quality})
	return around(at, at, pointRadius*p.style.unit())
}

// barBox returns the box of a named point's interval.
func (p *panel) barBox(n Named) vg.Rectangle {
	return around(p.at(Point{n.StrongFraction, n.Lo}), p.at(Point{n.StrongFraction, n.Hi}), 2*p.style.unit())
}

// around returns the rectangle that two points span, extended by a margin.
func around(a, b vg.Point, by vg.Length) vg.Rectangle {
	return vg.Rectangle{
		Min: vg.Point{X: min(a.X, b.X) - by, Y: min(a.Y, b.Y) - by},
		Max: vg.Point{X: max(a.X, b.X) + by, Y: max(a.Y, b.Y) + by},
	}
}

// marks returns the boxes of markers, bars, dots and named points.
func (p *panel) marks() []vg.Rectangle {
	var boxes []vg.Rectangle
	u := p.style.unit()
	for _, l := range p.Lines {
		for _, m := range l.CPT {
			at := p.at(Point{m.StrongFraction, m.Quality})
			boxes = append(boxes, around(at, at, 4*u))
		}
		for _, b := range l.Bars {
			boxes = append(boxes, around(p.at(Point{b.StrongFraction, b.Lo}), p.at(Point{b.StrongFraction, b.Hi}), halfCap*u))
		}
	}
	for _, d := range p.Dots {
		at := p.at(Point{d.StrongFraction, d.Quality})
		boxes = append(boxes, around(at, at, 5*u))
	}
	for _, m := range p.Measures {
		boxes = append(boxes, around(p.at(m.From), p.at(m.To), 2*u))
	}
	for _, n := range p.Named {
		boxes = append(boxes, p.pointBox(n), p.barBox(n))
	}
	return boxes
}

// free reports whether a box lies in the data area, in one part of the axis, and covers nothing
// taken.
func (p *panel) free(box vg.Rectangle, taken []vg.Rectangle) bool {
	if box.Min.X < p.data.Min.X || box.Max.X > p.data.Max.X {
		return false
	}
	within := slices.ContainsFunc(p.parts, func(part section) bool { return box.Min.Y >= part.bottom && box.Max.Y <= part.top })
	return within && !slices.ContainsFunc(taken, func(t vg.Rectangle) bool { return overlap(box, t) > 0 })
}

// boxesOfOthers returns small boxes along all lines but one.
func (p *panel) boxesOfOthers(i int) []vg.Rectangle {
	var boxes []vg.Rectangle
	for k, l := range p.Lines {
		if k != i {
			boxes = append(boxes, p.boxesOf(l.Points)...)
		}
	}
	if p.Random != nil {
		boxes = append(boxes, p.boxesOf(p.Random.Mid)...)
	}
	return boxes
}

// distance returns the distance from a point to the nearest of the boxes' centres.
func distance(at vg.Point, boxes []vg.Rectangle) vg.Length {
	least := math.Inf(1)
	for _, b := range boxes {
		d := centre(b).Sub(at)
		least = min(least, math.Hypot(float64(d.X), float64(d.Y)))
	}
	return vg.Length(least)
}

// gapTo returns the distance from a box to the nearest of the other boxes' centres.
func gapTo(box vg.Rectangle, boxes []vg.Rectangle) vg.Length {
	least := math.Inf(1)
	for _, b := range boxes {
		d := centre(b).Sub(nearest(box, centre(b)))
		least = min(least, math.Hypot(float64(d.X), float64(d.Y)))
	}
	return vg.Length(least)
}

// nearest returns the point of a box that is nearest to a point.
func nearest(box vg.Rectangle, to vg.Point) vg.Point {
	return vg.Point{X: max(box.Min.X, min(box.Max.X, to.X)), Y: max(box.Min.Y, min(box.Max.Y, to.Y))}
}

// inside reports whether a point lies in a box.
func inside(box vg.Rectangle, at vg.Point) bool { return nearest(box, at) == at }

// clearPath reports whether a straight line between two points crosses no box.
func clearPath(a, b vg.Point, boxes []vg.Rectangle) bool {
	const steps = 8
	for k := range steps + 1 {
		at := a.Add(b.Sub(a).Scale(vg.Length(k) / steps))
		if slices.ContainsFunc(boxes, func(box vg.Rectangle) bool { return inside(box, at) }) {
			return false
		}
	}
	return true
}

// overlap returns the area of the intersection of two boxes.
func overlap(a, b vg.Rectangle) vg.Length {
	x := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
	y := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
	return max(0, x) * max(0, y)
}
