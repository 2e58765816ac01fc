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

// luminance returns the relative luminance of a colour (WCAG 2.2).
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		if x := float64(v) / 255; x > 0.04045 {
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
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
