package plots

import (
	"bytes"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// figure checks the style and c, and lays c out.
func (s Style) figure(c Curves) (*figure, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	y := c.yAxis(min(7, int(s.PlotHeight/(2*leading*s.TickSize))))
	f := &figure{Curves: c, style: s, legend: s.entries(c, y)}
	texts := make([]string, len(f.legend))
	for i, e := range f.legend {
		texts[i] = e.text
	}
	f.layout = s.lay(c, y, texts)
	f.placeNotes()
	return f, nil
}

// draw draws from back to front, so that the most important parts cover the others.
func (f *figure) draw(p *pen) {
	f.drawGrid(p)
	f.drawReferences(p)
	for i, l := range f.Lines {
		f.shade(p, f.style.shade(i), l.Lo, l.Hi)
	}
	for i, l := range f.Lines {
		p.StrokeLines(f.style.line(i), f.points(l.Points))
		f.drawBars(p, i)
	}
	f.drawMarkers(p)
	for i, d := range f.Dots {
		p.glyph(f.at(Point{d.StrongFraction, d.Quality}), f.style.dot(i))
	}
	f.drawNotes(p)
	for i, e := range f.legend {
		e.key(p, f.layout.keys[i])
	}
	for _, l := range append(f.layout.labels, f.layout.notes...) {
		p.text(l, f.style.Text)
	}
}

func (f *figure) drawGrid(p *pen) {
	l, grid := &f.layout, stroke(f.style.Grid, 0.7)
	p.fill(white(), []vg.Point{{}, {X: l.width}, {X: l.width, Y: l.height}, {Y: l.height}})
	for _, t := range l.x.ticks {
		p.StrokeLine2(grid, l.atX(t.value), l.data.Min.Y, l.atX(t.value), l.data.Max.Y)
	}
	for _, t := range l.y.ticks {
		p.StrokeLine2(grid, l.data.Min.X, l.atY(t.value), l.data.Max.X, l.atY(t.value))
	}
	frame := stroke(f.style.Frame, 0.8)
	p.StrokeLine2(frame, l.data.Min.X, l.data.Min.Y, l.data.Max.X, l.data.Min.Y)
	p.StrokeLine2(frame, l.data.Min.X, l.data.Min.Y, l.data.Min.X, l.data.Max.Y)
}

func (f *figure) drawReferences(p *pen) {
	if a := f.Area; a != nil {
		f.shade(p, f.style.Area, a.Lo, a.Hi)
	}
	if b := f.Random; b != nil {
		f.drawBand(p, *b)
	}
	for _, l := range f.levels() {
		y := f.layout.atY(l.Quality * f.scale())
		p.StrokeLine2(f.style.level(l.style), f.layout.data.Min.X, y, f.layout.data.Max.X, y)
	}
}

func (f *figure) drawBand(p *pen, b Band) {
	f.shade(p, f.style.Band, b.Lo, b.Hi)
	p.StrokeLines(f.style.random(), f.points(b.Mid))
}

// drawMarkers draws the CPT markers. A per cent has the same shape on all lines, even if some
// lines lack others.
func (f *figure) drawMarkers(p *pen) {
	levels := f.percents()
	for i, l := range f.Lines {
		colour := f.style.Palette[i%len(f.style.Palette)]
		for _, m := range l.CPT {
			g := f.style.marker(slices.Index(levels, m.Percent), colour)
			p.glyph(f.at(Point{m.StrongFraction, m.Quality}), g)
		}
	}
}

// halfCap is half the width of the line at each end of a bar, in points.
const halfCap = 3

// drawBars draws the bars of line i in the line's colour.
func (f *figure) drawBars(p *pen, i int) {
	ink := f.style.line(i)
	ink.Dashes = nil
	for _, b := range f.Lines[i].Bars {
		lo, hi := f.at(Point{b.StrongFraction, b.Lo}), f.at(Point{b.StrongFraction, b.Hi})
		p.StrokeLine2(ink, lo.X, lo.Y, hi.X, hi.Y)
		p.StrokeLine2(ink, lo.X-halfCap, lo.Y, lo.X+halfCap, lo.Y)
		p.StrokeLine2(ink, hi.X-halfCap, hi.Y, hi.X+halfCap, hi.Y)
	}
}

// render draws f on an empty canvas and returns the canvas's bytes.
func (f *figure) render(canvas vg.CanvasWriterTo) ([]byte, error) {
	f.draw(&pen{draw.New(canvas)})
	var b bytes.Buffer
	_, err := canvas.WriteTo(&b)
	return b.Bytes(), err
}
