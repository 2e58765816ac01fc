package plots

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// Sizes of notes, in points.
const (
	nameGap     = 7   // space between a point or a measure and its text
	pointRadius = 3.5 // radius of a named point
)

// placeNotes places the texts of measures and named points inside the data area, such that
// they cover neither each other nor a point if possible.
func (f *figure) placeNotes() {
	var taken []vg.Rectangle
	for _, m := range f.Measures {
		taken = append(taken, around(f.at(m.From), f.at(m.To), 2))
	}
	for _, n := range f.Named {
		taken = append(taken, f.pointBox(n), f.barBox(n))
	}
	if slices.ContainsFunc(f.Named, func(n Named) bool { return n.Reference }) {
		taken = append(taken, f.lineBoxes()...)
	}
	put := func(text string, spots func(w, h vg.Length) []vg.Point) {
		text = elide(clean(text), f.style.TickSize, f.layout.data.Size().X/2)
		w, h := textWidth(text, f.style.TickSize), lineHeight(f.style.TickSize)
		box := f.freest(spots(w, h), vg.Point{X: w, Y: h}, taken)
		taken = append(taken, box)
		f.layout.notes = append(f.layout.notes, label{text: text, size: f.style.TickSize, box: box})
	}
	for _, m := range f.Measures {
		put(m.Text, func(w, h vg.Length) []vg.Point { return besideLine(f.at(m.From), f.at(m.To), w, h) })
	}
	for _, n := range f.Named {
		spots := besidePoint
		if n.Reference {
			spots = aroundPoint
		}
		put(n.Name, func(w, h vg.Length) []vg.Point { return spots(centre(f.pointBox(n)), w, h) })
	}
}

// lineBoxes returns small boxes along all lines, which names of reference points avoid.
func (f *figure) lineBoxes() []vg.Rectangle {
	const step = 4 // points
	all := [][]Point{}
	for _, l := range f.Lines {
		all = append(all, l.Points)
	}
	if f.Random != nil {
		all = append(all, f.Random.Mid)
	}
	var boxes []vg.Rectangle
	for _, line := range all {
		at := f.points(line)
		for i := 1; i < len(at); i++ {
			d := at[i].Sub(at[i-1])
			n := int(math.Hypot(float64(d.X), float64(d.Y))/step) + 1
			for k := range n {
				p := at[i-1].Add(d.Scale(vg.Length(k) / vg.Length(n)))
				boxes = append(boxes, around(p, p, step/2))
			}
		}
	}
	return boxes
}

// pointBox returns the box of a named point.
func (f *figure) pointBox(n Named) vg.Rectangle {
	at := f.at(Point{n.StrongFraction, n.Quality})
	return around(at, at, pointRadius)
}

// barBox returns the box of a named point's interval.
func (f *figure) barBox(n Named) vg.Rectangle {
	return around(f.at(Point{n.StrongFraction, n.Lo}), f.at(Point{n.StrongFraction, n.Hi}), 1)
}

// around returns the rectangle that two points span, extended by a margin.
func around(a, b vg.Point, by vg.Length) vg.Rectangle {
	return vg.Rectangle{
		Min: vg.Point{X: min(a.X, b.X) - by, Y: min(a.Y, b.Y) - by},
		Max: vg.Point{X: max(a.X, b.X) + by, Y: max(a.Y, b.Y) + by},
	}
}

// besideLine returns positions for the lower left corner of a text of width w and height h at
// the middle of a line: right or left of a vertical line, above or below a horizontal one.
func besideLine(a, b vg.Point, w, h vg.Length) []vg.Point {
	mid := vg.Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2}
	if math.Abs(float64(a.X-b.X)) < math.Abs(float64(a.Y-b.Y)) {
		return []vg.Point{{X: mid.X + nameGap, Y: mid.Y - h/2}, {X: mid.X - nameGap - w, Y: mid.Y - h/2}}
	}
	return []vg.Point{{X: mid.X - w/2, Y: mid.Y + nameGap/2}, {X: mid.X - w/2, Y: mid.Y - nameGap/2 - h}}
}

// besidePoint returns positions for the lower left corner of a point's name of width w and
// height h, the nearest first.
func besidePoint(at vg.Point, w, h vg.Length) []vg.Point {
	var spots []vg.Point
	right, left := at.X+nameGap, at.X-nameGap-w
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
func aroundPoint(at vg.Point, w, h vg.Length) []vg.Point {
	beside := besidePoint(at, w, h)
	var spots []vg.Point
	for _, y := range []vg.Length{at.Y - nameGap - h, at.Y + nameGap} {
		for _, x := range []vg.Length{at.X - w/2, at.X - w + nameGap, at.X - nameGap} {
			spots = append(spots, vg.Point{X: x, Y: y})
		}
	}
	near := 4 * 4 // up to three quarters of a line higher or lower
	return slices.Concat(beside[:near], spots, beside[near:])
}

// freest returns the first box inside the data area that covers nothing taken or, if there is
// none, the box that covers least.
func (f *figure) freest(spots []vg.Point, size vg.Point, taken []vg.Rectangle) vg.Rectangle {
	var best vg.Rectangle
	least := vg.Length(math.Inf(1))
	for _, at := range spots {
		box := f.inside(vg.Rectangle{Min: at, Max: at.Add(size)})
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

// inside returns the box, moved into the data area.
func (f *figure) inside(box vg.Rectangle) vg.Rectangle {
	data, move := f.layout.data, vg.Point{}
	move.X = max(0, data.Min.X-box.Min.X) - max(0, box.Max.X-data.Max.X)
	move.Y = max(0, data.Min.Y-box.Min.Y) - max(0, box.Max.Y-data.Max.Y)
	return vg.Rectangle{Min: box.Min.Add(move), Max: box.Max.Add(move)}
}

// overlap returns the area of the intersection of two boxes.
func overlap(a, b vg.Rectangle) vg.Length {
	x := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
	y := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
	return max(0, x) * max(0, y)
}

func (f *figure) drawNotes(p *pen) {
	for _, m := range f.Measures {
		p.arrow(f.at(m.From), f.at(m.To), f.style.Text)
	}
	for i, n := range f.Named {
		colour := f.style.Palette[0]
		if n.Reference {
			colour = f.style.Reference
		}
		if box := f.barBox(n); n.Lo != n.Hi {
			x := centre(box).X
			p.StrokeLine2(stroke(colour, 1), x, box.Min.Y+1, x, box.Max.Y-1)
		}
		at, name := centre(f.pointBox(n)), f.layout.notes[len(f.Measures)+i].box
		f.drawLeader(p, at, name)
		p.glyph(at, glyph{sides: 24, radius: pointRadius, fill: colour, outline: f.style.Text})
	}
}

// drawLeader draws a hairline from a point to its name if the name is not right beside, above or
// below it.
func (f *figure) drawLeader(p *pen, at vg.Point, name vg.Rectangle) {
	mid := centre(name)
	if math.Abs(float64(mid.Y-at.Y)) <= float64(name.Size().Y) || name.Min.X <= at.X && at.X <= name.Max.X {
		return
	}
	x := name.Min.X
	if mid.X < at.X {
		x = name.Max.X
	}
	p.StrokeLine2(stroke(f.style.Reference, 0.5), at.X, at.Y, x, mid.Y)
}

// PlacedName is the name of a point as it is shown, perhaps shortened, and the place in the data
// area where its baseline begins: shares of the area's width and height from the lower left.
type PlacedName struct {
	Text string
	X, Y float64
}

// PlaceNames returns where to put the names of a figure's points in a data area of the given size,
// for drawing the figure elsewhere. size is the size of the type. A figure that cannot be drawn has
// no names.
func PlaceNames(c Curves, width, height, size float64) []PlacedName {
	s := DefaultStyle()
	s.TickSize, s.PlotHeight = size, height
	f, err := s.figure(c)
	if err != nil {
		return nil
	}
	f.layout.data.Max.X = f.layout.data.Min.X + vg.Length(width)
	f.layout.notes = nil
	f.placeNotes()
	area := f.layout.data
	var out []PlacedName
	for _, n := range f.layout.notes[len(f.Measures):] {
		base := n.box.Min.Y + lineHeight(size)/4
		out = append(out, PlacedName{n.text, float64((n.box.Min.X - area.Min.X) / area.Size().X), float64((base - area.Min.Y) / area.Size().Y)})
	}
	return out
}
