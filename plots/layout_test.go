package plots

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// samples returns the figures of the tests by name.
func samples() map[string]Curves {
	return map[string]Curves{
		"one": accuracy(1), "three": accuracy(3), "twelve": accuracy(12),
		"grades": grades(), "long": longNames(), "empty": {}, "detectable": detectable(), "reliability": overconfident().curves(),
		"construction": construction(), "ratings": scattered(), "pool": drawn(elevenModels()),
	}
}

// boxes returns the names and boxes of the parts that must not overlap.
func (l layout) boxes() (names []string, rects []vg.Rectangle) {
	for _, b := range l.labels {
		names, rects = append(names, fmt.Sprintf("%q", b.text)), append(rects, b.box)
	}
	for i, k := range l.keys {
		names, rects = append(names, fmt.Sprintf("key %d", i)), append(rects, k)
	}
	return append(names, "data area"), append(rects, l.data)
}

// clashes returns one message per box that overlaps another or leaves the canvas.
func clashes(l layout) []string {
	var found []string
	names, rects := l.boxes()
	for i, a := range rects {
		if a.Min.X < 0 || a.Min.Y < 0 || a.Max.X > l.width || a.Max.Y > l.height {
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
	return found
}

func TestLayout(t *testing.T) {
	for name, c := range samples() {
		f, err := DefaultStyle().figure(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, clash := range clashes(f.layout) {
			t.Errorf("%s: %s", name, clash)
		}
	}
	f, _ := DefaultStyle().figure(grades())
	f.layout.labels[0].box.Max.X += 1000
	f.layout.keys[0] = f.layout.keys[1]
	if got := clashes(f.layout); len(got) < 2 {
		t.Errorf("a title off the canvas and a key on another give only these clashes: %q", got)
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
		_, rects := f.layout.boxes()
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
	s.Width = rapid.Float64Range(300, 1000).Draw(t, "width")
	s.PlotHeight = rapid.Float64Range(100, 500).Draw(t, "height")
	for _, size := range []*float64{&s.TitleSize, &s.LabelSize, &s.TickSize, &s.LegendSize} {
		*size = rapid.Float64Range(4, 24).Draw(t, "type size")
	}
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
		if got := clashes(f.layout); got != nil {
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
