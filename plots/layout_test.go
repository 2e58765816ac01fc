package plots

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// samples returns the figures of the tests by name.
func samples() map[string]Figure {
	return map[string]Figure{
		"one": accuracy(1), "three": accuracy(3), "twelve": accuracy(12), "oracle": withOracle(accuracy(3)), "near-oracle": withLimit(accuracy(3), 0.82),
		"grades": grades(), "long": longNames(), "empty": Curves{}, "detectable": detectable(), "reliability": overconfident(),
		"construction": construction(), "ratings": ratings(), "pool": elevenModels(), "panels": twoPanels(),
	}
}

// styles returns the styles of the tests by name: the default, and those of a column and of a page.
func styles() map[string]Style {
	dark, column := DefaultStyle(), PaperStyle(84, 7)
	dark.Theme, column.NoTitle = Dark, true
	return map[string]Style{"default": dark, "column": column, "page": PaperStyle(174, 8)}
}

// boxes returns the names and boxes of the parts that must not overlap.
func (f *figure) boxes() (names []string, rects []vg.Rectangle) {
	add := func(name string, box vg.Rectangle) { names, rects = append(names, name), append(rects, box) }
	labels := f.labels
	for i, p := range f.panels {
		labels = slices.Concat(labels, p.labels)
		for _, t := range p.tags {
			if t.box.Min.X >= p.data.Max.X {
				labels = append(labels, t.label)
			}
		}
		add(fmt.Sprintf("data area %d", i), p.data)
	}
	for _, l := range labels {
		add(fmt.Sprintf("%q", l.text), l.box)
	}
	for i, k := range f.keys {
		add(fmt.Sprintf("key %d", i), k)
	}
	return names, rects
}

// clashes returns one message per part that overlaps another or leaves the canvas, and per name in a
// data area that lies on another name, on a line or on a mark.
func clashes(f *figure) []string {
	var found []string
	names, rects := f.boxes()
	for i, a := range rects {
		if a.Min.X < 0 || a.Min.Y < 0 || a.Max.X > f.width || a.Max.Y > f.height {
			found = append(found, names[i]+" leaves the canvas")
		}
		for j, b := range rects[:i] {
			const touch = 1e-6
			x := min(a.Max.X, b.Max.X) - max(a.Min.X, b.Min.X)
			y := min(a.Max.Y, b.Max.Y) - max(a.Min.Y, b.Min.Y)
			if x > touch && y > touch {
				found = append(found, names[i]+" overlaps "+names[j])
			}
		}
	}
	for _, p := range f.panels {
		found = append(found, p.clashes()...)
	}
	return found
}

// clashes returns one message per tag that lies on a line, a mark or another text.
func (p *panel) clashes() []string {
	var found []string
	for i, t := range p.tags {
		if t.box.Min.X >= p.data.Max.X {
			continue
		}
		taken := slices.Concat(p.lineBoxes(), p.marks())
		for _, n := range p.notes {
			taken = append(taken, n.box)
		}
		for _, other := range p.tags[:i] {
			taken = append(taken, other.box)
		}
		if !p.free(t.box, taken) {
			found = append(found, fmt.Sprintf("name %q covers something", t.text))
		}
	}
	return found
}

func TestLayout(t *testing.T) {
	for name, drawn := range samples() {
		for in, s := range styles() {
			f, err := s.figure(drawn)
			if err != nil {
				t.Fatal(err)
			}
			for _, clash := range clashes(f) {
				t.Errorf("%s, %s: %s", name, in, clash)
			}
		}
	}
	f, _ := DefaultStyle().figure(twoPanels())
	f.labels[0].box.Max.X += 1000
	f.keys[0] = f.keys[1]
	f.panels[0].tags[0].box.Min.Y -= 10
	if got := clashes(f); len(got) < 3 {
		t.Errorf("a title off the canvas, a key on another and a name on another give only these clashes: %q", got)
	}
}

// TestNoTextIsSmallerThanAsked: the font size is that of the smallest text, and every text fits.
func TestNoTextIsSmallerThanAsked(t *testing.T) {
	for name, drawn := range samples() {
		for in, s := range styles() {
			f, err := s.figure(drawn)
			if err != nil {
				t.Fatal(err)
			}
			least := math.Inf(1)
			for _, l := range f.texts() {
				least = min(least, l.size)
			}
			if least != s.FontSize {
				t.Errorf("%s, %s: the smallest text has %v points, want %v", name, in, least, s.FontSize)
			}
		}
	}
}

// TestInkInBoxes checks that all pixels with ink lie inside the boxes, so that the boxes are
// where the text is.
func TestInkInBoxes(t *testing.T) {
	s := DefaultStyle()
	s.PNGScale = 1
	const dots = 96.0 / 72 // pixels per point
	for name, c := range samples() {
		f, err := s.figure(c)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(write(t, s, c, PNG)))
		if err != nil {
			t.Fatal(err)
		}
		_, rects := f.boxes()
		size, stray := picture.Bounds().Max, 0
		for y := range size.Y {
			for x := range size.X {
				if r, g, b, _ := picture.At(x, y).RGBA(); r+g+b == 3*0xFFFF {
					continue
				}
				at := vg.Point{X: vg.Length(float64(x)+0.5) / dots, Y: vg.Length(float64(size.Y-y)-0.5) / dots}
				if !covered(at, rects) {
					stray++
				}
			}
		}
		if stray > 0 {
			t.Errorf("%s: %d pixels of ink outside the boxes", name, stray)
		}
	}
}

// covered reports whether a point lies in a box, give or take 3 points: half a glyph on the
// frame, and smoothed edges.
func covered(at vg.Point, rects []vg.Rectangle) bool {
	const slack = 3
	for _, r := range rects {
		if at.X > r.Min.X-slack && at.X < r.Max.X+slack && at.Y > r.Min.Y-slack && at.Y < r.Max.Y+slack {
			return true
		}
	}
	return false
}

// anyStyle draws a style with any sizes.
func anyStyle(t *rapid.T) Style {
	s := DefaultStyle()
	s.Width = rapid.Float64Range(140, 1000).Draw(t, "width")
	s.PlotHeight = rapid.Float64Range(60, 500).Draw(t, "height")
	s.FontSize = rapid.Float64Range(5, min(24, s.Width/20)).Draw(t, "type size")
	return s
}

// TestAnyText checks layout and XML for any names, values and sizes.
func TestAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		c := Curves{
			Title: text.Draw(t, "title"), YLabel: text.Draw(t, "y label"),
			YScale: rapid.SampledFrom([]float64{0, 1, 100}).Draw(t, "scale"),
			Strong: Level{text.Draw(t, "strong"), rapid.Float64Range(-1e7, 1e7).Draw(t, "quality")},
			Weak:   Level{strings.Repeat(text.Draw(t, "weak"), 9), rapid.Float64Range(-1, 10).Draw(t, "quality")},
		}
		for range rapid.IntRange(0, 14).Draw(t, "lines") {
			c.Lines = append(c.Lines, Line{Name: text.Draw(t, "name")})
		}
		f, err := anyStyle(t).figure(c)
		if err != nil {
			t.Fatal(err)
		}
		if got := clashes(f); got != nil {
			t.Fatal(got)
		}
		picture, err := f.svg()
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(bytes.NewReader(picture))
		for err == nil {
			_, err = d.Token()
		}
		if err != io.EOF {
			t.Fatal(err)
		}
	})
}
