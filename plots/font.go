package plots

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for the font
	"io"
	"sort"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// compressed is made of Liberation Sans, without hinting, layout tables and names, as a TrueType file
// in the gzip format: 105 kB in place of 412. TestFontIsLiberationSans makes it from the module that
// has the font.
//
//go:embed sans.ttf.gz
var compressed []byte

// trueType returns Liberation Sans, the only font, as a TrueType file. The first figure unpacks it,
// so that a program that draws nothing does not pay for it.
var trueType = sync.OnceValue(func() []byte {
	r, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		panic("plots: liberation sans: " + err.Error()) // cannot happen: the font is compiled in
	}
	b, err := io.ReadAll(r)
	if err != nil {
		panic("plots: liberation sans: " + err.Error())
	}
	return b
})

// sans returns the parsed font.
var sans = sync.OnceValue(func() *opentype.Font {
	f, err := opentype.Parse(trueType())
	if err != nil {
		panic("plots: liberation sans: " + err.Error())
	}
	return f
})

// face returns Liberation Sans at a size in points. It has the widths of Arial, so the layout
// still fits if a viewer substitutes Arial.
func face(size float64) font.Face {
	return font.Face{
		Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)},
		Face: sans(),
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

// fitTitle breaks a title into lines of at most limit, and returns them with their type size. It
// prefers two lines to smaller type, smaller type (down to least) to three lines, and these to
// cutting text.
func fitTitle(text string, size, least float64, limit vg.Length) ([]string, float64) {
	if textWidth(text, size) <= limit {
		return []string{text}, size
	}
	lines := halve(text)
	widest := max(textWidth(lines[0], size), textWidth(lines[1], size))
	if widest <= limit {
		return lines, size
	}
	// Slightly less than fits exactly, to allow for rounding.
	if size *= float64(limit/widest) - 1e-9; size >= least {
		return lines, size
	}
	return wrap(text, least, limit, 3), least
}

// wrap breaks text at spaces into at most n lines of at most limit; two lines are about equally
// long. It cuts the middle out of what does not fit.
func wrap(text string, size float64, limit vg.Length, n int) []string {
	if halves := halve(text); n == 2 && textWidth(text, size) > limit && max(textWidth(halves[0], size), textWidth(halves[1], size)) <= limit {
		return halves
	}
	var lines []string
	for line, rest := "", strings.Fields(text); ; rest = rest[1:] {
		if len(rest) == 0 || len(lines)+1 == n {
			last := strings.TrimSpace(line + " " + strings.Join(rest, " "))
			return append(lines, elide(last, size, limit))
		}
		switch longer := strings.TrimSpace(line + " " + rest[0]); {
		case line == "" || textWidth(longer, size) <= limit:
			line = longer
		default:
			lines, line = append(lines, elide(line, size, limit)), ""
			if len(lines)+1 == n {
				return append(lines, elide(strings.Join(rest, " "), size, limit))
			}
			line = rest[0]
		}
	}
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
