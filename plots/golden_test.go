package plots

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the pictures in testdata")

// tolerance is the largest mean difference of pixels allowed, where black and white differ by
// 1. A missing curve makes a difference of 0.0018: see TestToleranceIsTight.
const tolerance = 0.001

// small returns the default style with fewer pixels.
func small() Style {
	s := DefaultStyle()
	s.PNGScale = 1
	return s
}

func TestGoldenSVG(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("skipped: last digits may differ off amd64")
	}
	for name, c := range samples() {
		got := write(t, DefaultStyle(), c, SVG)
		if want := golden(t, name+".svg", got); !bytes.Equal(got, want) {
			t.Errorf("%s.svg differs from the one in testdata: if the new picture is right, run with -update", name)
		}
	}
}

// TestGoldenPaper draws figures for print, in a column of 84 mm and on a page of 174 mm, light and
// dark.
func TestGoldenPaper(t *testing.T) {
	for _, name := range []string{"oracle", "panels", "twelve", "pool", "reliability"} {
		column, page := PaperStyle(84, 7), PaperStyle(174, 8)
		column.NoTitle, column.PNGScale, page.PNGScale, page.Theme = true, 1.5, 1, Dark
		for file, s := range map[string]Style{name + "-84mm.png": column, name + "-174mm-dark.png": page} {
			got := write(t, s, samples()[name], PNG)
			want := golden(t, file, got)
			if d := difference(decode(t, got), decode(t, want)); d > tolerance {
				t.Errorf("%s: mean difference %.4f, want at most %v", file, d, tolerance)
			}
		}
	}
}

func TestGoldenPNG(t *testing.T) {
	for _, name := range []string{"three", "twelve", "grades", "construction", "ratings", "reliability", "pool", "oracle", "panels"} {
		got := write(t, small(), samples()[name], PNG)
		want := golden(t, name+".png", got)
		if d := difference(decode(t, got), decode(t, want)); d > tolerance {
			t.Errorf("%s.png: mean difference %.4f, want at most %v", name, d, tolerance)
		}
	}
}

func TestToleranceIsTight(t *testing.T) {
	whole, part := grades(), grades()
	part.Lines[0].Points = nil
	a, b := decode(t, write(t, small(), whole, PNG)), decode(t, write(t, small(), part, PNG))
	if d := difference(a, b); d <= tolerance {
		t.Errorf("a missing curve makes a difference of only %.4f, want more than the tolerance", d)
	}
}

// golden returns a picture in testdata. With -update it first writes got there.
func golden(t *testing.T, name string, got []byte) []byte {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return want
}

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// difference returns the mean difference over pixels and colours, in [0,1], or 1 if the sizes
// differ.
func difference(a, b image.Image) float64 {
	if a.Bounds() != b.Bounds() {
		return 1
	}
	size, sum := a.Bounds().Max, 0.0
	for y := range size.Y {
		for x := range size.X {
			ar, ag, ab, _ := a.At(x, y).RGBA()
			br, bg, bb, _ := b.At(x, y).RGBA()
			for _, d := range []int{int(ar) - int(br), int(ag) - int(bg), int(ab) - int(bb)} {
				sum += float64(max(d, -d))
			}
		}
	}
	return sum / float64(3*0xFFFF*size.X*size.Y)
}
