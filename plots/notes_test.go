package plots

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
)

// noteClashes returns one message per text inside the data area that overlaps another text or
// a point, or leaves the area.
func noteClashes(f *panel) []string {
	var found []string
	data := f.data
	for i, a := range f.notes {
		if a.box.Min.X < data.Min.X-1e-6 || a.box.Min.Y < data.Min.Y-1e-6 || a.box.Max.X > data.Max.X+1e-6 || a.box.Max.Y > data.Max.Y+1e-6 {
			found = append(found, a.text+" leaves the data area")
		}
		for _, b := range f.notes[:i] {
			if overlap(a.box, b.box) > 1e-6 {
				found = append(found, a.text+" overlaps "+b.text)
			}
		}
		for _, n := range f.Named {
			if overlap(a.box, f.pointBox(n)) > 1e-6 {
				found = append(found, a.text+" covers "+n.Name)
			}
		}
	}
	return found
}

func TestNotesKeepApart(t *testing.T) {
	for name, c := range map[string]Figure{"construction": construction(), "ratings": ratings()} {
		drawn, err := DefaultStyle().figure(c)
		if err != nil {
			t.Fatal(err)
		}
		f := drawn.panels[0]
		if len(f.notes) != len(f.Measures)+len(f.Named) || len(f.notes) < 3 {
			t.Errorf("%s: %d notes, want %d", name, len(f.notes), len(f.Measures)+len(f.Named))
		}
		for _, clash := range noteClashes(f) {
			t.Errorf("%s: %s", name, clash)
		}
		f.notes[1].box = f.notes[0].box
		if noteClashes(f) == nil {
			t.Errorf("%s: a note on another gives no clash", name)
		}
	}
}

func TestNotesRefused(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		want string
		c    Curves
	}{
		{`area "a": point 1: quality NaN`, Curves{Area: &Area{"a", nil, []Point{{0, nan}}}}},
		{`measure "m": strong fraction 2`, Curves{Measures: []Measure{{Point{0, 0}, Point{2, 0}, "m"}}}},
		{`point "p": quality NaN`, Curves{Named: []Named{{Name: "p", Quality: 1, Lo: nan, Hi: 2}}}},
		{`include: quality NaN`, Curves{Include: []float64{nan}}},
	} {
		var b bytes.Buffer
		if err := test.c.Write(&b, SVG); err == nil || !strings.Contains(err.Error(), test.want) || b.Len() > 0 {
			t.Errorf("error %v, want it to say %s and nothing written", err, test.want)
		}
	}
	for _, x := range []float64{0, -1, nan, math.Inf(1)} {
		var b bytes.Buffer
		err := Scatter{Points: []Spot{{"free", x, 1, 1, 1}}}.Write(&b, SVG)
		if want := fmt.Sprintf(`point "free": X %v`, x); err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("error %v, want it to say %s", err, want)
		}
	}
	if err := (Scatter{}).Write(&bytes.Buffer{}, SVG); err != nil {
		t.Errorf("a scatter without points: %v", err)
	}
}

// TestInclude checks that the axis reaches the qualities in Include.
func TestInclude(t *testing.T) {
	a, b := Curves{Include: []float64{2, 7}}, grades()
	b.Include = []float64{2, 30}
	if y := a.yAxis(a.spans(), DefaultStyle()); y.min > 2 || y.max < 7 {
		t.Errorf("axis from %v to %v does not reach the qualities in Include", y.min, y.max)
	}
	if y := b.yAxis(b.spans(), DefaultStyle()); y.min > 2 || y.max < 30 {
		t.Errorf("axis from %v to %v does not reach the qualities in Include", y.min, y.max)
	}
}
