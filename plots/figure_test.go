package plots

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
	"math"
	"strings"
	"sync"
	"testing"
)

func write(t *testing.T, s Style, c Curves, format Format) []byte {
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
		{`dot "unify": strong fraction -1`, Curves{Dots: []Dot{{"unify", -1, 0}}}},
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
	if err := (Style{}).Write(&b, Curves{}, SVG); err == nil || !strings.Contains(err.Error(), "style: width 0: want 300 to 4000") {
		t.Errorf("zero style: %v", err)
	}
	s := DefaultStyle()
	s.Palette = nil
	if err := s.Write(&b, Curves{}, SVG); err == nil || !strings.Contains(err.Error(), "style: 0 colours") {
		t.Errorf("no palette: %v", err)
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

func TestLinesLookDifferent(t *testing.T) {
	s, seen := DefaultStyle(), map[string]int{}
	for i := range 35 {
		l := s.line(i)
		key := fmt.Sprint(l.Color, l.Dashes)
		if j, dup := seen[key]; dup {
			t.Errorf("lines %d and %d look alike: %s", j, i, key)
		}
		seen[key] = i
	}
}
