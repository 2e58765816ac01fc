package plots

import (
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Placing of tags, in type sizes.
const (
	apart    = 0.25 // ends of lines that are closer together cannot be told apart
	moved    = 1.6  // how far the name of an end may be moved
	clearing = 0.45 // distance from the named point of a line to the next line
	near     = 0.35 // distance of a name from its line that needs no hairline
	far      = 2.6  // longest hairline
	nearer   = 0.4  // by how much a name is nearer to its own line than to any other
)

// nameEnds sets the width that the names of the lines need right of the data area, if each can
// stand at the end of its line. Panels side by side share a legend instead.
func (p *panel) nameEnds(limit vg.Length) {
	p.legend.lines, p.legend.levels = true, true
	if !p.alone {
		return
	}
	if p.tags = p.endTags(); p.tags == nil {
		return
	}
	var widest vg.Length
	for _, t := range p.tags {
		widest = max(widest, t.box.Size().X)
	}
	if widest > limit {
		p.tags = nil
		return
	}
	p.legend.lines, p.ends = false, p.style.gap()+widest
}

// drawn returns the indices of the lines that have points.
func (p *panel) drawn() []int {
	var all []int
	for i, l := range p.Lines {
		if len(l.Points) > 1 {
			all = append(all, i)
		}
	}
	return all
}

// endTags returns names for the ends of the lines, at their heights in a data area that begins at
// 0. It returns nil if a line does not end at the right, or if two of them end in nearly the same
// place, as all curves of quality do.
func (p *panel) endTags() []tag {
	size := vg.Length(p.style.FontSize)
	var tags []tag
	for _, i := range p.drawn() {
		last := p.Lines[i].Points[len(p.Lines[i].Points)-1]
		if last.StrongFraction < 0.9 {
			return nil
		}
		y := p.atY(last.Quality * p.scale())
		text := textLabel(clean(p.Lines[i].Name), p.style.FontSize, vg.Point{Y: y - p.style.line()/2})
		tags = append(tags, tag{label: text, line: i, at: vg.Point{Y: y}})
	}
	sort.SliceStable(tags, func(i, k int) bool { return tags[i].at.Y < tags[k].at.Y })
	for i := range tags {
		if i > 0 && tags[i].at.Y-tags[i-1].at.Y < apart*size {
			return nil
		}
	}
	spread(tags, p.style.line())
	for _, t := range tags {
		if by := centre(t.box).Y - t.at.Y; max(by, -by) > moved*size {
			return nil
		}
	}
	return tags
}

// spread moves names apart that are sorted by height, such that their centres are at least pitch
// apart and they move as little as possible (in the mean of each group that touches).
func spread(tags []tag, pitch vg.Length) {
	type group struct {
		first, n int
		middle   vg.Length
	}
	var groups []group
	for i := range tags {
		groups = append(groups, group{i, 1, tags[i].at.Y})
		for k := len(groups) - 1; k > 0; k-- {
			a, b := groups[k-1], groups[k]
			if b.middle-a.middle >= vg.Length(a.n+b.n)/2*pitch {
				break
			}
			all := vg.Length(a.n + b.n)
			groups = append(groups[:k-1], group{a.first, a.n + b.n, (a.middle*vg.Length(a.n) + b.middle*vg.Length(b.n)) / all})
		}
	}
	for _, g := range groups {
		for k := range g.n {
			by := g.middle + (vg.Length(k)-vg.Length(g.n-1)/2)*pitch - centre(tags[g.first+k].box).Y
			box := &tags[g.first+k].box
			box.Min.Y, box.Max.Y = box.Min.Y+by, box.Max.Y+by
		}
	}
}

// placeTags places the names of levels and lines in the panel. What does not fit is left to the
// legend: the names of both levels, or those of all lines.
func (p *panel) placeTags() {
	s := p.style
	for i := range p.tags { // at the ends of lines: nameEnds chose the heights
		t := &p.tags[i]
		last := p.Lines[t.line].Points[len(p.Lines[t.line].Points)-1]
		t.at = p.at(last)
		by := vg.Point{X: p.data.Max.X + s.gap() - t.box.Min.X, Y: p.data.Min.Y}
		t.box = vg.Rectangle{Min: t.box.Min.Add(by), Max: t.box.Max.Add(by)}
		off := centre(t.box).Y - t.at.Y
		t.leader = max(off, -off) > s.line()/3
	}
	taken := append(p.marks(), p.lineBoxes()...)
	for _, n := range p.notes {
		taken = append(taken, n.box)
	}
	if tags := p.levelTags(taken); p.repeats != nil {
		p.legend.levels = p.repeats.legend.levels
	} else if tags != nil {
		p.tags, p.legend.levels = append(p.tags, tags...), false
		for _, t := range tags {
			taken = append(taken, t.box)
		}
	}
	if p.legend.lines && p.alone {
		if tags := p.lineTags(taken); tags != nil {
			p.tags, p.legend.lines = append(p.tags, tags...), false
		}
	}
}

// levelTags returns names on the lines of the levels: the strong model's above its line from the
// left, the weak model's below its line from the right. It returns nil if one does not fit.
func (p *panel) levelTags(taken []vg.Rectangle) []tag {
	const places, beside = 24, 2.2
	s := p.style
	var tags []tag
	for _, l := range p.levels() {
		y := p.atY(l.Quality * p.scale())
		room := p.data.Size().X - 2*s.gap()
		text := p.levelName(l)
		if textWidth(text, s.FontSize) > room { // its place says which model it is
			text = elide(strings.TrimPrefix(text, l.role+": "), s.FontSize, room)
		}
		w := textWidth(text, s.FontSize)
		var spots []vg.Point
		for _, above := range []bool{l.style == 0, l.style != 0} {
			height := y - s.line() - beside*s.unit()
			if above {
				height = y + beside*s.unit()
			}
			for k := range places + 1 {
				along := vg.Length(k) / places * (p.data.Size().X - w - 2*s.gap())
				x := p.data.Min.X + s.gap() + along
				if l.style != 0 {
					x = p.data.Max.X - s.gap() - w - along
				}
				spots = append(spots, vg.Point{X: x, Y: height})
			}
		}
		k := slices.IndexFunc(spots, func(at vg.Point) bool { return p.free(textLabel(text, s.FontSize, at).box, taken) })
		if k < 0 {
			return nil
		}
		t := tag{label: textLabel(text, s.FontSize, spots[k]), line: -1}
		tags, taken = append(tags, t), append(taken, t.box)
	}
	return tags
}

// lineTags returns a name beside each line, where it is far from the others. It returns nil if one
// does not fit.
func (p *panel) lineTags(taken []vg.Rectangle) []tag {
	var tags []tag
	for _, i := range p.drawn() {
		t, ok := p.lineTag(i, taken)
		if !ok {
			return nil
		}
		tags, taken = append(tags, t), append(taken, t.box)
	}
	return tags
}

// directions are the sides on which the name of a point may stand, the best first.
var directions = []vg.Point{{X: -1, Y: 1}, {X: 1, Y: -1}, {X: 0, Y: 1}, {X: 0, Y: -1}, {X: 1, Y: 0}, {X: -1, Y: 0}}

// lineTag returns a name beside line i: the one with the shortest hairline and, of several, that
// whose point is the furthest from other lines.
func (p *panel) lineTag(i int, taken []vg.Rectangle) (tag, bool) {
	s := p.style
	size := vg.Length(s.FontSize)
	text := elide(clean(p.Lines[i].Name), s.FontSize, p.data.Size().X/3)
	half := vg.Point{X: textWidth(text, s.FontSize) / 2, Y: s.line() / 2}
	own, others := p.boxesOf(p.Lines[i].Points), p.boxesOfOthers(i)
	var best tag
	least := vg.Length(math.Inf(1))
	for k := 0; k < len(own); k += max(1, len(own)/60) {
		at := centre(own[k])
		room := distance(at, others)
		if room < clearing*size || !inside(p.data, at) {
			continue
		}
		for step := range 5 {
			reach := size * (near + vg.Length(step)*(far-near)/4)
			cost := reach - min(room, 3*size)/2
			if cost >= least {
				break
			}
			for _, d := range directions {
				middle := vg.Point{X: at.X + d.X*(half.X+reach), Y: at.Y + d.Y*(half.Y+reach)}
				if d.X != 0 && d.Y != 0 { // the corner of the box is nearest to the point
					middle = vg.Point{X: at.X + d.X*(half.X+reach*0.6), Y: at.Y + d.Y*(half.Y*0.6+reach*0.6)}
				}
				box := vg.Rectangle{Min: middle.Sub(half), Max: middle.Add(half)}
				if p.free(box, taken) && clearPath(at, nearest(box, at), others) && gapTo(box, others) > gapTo(box, own)+size*nearer {
					least = cost
					best = tag{label{text: text, size: s.FontSize, box: box}, i, at, step > 0}
					break
				}
			}
		}
	}
	return best, !math.IsInf(float64(least), 1)
}

// drawTags draws the names and the hairlines to them.
func (p *panel) drawTags(on *pen) {
	ink := p.style.inks()
	for _, t := range p.tags {
		if t.leader {
			to := nearest(t.box, t.at)
			if t.box.Min.X >= p.data.Max.X {
				to = vg.Point{X: t.box.Min.X - p.style.unit(), Y: centre(t.box).Y}
			}
			on.StrokeLine2(stroke(p.lineColour(t.line), p.style.unit()*0.6), t.at.X, t.at.Y, to.X, to.Y)
		}
		on.text(t.label, ink.text)
	}
}
