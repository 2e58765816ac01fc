package plots

import "gonum.org/v1/plot/vg"

// margin is the space between a figure's edge and its parts, in type sizes.
const margin = 0.6

// leastData is the least width of the data area of panels side by side, in type sizes.
const leastData = 13

// lay places every part of the figure: from above the title, the panels and the legend. The
// origin is at the lower left.
func (f *figure) lay(sameY bool) {
	s := f.style
	edge := vg.Length(margin * s.FontSize)
	inner := f.width - 2*edge
	rows := f.layPanels(inner, sameY)
	var blocks []legend
	for _, entries := range [][]entry{entriesOf(f.panels, (*panel).lineEntries), append(entriesOf(f.panels, (*panel).dotEntries, (*panel).referenceEntries), markerEntries(s, f.panels)...)} {
		f.legend = append(f.legend, entries...)
		blocks = append(blocks, s.fitLegend(entries, inner))
	}
	title, size := []string(nil), s.titleSize()
	if f.title != "" && !s.NoTitle {
		title, size = fitTitle(f.title, size, s.FontSize, inner)
	}

	f.height = 2*edge + blocks[0].height() + blocks[1].height() + vg.Length(len(title))*lineHeight(size)
	for _, row := range rows {
		f.height += row
	}
	y := f.height - edge
	for _, text := range title {
		y -= lineHeight(size)
		f.labels = append(f.labels, textLabel(text, size, vg.Point{X: (f.width - textWidth(text, size)) / 2, Y: y}))
	}
	columns := (len(f.panels) + len(rows) - 1) / max(1, len(rows))
	for i, p := range f.panels {
		if i%columns == 0 {
			y -= rows[i/columns]
		}
		p.move(vg.Point{X: edge, Y: y})
	}
	left := (f.width - max(blocks[0].width(), blocks[1].width())) / 2
	f.layLegend(blocks[0], left, edge+blocks[1].height())
	f.layLegend(blocks[1], left, edge)
}

// layPanels places the parts of each panel such that the row of panels begins at the left edge and
// ends at inner. The lowest part of each row is at 0. It returns the heights of the rows.
func (f *figure) layPanels(inner vg.Length, sameY bool) []vg.Length {
	s, n := f.style, len(f.panels)
	for _, p := range f.panels {
		p.split(vg.Length(s.PlotHeight))
		p.nameEnds(inner / 3)
	}
	columns, width := n, vg.Length(0)
	for ; columns > 0; columns-- {
		for i, p := range f.panels {
			p.hideY = sameY && i%columns != 0
		}
		width = f.dataWidth(columns, inner)
		if columns == 1 || width >= vg.Length(leastData*s.FontSize) {
			break
		}
	}
	height := vg.Length(s.PlotHeight)
	if columns > 1 {
		height = min(height, width)
	}
	lines := 1
	for _, p := range f.panels {
		lines = max(lines, len(wrap(p.xName(), s.labelSize(), width, 2)))
	}
	var rows []vg.Length
	left := vg.Length(0)
	for i, p := range f.panels {
		if i%columns == 0 {
			rows, left = append(rows, 0), 0
		}
		before, after := p.beside()
		row := &rows[len(rows)-1]
		*row = max(*row, p.lay(left+before, width, height, lines))
		left += before + width + after + 2*s.gap()
	}
	return rows
}

// dataWidth returns the width of each data area in rows of some columns.
func (f *figure) dataWidth(columns int, inner vg.Length) vg.Length {
	least := inner
	for i := 0; i < len(f.panels); i += columns {
		room := inner - vg.Length(columns-1)*2*f.style.gap()
		for _, p := range f.panels[i:min(i+columns, len(f.panels))] {
			before, after := p.beside()
			room -= before + after
		}
		if i+columns > len(f.panels) && i > 0 {
			continue // a last row with fewer panels has room
		}
		least = min(least, room/vg.Length(columns))
	}
	return least
}

// split divides the vertical axis of a data area that begins at 0.
func (p *panel) split(height vg.Length) { p.parts = p.y.split(height, p.style.unit()) }

// beside returns the widths of what is left and right of the data area.
func (p *panel) beside() (before, after vg.Length) {
	s := p.style
	for _, t := range p.y.ticks {
		before = max(before, textWidth(t.text, s.FontSize))
	}
	before += s.gap()
	if p.YLabel != "" && !p.hideY {
		before += lineHeight(s.labelSize()) + s.gap()
	}
	return before, max(p.ends, p.lastTick(s)/2)
}

// lastTick returns the width of the horizontal axis's last label.
func (p *panel) lastTick(s Style) vg.Length {
	if n := len(p.XTicks); n > 0 {
		last := p.XTicks[n-1]
		return max(0, textWidth(clean(last.Text), s.FontSize)-vg.Length(2*(1-last.At)*leastData*s.FontSize))
	}
	return textWidth("100", s.FontSize)
}

// lay places the panel's parts around a data area that begins at left and is width wide. The lowest
// part is at 0. The label of the horizontal axis has room for some lines. It returns the panel's
// height.
func (p *panel) lay(left, width, height vg.Length, lines int) vg.Length {
	s := p.style
	bottom := 2*s.gap() + vg.Length(lines)*lineHeight(s.labelSize()) + s.line() + s.overhang()
	p.data.Min = vg.Point{X: left, Y: bottom}
	p.data.Max = vg.Point{X: left + width, Y: bottom + height}
	p.split(height)
	for i := range p.parts {
		p.parts[i].bottom += bottom
		p.parts[i].top += bottom
	}
	p.layX()
	p.layY()
	top := p.data.Max.Y + s.overhang()
	if title := clean(p.Title); title != "" {
		lines := wrap(title, s.labelSize(), width, 2)
		for i, line := range lines {
			y := top + vg.Length(len(lines)-1-i)*lineHeight(s.labelSize())
			p.labels = append(p.labels, textLabel(line, s.labelSize(), vg.Point{X: left + (width-textWidth(line, s.labelSize()))/2, Y: y}))
		}
		top += vg.Length(len(lines))*lineHeight(s.labelSize()) + s.gap()/2
	}
	p.placeNotes()
	p.placeTags()
	return top
}

// overhang returns the height that a tick label at the end of the y axis needs beyond the axis.
func (s Style) overhang() vg.Length { return s.line() / 2 }

func (p *panel) layX() {
	s := p.style
	room := p.data.Size().X / (1.6 * textWidth("100", s.FontSize))
	p.x = newAxis(0, 100, max(1, min(10, int(room))))
	if p.XTicks != nil {
		p.x.ticks = p.spacedTicks()
	}
	y := p.data.Min.Y - s.overhang() - s.line()
	for _, t := range p.x.ticks {
		p.labels = append(p.labels, textLabel(t.text, s.FontSize, vg.Point{X: p.atX(t.value) - textWidth(t.text, s.FontSize)/2, Y: y}))
	}
	for i, line := range wrap(p.xName(), s.labelSize(), p.data.Size().X, 2) {
		x := (p.data.Min.X + p.data.Max.X - textWidth(line, s.labelSize())) / 2
		p.labels = append(p.labels, textLabel(line, s.labelSize(), vg.Point{X: x, Y: y - vg.Length(i+1)*lineHeight(s.labelSize())}))
	}
}

// xName returns the label of the horizontal axis.
func (p *panel) xName() string {
	if p.XLabel != "" {
		return clean(p.XLabel)
	}
	return "calls to the strong model (%)"
}

// spacedTicks returns XTicks without the texts of those that would touch the one before.
func (p *panel) spacedTicks() []tick {
	var out []tick
	end := -p.style.gap()
	for _, t := range p.XTicks {
		next := tick{100 * t.At, clean(t.Text)}
		half := textWidth(next.text, p.style.FontSize) / 2
		if at := p.atX(next.value); at-half < end+p.style.gap()/2 {
			next.text = ""
		} else {
			end = at + half
		}
		out = append(out, next)
	}
	return out
}

func (p *panel) layY() {
	s := p.style
	for _, t := range p.y.ticks {
		x := p.data.Min.X - s.gap() - textWidth(t.text, s.FontSize)
		p.labels = append(p.labels, textLabel(t.text, s.FontSize, vg.Point{X: x, Y: p.atY(t.value) - s.line()/2}))
	}
	if p.YLabel == "" || p.hideY {
		return
	}
	before, _ := p.beside()
	text := elide(clean(p.YLabel), s.labelSize(), p.data.Size().Y)
	w := textWidth(text, s.labelSize())
	at := vg.Point{X: p.data.Min.X - before, Y: (p.data.Min.Y + p.data.Max.Y - w) / 2}
	p.labels = append(p.labels, label{text, s.labelSize(), true,
		vg.Rectangle{Min: at, Max: at.Add(vg.Point{X: lineHeight(s.labelSize()), Y: w})}})
}

// layLegend places a block of the legend with its lower left corner at a position.
func (f *figure) layLegend(g legend, left, bottom vg.Length) {
	s := f.style
	for i, text := range g.texts {
		col, row := i/g.rows, i%g.rows
		x := left
		for _, w := range g.columns[:col] {
			x += w + g.between
		}
		key := vg.Point{X: x, Y: bottom + vg.Length(g.rows-1-row)*g.pitch}
		f.keys = append(f.keys, vg.Rectangle{Min: key, Max: key.Add(vg.Point{X: g.key, Y: s.line()})})
		f.labels = append(f.labels, textLabel(text, s.FontSize, vg.Point{X: x + g.key + s.gap(), Y: key.Y}))
	}
}
