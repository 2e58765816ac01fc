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
	spots := besidePoint
	if len(p.Lines) > 0 || slices.ContainsFunc(p.Named, func(n Named) bool { return n.Reference }) {
		spots, taken = aroundPoint, append(taken, p.lineBoxes()...)
	}
	for _, m := range p.Measures {
		text, size := p.noteText(m.Text)
		box := p.freest(besideLine(p.at(m.From), p.at(m.To), size.X, size.Y, nameGap*u), size, taken, nil)
		taken = append(taken, box)
		p.notes = append(p.notes, label{text: text, size: p.style.FontSize, box: box})
	}
	for _, n := range p.Named {
		text, size := p.noteText(n.Name)
		at := centre(p.pointBox(n))
		box := p.freest(spots(at, size.X, size.Y, nameGap*u), size, taken, &at)
		taken = append(append(taken, box), p.leaderBoxes(at, box)...)
		p.notes = append(p.notes, label{text: text, size: p.style.FontSize, box: box})
	}
}

// noteText returns a text as it is shown in the data area, and its size.
func (p *panel) noteText(text string) (string, vg.Point) {
	text = elide(clean(text), p.style.FontSize, p.data.Size().X/2)
	return text, vg.Point{X: textWidth(text, p.style.FontSize), Y: p.style.line()}
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
// none, the box that covers least. For the name of a point, its hairline counts too.
func (p *panel) freest(spots []vg.Point, size vg.Point, taken []vg.Rectangle, point *vg.Point) vg.Rectangle {
	var best vg.Rectangle
	least := vg.Length(math.Inf(1))
	for _, at := range spots {
		box := p.moveInside(vg.Rectangle{Min: at, Max: at.Add(size)})
		moved := box.Min.Sub(at)
		covered := max(moved.X, -moved.X) + max(moved.Y, -moved.Y) // a move away from the point counts too
		for _, t := range taken {
			covered += overlap(box, t)
		}
		if point != nil {
			covered += p.crossed(*point, box)
		}
		if covered < least {
			best, least = box, covered
		}
	}
	return best
}

// crossed returns the area of the texts so far that a hairline from a point to its name would cover.
func (p *panel) crossed(at vg.Point, name vg.Rectangle) vg.Length {
	var area vg.Length
	for _, b := range p.leaderBoxes(at, name) {
		for _, n := range p.notes {
			area += overlap(b, n.box)
		}
	}
	return area
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
			on.StrokeLine2(stroke(colour, u), x, box.Min.Y+2*u, x, box.Max.Y-2*u)
		}
		at, name := centre(p.pointBox(n)), p.notes[len(p.Measures)+i].box
		p.drawLeader(on, at, name)
		on.glyph(at, glyph{sides: 24, radius: pointRadius * u, fill: colour, outline: ink.text})
	}
}

// drawLeader draws a hairline from a point to its name if it needs one.
func (p *panel) drawLeader(on *pen, at vg.Point, name vg.Rectangle) {
	if to, needed := p.leader(at, name); needed {
		on.StrokeLine2(stroke(p.style.inks().reference, 0.5*p.style.unit()), at.X, at.Y, to.X, to.Y)
	}
}

// leader returns the end of the hairline from a point to its name. None is needed if the name is
// right beside, above or below the point.
func (p *panel) leader(at vg.Point, name vg.Rectangle) (to vg.Point, needed bool) {
	to = centre(name)
	if math.Abs(float64(to.Y-at.Y)) <= float64(name.Size().Y) || name.Min.X <= at.X && at.X <= name.Max.X {
		return to, false
	}
	if to.X < at.X {
		return vg.Point{X: name.Max.X + p.style.unit(), Y: to.Y}, true
	}
	return vg.Point{X: name.Min.X - p.style.unit(), Y: to.Y}, true
}

// leaderBoxes returns small boxes along the hairline from a point to its name, from where it leaves
// the point.
func (p *panel) leaderBoxes(at vg.Point, name vg.Rectangle) []vg.Rectangle {
	to, needed := p.leader(at, name)
	if !needed {
		return nil
	}
	const steps = 10
	var boxes []vg.Rectangle
	for k := range steps - 2 {
		on := at.Add(to.Sub(at).Scale(vg.Length(k+2) / steps))
		boxes = append(boxes, around(on, on, p.style.unit()))
	}
	return boxes
}
