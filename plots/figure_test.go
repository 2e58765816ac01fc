package plots

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image/png"
	"math"
	"regexp"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/plot/vg"
)

func write(t *testing.T, s Style, c Figure, format Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Write(&b, c, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSameBytes(t *testing.T) {
	for name, c := range samples() {
		if !bytes.Equal(write(t, DefaultStyle(), c, SVG), write(t, DefaultStyle(), samples()[name], SVG)) {
			t.Errorf("%s: drawing it twice gives different bytes", name)
		}
	}
	for _, format := range Formats() {
		want := write(t, DefaultStyle(), grades(), format)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				var b bytes.Buffer
				if err := grades().Write(&b, format); err != nil || !bytes.Equal(b.Bytes(), want) {
					t.Errorf("%s: drawing it concurrently gives different bytes or an error: %v", format, err)
				}
			})
		}
		wg.Wait()
	}
}

func TestRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		want string
		c    Curves
	}{
		{`line "mf": point 2: strong fraction NaN`, Curves{Lines: []Line{{Name: "mf", Points: []Point{{0, 1}, {nan, 1}}}}}},
		{`line "mf": point 1: quality NaN`, Curves{Lines: []Line{{Name: "mf", Points: []Point{{0, nan}}}}}},
		{`line "mf": point 1: strong fraction 1.5: want a number in [0,1]`, Curves{Lines: []Line{{Name: "mf", Points: []Point{{1.5, 0}}}}}},
		{`line "mf": point 2: strong fraction 0.4 after 0.5`, Curves{Lines: []Line{{Name: "mf", Points: []Point{{0.5, 1}, {0.4, 1}}}}}},
		{`line "mf": point 1: quality NaN`, Curves{Lines: []Line{{Name: "mf", Lo: []Point{{0, nan}}, Hi: []Point{{0, 1}}}}}},
		{`line "mf": marker 20: quality +Inf`, Curves{Lines: []Line{{Name: "mf", CPT: []Marker{{20, 0, inf}}}}}},
		{`line "mf": marker 101: want a per cent from 0 to 100`, Curves{Lines: []Line{{Name: "mf", CPT: []Marker{{101, 0, 0}}}}}},
		{`dot "unify": strong fraction -1`, Curves{Dots: []Dot{{Name: "unify", StrongFraction: -1}}}},
		{`level "big": quality NaN`, Curves{Strong: Level{"big", nan}}},
		{`band "": point 1: quality NaN`, Curves{Random: &Band{Hi: []Point{{0, nan}}}}},
		{`YScale NaN`, Curves{YScale: nan}},
		{`YScale -1`, Curves{YScale: -1}},
		{`at most 1e+09 after scaling`, Curves{YScale: 1e9, Weak: Level{"small", 2}}},
	} {
		var b bytes.Buffer
		err := test.c.Write(&b, SVG)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want it to say %s", err, test.want)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes are written, want none", test.want, b.Len())
		}
	}
}

func TestRefusedStyleAndFormat(t *testing.T) {
	var b bytes.Buffer
	if err := (Style{}).Write(&b, Curves{}, SVG); err == nil || !strings.Contains(err.Error(), "style: width 0: want 140 to 4000") {
		t.Errorf("zero style: %v", err)
	}
	s := DefaultStyle()
	s.Theme = "sepia"
	if err := s.Write(&b, Curves{}, SVG); err == nil || err.Error() != `style: theme "sepia": want light or dark` {
		t.Errorf("unknown theme: %v", err)
	}
	if err := PaperStyle(84, 14).Write(&b, Curves{}, SVG); err == nil || !strings.Contains(err.Error(), "font size 14: want at most a twentieth of the width") {
		t.Errorf("type too large for the width: %v", err)
	}
	if err := (Curves{}).Write(&b, "gif"); err == nil || err.Error() != `unknown picture format "gif": want one of svg, png, pdf` {
		t.Errorf("gif: %v", err)
	}
	if b.Len() > 0 {
		t.Error("an invalid style or format writes bytes, want none")
	}
}

// TestLittleData draws figures with little or no data.
func TestLittleData(t *testing.T) {
	for name, c := range map[string]Curves{
		"nothing":    {},
		"no points":  {Lines: []Line{{Name: "mf"}}},
		"one point":  {Lines: []Line{{Name: "mf", Points: []Point{{0.5, 0.5}}}}},
		"flat":       {Strong: Level{"a", 0.5}, Weak: Level{"b", 0.5}, YScale: 100},
		"all zero":   {Strong: Level{"a", 0}, Lines: []Line{{Name: "x", Points: []Point{{0, 0}, {1, 0}}}}},
		"empty band": {Random: &Band{}},
		"half band":  {Random: &Band{Lo: []Point{{0, 0}, {1, 1}}}},
		"duplicates": {Lines: []Line{{Name: "a", Points: []Point{{0, 0}, {0, 1}, {0, 1}, {1, 1}}}, {Name: "a"}}},
		"huge":       {Strong: Level{"a", 1e9}, Weak: Level{"b", -1e9}},
	} {
		for _, format := range Formats() {
			if got := write(t, DefaultStyle(), c, format); len(got) == 0 {
				t.Errorf("%s: the %s is empty", name, format)
			}
		}
	}
}

func TestWriterFails(t *testing.T) {
	if err := grades().Write(failing{}, PNG); !errors.Is(err, errFull) {
		t.Errorf("error %v, want the writer's", err)
	}
}

var errFull = errors.New("full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

func TestPNGResolution(t *testing.T) {
	picture, err := png.Decode(bytes.NewReader(write(t, DefaultStyle(), grades(), PNG)))
	if err != nil {
		t.Fatal(err)
	}
	if w := picture.Bounds().Dx(); w != 8*96*2 {
		t.Errorf("%d pixels for 8 inches, want twice 96 per inch", w)
	}
}

// TestWidthIsAsAsked: the figure has the width that was asked for, in each format.
func TestWidthIsAsAsked(t *testing.T) {
	const points = 84 * 72 / 25.4
	s := PaperStyle(84, 7)
	svg := write(t, s, grades(), SVG)
	if want := []byte(`<svg width="238.11pt"`); !bytes.Contains(svg, want) {
		t.Errorf("the SVG lacks %s", want)
	}
	pdf := write(t, s, grades(), PDF)
	if m := regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) `).FindSubmatch(pdf); m == nil || string(m[1]) != "238.11" {
		t.Errorf("the PDF's page has the width %q, want 238.11 points", m)
	}
	picture := write(t, s, grades(), PNG)
	chunk := bytes.Index(picture, []byte("pHYs"))
	if chunk < 0 {
		t.Fatal("the PNG does not state its resolution")
	}
	perMetre := binary.BigEndian.Uint32(picture[chunk+4:])
	width := float64(decode(t, picture).Bounds().Dx()) / float64(perMetre) * 1000
	if math.Abs(width-84) > 0.01 || math.Abs(float64(perMetre)*0.0254-300) > 0.2 || math.Abs(points-s.Width) > 1e-9 {
		t.Errorf("the PNG is %.3f mm wide at %.1f pixels per inch, want 84 mm at 300", width, float64(perMetre)*0.0254)
	}
}

// TestAxisIsBrokenOnlyWhereItHelps: an oracle far above the routers breaks the axis, and they then
// fill most of the picture; a near one does not.
func TestAxisIsBrokenOnlyWhereItHelps(t *testing.T) {
	for name, parts := range map[string]int{"three": 1, "near-oracle": 1, "oracle": 2} {
		f, err := DefaultStyle().figure(samples()[name])
		if err != nil {
			t.Fatal(err)
		}
		p := f.panels[0]
		if len(p.parts) != parts {
			t.Errorf("%s: the vertical axis has %d parts, want %d", name, len(p.parts), parts)
		}
		if filled := (p.atY(80.6) - p.atY(68.14)) / p.data.Size().Y; filled < 0.6 {
			t.Errorf("%s: the routers fill %.2f of the height, want at least 0.6", name, filled)
		}
	}
}

// TestNoTitleKeepsTheNameForReaders: without a title, screen readers still find it in an SVG.
func TestNoTitleKeepsTheNameForReaders(t *testing.T) {
	s := DefaultStyle()
	s.NoTitle = true
	svg := write(t, s, grades(), SVG)
	if !bytes.Contains(svg, []byte("<title>MT Bench")) || bytes.Contains(svg, []byte(">MT Bench: gpt-4-1106-preview / mistralai/Mixtral-8x7B-Instruct-v0.1, n = 72</text>")) {
		t.Error("the SVG lacks its title for screen readers, or draws it")
	}
}

// TestPanelsAreEqual: panels have the same size and, with SameY, the same axis, in any width.
func TestPanelsAreEqual(t *testing.T) {
	for in, s := range styles() {
		f, err := s.figure(twoPanels())
		if err != nil {
			t.Fatal(err)
		}
		a, b := f.panels[0], f.panels[1]
		near := func(x, y vg.Length) bool { return math.Abs(float64(x-y)) < 1e-9 }
		if !near(a.data.Size().X, b.data.Size().X) || !near(a.data.Size().Y, b.data.Size().Y) || a.y.min != b.y.min || a.y.max != b.y.max {
			t.Errorf("%s: panels of %v and %v, axes from %v to %v and %v to %v", in, a.data.Size(), b.data.Size(), a.y.min, a.y.max, b.y.min, b.y.max)
		}
		if sideBySide := near(a.data.Min.Y, b.data.Min.Y); sideBySide != (in != "column") {
			t.Errorf("%s: panels side by side: %v", in, sideBySide)
		}
	}
}
