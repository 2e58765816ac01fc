package report

import (
	"fmt"
	"image/color"
	"slices"
	"strconv"
	"strings"

	"github.com/routellm/routellm/plots"
)

// palette gives each router of a page the look that figures give it: a CSS class with its colour,
// for light and dark pages, and its dash pattern.
type palette struct{ names []string }

// newPalette returns the palette of all routers on the page.
func newPalette(p Page) palette {
	var out palette
	add := func(lines []plots.Line) {
		for _, l := range lines {
			if !slices.Contains(out.names, l.Name) {
				out.names = append(out.names, l.Name)
			}
		}
	}
	for _, s := range p.Sections {
		add(s.Chart.Lines)
	}
	for _, s := range p.Pools {
		c, _ := s.Chart.Curves() // without lines if it cannot be drawn
		add(c.Lines)
	}
	return out
}

// class returns the CSS class of a router.
func (p palette) class(name string) string { return "s" + strconv.Itoa(slices.Index(p.names, name)) }

// css returns the rules of all classes. They set --light, --dark and --d; the style sheet chooses.
func (p palette) css() string {
	looks := plots.Looks(p.names)
	var b strings.Builder
	for _, name := range p.names {
		l := looks[name]
		fmt.Fprintf(&b, ".%s { --light: %s; --dark: %s; --d: %s; }\n", p.class(name), hex(l.Colour), hex(l.Dark), dashes(l.Dash))
	}
	return b.String()
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// dashes writes a dash pattern for lines that are a little wider than those of figures.
func dashes(lengths []float64) string {
	if len(lengths) == 0 {
		return "none"
	}
	texts := make([]string, len(lengths))
	for i, l := range lengths {
		texts[i] = strconv.FormatFloat(l*1.2, 'f', -1, 64)
	}
	return strings.Join(texts, " ")
}
