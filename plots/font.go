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

// sans is the one font, parsed by the first figure: a program that draws nothing
// pays nothing.
var sans struct {
	once sync.Once
	font *opentype.Font
}

// face is Liberation Sans at a size in points. Its widths are Arial's, so the
// layout holds where a viewer substitutes that.
func face(size float64) font.Face {
	sans.once.Do(func() {
		f, err := opentype.Parse(liberationsansregular.TTF)
		if err != nil {
			panic("plots: liberation sans: " + err.Error()) // the bytes are compiled in
		}
		sans.font = f
	})
	return font.Face{
		Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)},
		Face: sans.font,
	}
}

// textWidth adds up the runes' own widths: the PDF and some browsers do not kern,
// and kerning only makes text narrower.
func textWidth(text string, size float64) vg.Length {
	f := face(size)
	var w vg.Length
	for _, r := range text {
		w += f.Width(string(r))
	}
	return w
}

// clean makes text safe for one line of every format: XML has no room for control
// characters.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// elide cuts the middle out of text wider than limit: names differ at their ends.
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

// fitTitle gives one line or two of at most limit, and the type size they take:
// two lines before smaller type, smaller type (to 60 %) before leaving text out.
func fitTitle(text string, size float64, limit vg.Length) ([]string, float64) {
	if textWidth(text, size) <= limit {
		return []string{text}, size
	}
	lines := halve(text)
	widest := max(textWidth(lines[0], size), textWidth(lines[1], size))
	if widest > limit {
		// A hair less than what fits exactly, for rounding.
		size *= max(0.6, float64(limit/widest)-1e-9)
	}
	return []string{elide(lines[0], size, limit), elide(lines[1], size, limit)}, size
}

// halve breaks text at the space, or failing spaces at the rune, nearest its middle.
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
