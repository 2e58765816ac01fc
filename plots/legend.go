package plots

import (
	"fmt"
	"maps"
	"slices"

	"gonum.org/v1/plot/vg"
)

// entry is one row of the legend: its text and the ink drawn before it.
type entry struct {
	text string
	key  func(p *pen, at vg.Rectangle)
}

// entries lists the legend: routers first, then what they are measured against,
// then what the glyphs on the curves mean. Qualities are written as y writes its
// ticks, with a decimal more.
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
		es = append(es, entry{bandName(*c.Random), s.bandKey})
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

func bandName(b Band) string {
	if b.Name == "" {
		return "random, pointwise 95 %"
	}
	return b.Name
}

// bandKey shows the dashed line within its band.
func (s Style) bandKey(p *pen, at vg.Rectangle) {
	p.block(s.Band, at)
	p.rule(at, s.random())
}

// percents lists the CPT levels of all lines, ascending, each once.
func (c Curves) percents() []int {
	seen := map[int]bool{}
	for _, l := range c.Lines {
		for _, m := range l.CPT {
			seen[m.Percent] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// legend is its texts in columns filled from top to bottom, then left to right.
type legend struct {
	texts   []string
	rows    int
	columns []vg.Length // widths, key included
	pitch   vg.Length   // distance of rows
}

// fitLegend takes the most columns, up to four, that fit into limit. Texts too
// wide for a single column lose their middle.
func (s Style) fitLegend(texts []string, limit vg.Length) legend {
	g := legend{pitch: lineHeight(s.LegendSize) + 3}
	for _, t := range texts {
		g.texts = append(g.texts, elide(clean(t), s.LegendSize, limit-keyWidth-gap))
	}
	for n := 4; n > 0; n-- {
		g.arrange(n, s.LegendSize)
		if g.width() <= limit {
			break
		}
	}
	return g
}

func (g *legend) arrange(columns int, size float64) {
	g.rows = (len(g.texts) + columns - 1) / columns
	g.columns = nil
	for i, t := range g.texts {
		if i%g.rows == 0 {
			g.columns = append(g.columns, 0)
		}
		w := &g.columns[len(g.columns)-1]
		*w = max(*w, keyWidth+gap+textWidth(t, size))
	}
}

func (g legend) width() vg.Length {
	w := vg.Length(-columnGap)
	for _, c := range g.columns {
		w += c + columnGap
	}
	return w
}

func (g legend) height() vg.Length { return vg.Length(g.rows) * g.pitch }
