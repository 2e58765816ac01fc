package plots

import (
	"bytes"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// draw draws from back to front, so that the most important parts cover the others.
func (f *figure) draw(on *pen) {
	ink := f.style.inks()
	on.fill(ink.back, []vg.Point{{}, {X: f.width}, {X: f.width, Y: f.height}, {Y: f.height}})
	percents := percentsOf(f.panels)
	for _, p := range f.panels {
		p.draw(on, percents)
	}
	for i, e := range f.legend {
		e.key(on, f.keys[i])
	}
	for _, l := range f.labels {
		on.text(l, ink.text)
	}
}

// draw draws the panel. A per cent of CPT has the same marker on all lines, even if some lack it.
func (p *panel) draw(on *pen, percents []int) {
	p.drawGrid(on)
	if a := p.Area; a != nil {
		p.fill(on, p.style.inks().area, a.Lo, a.Hi)
	}
	if b := p.Random; b != nil {
		p.fill(on, p.style.inks().band, b.Lo, b.Hi)
		p.curve(on, p.style.random(), b.Mid)
	}
	for _, l := range p.levels() {
		y := p.atY(l.Quality * p.scale())
		on.StrokeLine2(p.style.level(l.style), p.data.Min.X, y, p.data.Max.X, y)
	}
	for i, l := range p.Lines {
		p.fill(on, p.shade(i), l.Lo, l.Hi)
	}
	for i, l := range p.Lines {
		p.curve(on, p.stroke(i), l.Points)
		p.drawBars(on, i)
	}
	for i, l := range p.Lines {
		for _, m := range l.CPT {
			on.glyph(p.at(Point{m.StrongFraction, m.Quality}), p.style.marker(slices.Index(percents, m.Percent), p.lineColour(i)))
		}
	}
	for i, d := range p.Dots {
		on.glyph(p.at(Point{d.StrongFraction, d.Quality}), p.dot(i))
	}
	p.drawNotes(on)
	p.drawTags(on)
	for _, l := range append(p.labels, p.notes...) {
		on.text(l, p.style.inks().text)
	}
}

// drawGrid draws the grid and the axes, which are interrupted where the vertical axis is broken.
func (p *panel) drawGrid(on *pen) {
	ink, u := p.style.inks(), p.style.unit()
	grid, frame := stroke(ink.grid, 0.7*u), stroke(ink.frame, 0.8*u)
	for _, part := range p.parts {
		for _, t := range p.x.ticks {
			on.StrokeLine2(grid, p.atX(t.value), part.bottom, p.atX(t.value), part.top)
		}
	}
	for _, t := range p.y.ticks {
		on.StrokeLine2(grid, p.data.Min.X, p.atY(t.value), p.data.Max.X, p.atY(t.value))
	}
	on.StrokeLine2(frame, p.data.Min.X, p.data.Min.Y, p.data.Max.X, p.data.Min.Y)
	for i, part := range p.parts {
		x := p.data.Min.X
		on.StrokeLine2(frame, x, part.bottom, x, part.top)
		if len(p.parts) > 1 { // a slanted mark at each end of the break
			y := part.top
			if i > 0 {
				y = part.bottom
			}
			on.StrokeLine2(frame, x-3*u, y-1.5*u, x+3*u, y+1.5*u)
		}
	}
}

// curve draws a line in each part of the vertical axis.
func (p *panel) curve(on *pen, style draw.LineStyle, ps []Point) {
	for _, part := range p.parts {
		at := p.points(part, ps)
		if len(p.parts) == 1 {
			on.StrokeLines(style, at)
			continue
		}
		on.StrokeLines(style, p.clip(on, part).ClipLinesY(at)...)
	}
}

// fill fills the area between two curves in each part of the vertical axis.
func (p *panel) fill(on *pen, colour color.NRGBA, lo, hi []Point) {
	for _, part := range p.parts {
		outline := p.outline(part, lo, hi)
		if len(p.parts) > 1 && len(outline) > 2 {
			outline = p.clip(on, part).ClipPolygonY(outline)
		}
		if len(outline) > 2 {
			on.fill(colour, outline)
		}
	}
}

// clip returns a canvas that clips to a part of the vertical axis.
func (p *panel) clip(on *pen, part section) *draw.Canvas {
	return &draw.Canvas{Canvas: on.Canvas.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: p.data.Min.X, Y: part.bottom}, Max: vg.Point{X: p.data.Max.X, Y: part.top},
	}}
}

// drawBars draws the bars of line i in the line's colour.
func (p *panel) drawBars(on *pen, i int) {
	ink := p.stroke(i)
	ink.Dashes = nil
	half := halfCap * p.style.unit()
	for _, b := range p.Lines[i].Bars {
		lo, hi := p.at(Point{b.StrongFraction, b.Lo}), p.at(Point{b.StrongFraction, b.Hi})
		on.StrokeLine2(ink, lo.X, lo.Y, hi.X, hi.Y)
		on.StrokeLine2(ink, lo.X-half, lo.Y, lo.X+half, lo.Y)
		on.StrokeLine2(ink, hi.X-half, hi.Y, hi.X+half, hi.Y)
	}
}

// render draws f on an empty canvas and returns the canvas's bytes.
func (f *figure) render(canvas vg.CanvasWriterTo) ([]byte, error) {
	f.draw(&pen{draw.New(canvas)})
	var b bytes.Buffer
	_, err := canvas.WriteTo(&b)
	return b.Bytes(), err
}
