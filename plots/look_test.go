package plots

import (
	"fmt"
	"image/color"
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// builtInNames lists the built-in routers with their variants.
func builtInNames() []string {
	names := []string{"bert", "causal_llm", "length", "subject", "random", "oracle"}
	for _, family := range []string{"mf", "knn", "sw_ranking"} {
		for _, variant := range []string{"", "@arena", "@judge", "@gold"} {
			names = append(names, family+variant)
		}
	}
	return names
}

// linear returns the intensity of a component of sRGB, in [0,1].
func linear(v uint8) float64 {
	if x := float64(v) / 255; x > 0.04045 {
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return float64(v) / 255 / 12.92
}

// luminance returns the relative luminance of a colour (WCAG 2.2).
func luminance(c color.NRGBA) float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast returns the contrast ratio of two colours, from 1 to 21 (WCAG 2.2).
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestLooksStandOutFromTheBackground(t *testing.T) {
	names := append(builtInNames(), "mine", "yours", "linear", "cluster", "cascade")
	for name, look := range Looks(names) {
		if got := contrast(look.Colour, LightBackground()); got < 3 {
			t.Errorf("%s: contrast %.2f with white, want at least 3", name, got)
		}
		if got := contrast(look.Dark, DarkBackground()); got < 3 {
			t.Errorf("%s: contrast %.2f with the dark background, want at least 3", name, got)
		}
	}
}

// TestLooksAreTheSameEverywhere: a built-in router has one look, whatever is beside it.
func TestLooksAreTheSameEverywhere(t *testing.T) {
	names := append([]string{"mine", "yours", "mf@new"}, builtInNames()...)
	all := Looks(names)
	for _, name := range builtInNames() {
		if !reflect.DeepEqual(all[name], LookOf(name)) {
			t.Errorf("%s looks different beside other routers", name)
		}
	}
	if !reflect.DeepEqual(all["mf@new"].Colour, LookOf("mf").Colour) {
		t.Error("a variant of mf does not have the colour of mf")
	}
	if !reflect.DeepEqual(Looks([]string{"mf", "theirs"}), Looks([]string{"theirs", "mf"})) {
		t.Error("the order of a built-in router changes a look")
	}
}

func TestLooksDifferWithinAPicture(t *testing.T) {
	names := append(builtInNames(), "linear", "cluster", "cascade")
	for i := range 40 {
		names = append(names, fmt.Sprintf("own %d", i), fmt.Sprintf("mf@own-%d", i))
	}
	checkDistinct(t, names)
	rapid.Check(t, func(t *rapid.T) { checkDistinct(t, rapid.SliceOfN(rapid.String(), 0, 30).Draw(t, "names")) })
}

// TestFewRoutersDifferInColour: seven routers of any names differ without their dashes.
func TestFewRoutersDifferInColour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`own-[a-z]{1,9}`), 0, len(hues), rapid.ID).Draw(t, "names")
		seen := map[color.NRGBA]string{}
		for name, look := range Looks(names) {
			if other, ok := seen[look.Colour]; ok {
				t.Fatalf("%s and %s have the same colour", name, other)
			}
			seen[look.Colour] = name
		}
	})
}

// sight maps a kind of sight to what it makes of linear RGB (Machado, Oliveira and Fernandes,
// "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1).
var sight = map[string][3][3]float64{
	"normal":       {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// seen returns a colour in the CIELAB space, as a kind of sight sees it.
func seen(c color.NRGBA, kind [3][3]float64) (lab [3]float64) {
	times := func(m [3][3]float64, v [3]float64) (out [3]float64) {
		for i, row := range m {
			for k, x := range row {
				out[i] += x * v[k]
			}
		}
		return out
	}
	rgb := times(kind, [3]float64{linear(c.R), linear(c.G), linear(c.B)})
	for i := range rgb {
		rgb[i] = max(0, min(1, rgb[i]))
	}
	xyz := times([3][3]float64{{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}}, rgb)
	for i, white := range []float64{0.9505, 1, 1.089} {
		if xyz[i] /= white; xyz[i] > 0.008856 {
			xyz[i] = math.Cbrt(xyz[i])
		} else {
			xyz[i] = 7.787*xyz[i] + 16.0/116
		}
	}
	return [3]float64{116*xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])}
}

// TestColoursDifferForColourBlindReaders: a difference below 5 is hard to see, one of 12 is not.
func TestColoursDifferForColourBlindReaders(t *testing.T) {
	for kind, matrix := range sight {
		for i, a := range hues {
			for _, b := range hues[:i] {
				for _, pair := range [][2]uint32{{a.light, b.light}, {a.dark, b.dark}} {
					x, y := seen(rgb(pair[0]), matrix), seen(rgb(pair[1]), matrix)
					if d := math.Hypot(math.Hypot(x[0]-y[0], x[1]-y[1]), x[2]-y[2]); d < 12 {
						t.Errorf("%s: %06X and %06X differ by %.1f, want at least 12", kind, pair[0], pair[1], d)
					}
				}
			}
		}
	}
}

func checkDistinct(t interface{ Fatalf(string, ...any) }, names []string) {
	seen := map[string]string{}
	for name, look := range Looks(names) {
		for _, key := range []string{fmt.Sprint("light", look.Colour, look.Dash), fmt.Sprint("dark", look.Dark, look.Dash)} {
			if other, ok := seen[key]; ok && other != name {
				t.Fatalf("%q and %q look alike: %s", name, other, key)
			}
			seen[key] = name
		}
	}
}
