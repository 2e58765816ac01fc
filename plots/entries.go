package plots

import (
	"fmt"
	"maps"
	"slices"

	"gonum.org/v1/plot/vg"
)

// entry is one entry of the legend: its text, and a function that draws the key before it.
type entry struct {
	text string
	key  func(p *pen, at vg.Rectangle)
}

// entries returns the entries of the legend: first the routers, then the references, then the
// CPT markers. Qualities have one decimal more than the ticks of y.
func (s Style) entries(c Curves, y axis) []entry {
	var es []entry
	for i, l := range c.Lines {
		es = append(es, entry{l.Name, func(p *pen, at vg.Rectangle) { p.rule(at, s.line(i)) }})
	}
	for i, d := range c.Dots {
		es = append(es, entry{d.Name, func(p *pen, at vg.Rectangle) { p.glyph(centre(at), s.dot(i)) }})
	}
	if c.Shade != "" {
		es = append(es, entry{c.Shade, func(p *pen, at vg.Rectangle) { p.block(s.shade(0), at) }})
	}
	if c.Random != nil {
		es = append(es, entry{bandName(*c.Random), func(p *pen, at vg.Rectangle) { s.bandKey(p, at, *c.Random) }})
	}
	for _, l := range c.levels() {
		text := l.role + ": " + l.Name + ", " + y.format(l.Quality*c.scale(), 1)
		es = append(es, entry{text, func(p *pen, at vg.Rectangle) { p.rule(at, s.level(l.style)) }})
	}
	if a := c.Area; a != nil {
		es = append(es, entry{a.Name, func(p *pen, at vg.Rectangle) { p.block(s.Area, at) }})
	}
	for i, percent := range c.percents() {
		text := fmt.Sprintf("CPT(%d %%): %d %% of the gap", percent, percent)
		es = append(es, entry{text, func(p *pen, at vg.Rectangle) { p.glyph(centre(at), s.marker(i, s.Text)) }})
	}
	return es
}

// bandName returns the name of the random router's band in the legend.
func bandName(b Band) string {
	if b.Name == "" {
		return "random, pointwise 95 %"
	}
	return b.Name
}

// bandKey draws the random router's dashed line inside its band, if it has one.
func (s Style) bandKey(p *pen, at vg.Rectangle, b Band) {
	if len(b.Lo)+len(b.Hi) > 0 || len(b.Mid) == 0 {
		p.block(s.Band, at)
	}
	p.rule(at, s.random())
}

// percents returns the distinct per cents of all lines' CPT markers in ascending order.
func (c Curves) percents() []int {
	seen := map[int]bool{}
	for _, l := range c.Lines {
		for _, m := range l.CPT {
			seen[m.Percent] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
