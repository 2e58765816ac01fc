package plots

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// entry is one entry of the legend: its text, and a function that draws the key before it.
type entry struct {
	text string
	key  func(on *pen, at vg.Rectangle)
}

// entriesOf returns entries of the legend of all panels, each once.
func entriesOf(panels []*panel, parts ...func(*panel) []entry) []entry {
	var all []entry
	seen := map[string]bool{}
	for _, part := range parts {
		for _, p := range panels {
			for _, e := range part(p) {
				if !seen[e.text] {
					seen[e.text] = true
					all = append(all, e)
				}
			}
		}
	}
	return all
}

// lineEntries returns the routers whose names do not stand beside their lines.
func (p *panel) lineEntries() []entry {
	var es []entry
	for i, l := range p.Lines {
		if p.legend.lines || len(l.Points) < 2 {
			es = append(es, entry{l.Name, func(on *pen, at vg.Rectangle) { on.rule(at, p.stroke(i)) }})
		}
	}
	return es
}

func (p *panel) dotEntries() []entry {
	var es []entry
	for i, d := range p.Dots {
		es = append(es, entry{d.Name, func(on *pen, at vg.Rectangle) { on.glyph(centre(at), p.dot(i)) }})
	}
	return es
}

func (p *panel) referenceEntries() []entry {
	var es []entry
	ink := p.style.inks()
	if i := slices.IndexFunc(p.Lines, func(l Line) bool { return len(l.Lo)+len(l.Hi) > 0 }); p.Shade != "" && i >= 0 {
		es = append(es, entry{p.Shade, func(on *pen, at vg.Rectangle) { on.block(p.shade(i), at) }})
	}
	if p.Random != nil {
		es = append(es, entry{bandName(*p.Random), func(on *pen, at vg.Rectangle) { p.bandKey(on, at, *p.Random) }})
	}
	for _, l := range p.levels() {
		if p.legend.levels {
			es = append(es, entry{p.levelName(l), func(on *pen, at vg.Rectangle) { on.rule(at, p.style.level(l.style)) }})
		}
	}
	if a := p.Area; a != nil {
		es = append(es, entry{a.Name, func(on *pen, at vg.Rectangle) { on.block(ink.area, at) }})
	}
	return es
}

// levelName returns the name of a level with its role and its quality, which has one decimal more
// than the ticks.
func (p *panel) levelName(l level) string {
	return clean(l.role + ": " + l.Name + ", " + p.y.format(l.Quality*p.scale(), 1))
}

// bandName returns the name of the random router's band in the legend.
func bandName(b Band) string {
	if b.Name == "" {
		return "random, pointwise 95 % range"
	}
	return b.Name
}

// bandKey draws the random router's dashed line inside its band, if it has one.
func (p *panel) bandKey(on *pen, at vg.Rectangle, b Band) {
	if len(b.Lo)+len(b.Hi) > 0 || len(b.Mid) == 0 {
		on.block(p.style.inks().band, at)
	}
	on.rule(at, p.style.random())
}

// onePlace is the largest number of CPT markers that one entry explains.
const onePlace = 3

// markerEntries returns one entry for all CPT markers if they are few, and otherwise one for each.
func markerEntries(s Style, panels []*panel) []entry {
	percents := percentsOf(panels)
	draw := func(first, n int) func(on *pen, at vg.Rectangle) {
		return func(on *pen, at vg.Rectangle) {
			for k := range n {
				x := at.Min.X + at.Size().X*vg.Length(2*k+1)/vg.Length(2*n)
				on.glyph(vg.Point{X: x, Y: centre(at).Y}, s.marker(first+k, s.inks().text))
			}
		}
	}
	if n := len(percents); n > 0 && n <= onePlace {
		var texts []string
		for _, x := range percents {
			texts = append(texts, strconv.Itoa(x))
		}
		return []entry{{"CPT: calls that recover " + list(texts) + " % of the gap", draw(0, n)}}
	}
	var es []entry
	for i, x := range percents {
		es = append(es, entry{fmt.Sprintf("CPT: calls that recover %d %% of the gap", x), draw(i, 1)})
	}
	return es
}

// list joins items with commas and "and".
func list(items []string) string {
	last := len(items) - 1
	if last <= 0 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// percentsOf returns the distinct per cents of all lines' CPT markers in ascending order.
func percentsOf(panels []*panel) []int {
	seen := map[int]bool{}
	for _, p := range panels {
		for _, l := range p.Lines {
			for _, m := range l.CPT {
				seen[m.Percent] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
