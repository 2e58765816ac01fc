package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Sizes of notes, in points at the default type size.
const (
	nameGap     = 7   // space between a point or a measure and its text
	pointRadius = 3.5 // radius of a named point
)

// placeNotes places the texts of measures and named points inside the data area, such that
// they cover neither each other nor a point if possible.
func (p *panel) placeNotes() {
	u := p.style.unit()
	var taken []vg.Rectangle
	for _, m := range p.Measures {
		taken = append(taken, around(p.at(m.From), p.at(m.To), 2*u))
	}
	for _, n := range p.Named {
		taken = append(taken, p.pointBox(n), p.barBox(n))
	}
	for _, d := range p.Dots {
		at := p.at(Point{d.StrongFraction, d.Quality})
		taken = append(taken, around(at, at, 5*u))
	}
	if slices.ContainsFunc(p.Named, func(n Named) bool { return n.Reference }) {
		taken = append(taken, p.lineBoxes()...)
	}
	put := func(text string, spots func(w, h vg.Length) []vg.Point) {
		text = elide(clean(text), p.style.FontSize, p.data.Size().X/2)
		w, h := textWidth(text, p.style.FontSize), lineHeight(p.style.FontSize)
		box := p.freest(spots(w, h), vg.Point{X: w, Y: h}, taken)
		taken = append(taken, box)
		p.notes = append(p.notes, label{text: text, size: p.style.FontSize, box: box})
	}
	for _, m := range p.Measures {
		put(m.Text, func(w, h vg.Length) []vg.Point { return besideLine(p.at(m.From), p.at(m.To), w, h, nameGap*u) })
	}
	for _, n := range p.Named {
		spots := besidePoint
		if n.Reference {
			spots = aroundPoint
		}
		put(n.Name, func(w, h vg.Length) []vg.Point { return spots(centre(p.pointBox(n)), w, h, nameGap*u) })
	}
}

// besideLine returns positions for the lower left corner of a text of width w and height h at
// the middle of a line: right or left of a vertical line, above or below a horizontal one.
func besideLine(a, b vg.Point, w, h, gap vg.Length) []vg.Point {
	mid := vg.Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2}
	if math.Abs(float64(a.X-b.X)) < math.Abs(float64(a.Y-b.Y)) {
		return []vg.Point{{X: mid.X + gap, Y: mid.Y - h/2}, {X: mid.X - gap - w, Y: mid.Y - h/2}}
	}
	return []vg.Point{{X: mid.X - w/2, Y: mid.Y + gap/2}, {X: mid.X - w/2, Y: mid.Y - gap/2 - h}}
}

// besidePoint returns positions for the lower left corner of a point's name of width w and
// height h, the nearest first.
func besidePoint(at vg.Point, w, h, gap vg.Length) []vg.Point {
	var spots []vg.Point
	right, left := at.X+gap, at.X-gap-w
	for step := range 40 {
		rise := vg.Length(step) * h / 4
		for _, y := range []vg.Length{at.Y - h/2 + rise, at.Y - h/2 - rise} {
			spots = append(spots, vg.Point{X: right, Y: y}, vg.Point{X: left, Y: y})
		}
	}
	return spots
}

// aroundPoint returns the positions of [besidePoint] and, after the nearest of them, those above
// and below the point.
func aroundPoint(at vg.Point, w, h, gap vg.Length) []vg.Point {
	beside := besidePoint(at, w, h, gap)
	var spots []vg.Point
	for _, y := range []vg.Length{at.Y - gap - h, at.Y + gap} {
		for _, x := range []vg.Length{at.X - w/2, at.X - w + gap, at.X - gap} {
			spots = append(spots, vg.Point{X: x, Y: y})
		}
	}
	near := 4 * 4 // up to three quarters of a line higher or lower
	return slices.Concat(beside[:near], spots, beside[near:])
}

// freest returns the first box inside the data area that covers nothing taken or, if there is
// none, the box that covers least.
func (p *panel) freest(spots []vg.Point, size vg.Point, taken []vg.Rectangle) vg.Rectangle {
	var best vg.Rectangle
	least := vg.Length(math.Inf(1))
	for _, at := range spots {
		box := p.moveInside(vg.Rectangle{Min: at, Max: at.Add(size)})
		moved := box.Min.Sub(at)
		covered := max(moved.X, -moved.X) + max(moved.Y, -moved.Y) // a move away from the point counts too
		for _, t := range taken {
			covered += overlap(box, t)
		}
		if covered < least {
			best, least = box, covered
		}
	}
	return best
}

// moveInside returns the box, moved into the data area.
func (p *panel) moveInside(box vg.Rectangle) vg.Rectangle {
	data, move := p.data, vg.Point{}
	move.X = max(0, data.Min.X-box.Min.X) - max(0, box.Max.X-data.Max.X)
	move.Y = max(0, data.Min.Y-box.Min.Y) - max(0, box.Max.Y-data.Max.Y)
	return vg.Rectangle{Min: box.Min.Add(move), Max: box.Max.Add(move)}
}

// drawNotes draws the measures and the named points.
func (p *panel) drawNotes(on *pen) {
	ink, u := p.style.inks(), p.style.unit()
	for _, m := range p.Measures {
		on.arrow(p.at(m.From), p.at(m.To), ink.text, u)
	}
	for i, n := range p.Named {
		colour := ink.accent
		if n.Reference {
			colour = ink.reference
		} else if len(p.Lines) > 0 {
			colour = p.lineColour(0)
		}
		if box := p.barBox(n); n.Lo != n.Hi {
			x := centre(box).X
			on.StrokeLine2(stroke(colour, u), x, box.Min.Y+1, x, box.Max.Y-1)
		}
		at, name := centre(p.pointBox(n)), p.notes[len(p.Measures)+i].box
		p.drawLeader(on, at, name)
		on.glyph(at, glyph{sides: 24, radius: pointRadius * u, fill: colour, outline: ink.text})
	}
}

// drawLeader draws a hairline from a point to its name if the name is not right beside, above or
// below it.
func (p *panel) drawLeader(on *pen, at vg.Point, name vg.Rectangle) {
	mid := centre(name)
	if math.Abs(float64(mid.Y-at.Y)) <= float64(name.Size().Y) || name.Min.X <= at.X && at.X <= name.Max.X {
		return
	}
	x := name.Min.X
	if mid.X < at.X {
		x = name.Max.X
	}
	on.StrokeLine2(stroke(p.style.inks().reference, 0.5*p.style.unit()), at.X, at.Y, x, mid.Y)
}
