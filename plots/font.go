package plots

import (
	"sort"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// sans holds the only font. The first figure parses it, so that a program that draws nothing
// does not pay for it.
var sans struct {
	once sync.Once
	font *opentype.Font
}

// face returns Liberation Sans at a size in points. It has the widths of Arial, so the layout
// still fits if a viewer substitutes Arial.
func face(size float64) font.Face {
	sans.once.Do(func() {
		f, err := opentype.Parse(liberationsansregular.TTF)
		if err != nil {
			panic("plots: liberation sans: " + err.Error()) // cannot happen: the font is compiled in
		}
		sans.font = f
	})
	return font.Face{
		Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)},
		Face: sans.font,
	}
}

// textWidth returns the sum of the runes' widths. It ignores kerning, which only makes text
// narrower and which PDF files and some browsers do not apply.
func textWidth(text string, size float64) vg.Length {
	f := face(size)
	var w vg.Length
	for _, r := range text {
		w += f.Width(string(r))
	}
	return w
}

// clean replaces characters that do not fit on a line of text by spaces: XML allows no control
// characters.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// elide cuts the middle out of text that is wider than limit, because names tend to differ at
// their ends.
func elide(text string, size float64, limit vg.Length) string {
	if textWidth(text, size) <= limit {
		return text
	}
	rs := []rune(text)
	short := func(cut int) string {
		keep := len(rs) - cut
		return string(rs[:(keep+1)/2]) + "…" + string(rs[len(rs)-keep/2:])
	}
	return short(sort.Search(len(rs), func(cut int) bool { return textWidth(short(cut), size) <= limit }))
}

// fitTitle breaks a title into one or two lines of at most limit, and returns them with their
// type size. It prefers two lines to smaller type, and smaller type (down to 60 %) to cutting
// text.
func fitTitle(text string, size float64, limit vg.Length) ([]string, float64) {
	if textWidth(text, size) <= limit {
		return []string{text}, size
	}
	lines := halve(text)
	widest := max(textWidth(lines[0], size), textWidth(lines[1], size))
	if widest > limit {
		// Slightly less than fits exactly, to allow for rounding.
		size *= max(0.6, float64(limit/widest)-1e-9)
	}
	return []string{elide(lines[0], size, limit), elide(lines[1], size, limit)}, size
}

// halve breaks text in two at the space nearest its middle or, without spaces, at the middle.
func halve(text string) []string {
	rs := []rune(text)
	best := -1
	for i, r := range rs {
		if r == ' ' && (best < 0 || abs(2*i-len(rs)) < abs(2*best-len(rs))) {
			best = i
		}
	}
	if best < 0 {
		return []string{string(rs[:len(rs)/2]), string(rs[len(rs)/2:])}
	}
	return []string{string(rs[:best]), string(rs[best+1:])}
}

func abs(i int) int { return max(i, -i) }
