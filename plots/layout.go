package plots

import "gonum.org/v1/plot/vg"

// margin is the space between a figure's edge and its parts, in points.
const margin = 12

// layout holds the place of every part of a figure. The origin is at the lower left. Lengths
// are in points.
type layout struct {
	width, height vg.Length
	data          vg.Rectangle // data area, spanned by x from 0 to 100 and by the range of y
	x, y          axis
	labels        []label
	keys          []vg.Rectangle // one key per entry of the legend
	notes         []label        // labels inside the data area, from figure.placeNotes
}

// lay stacks the title, the data area, the axes' labels and the legend. The number of rows in
// the legend decides the height of the figure.
func (s Style) lay(c Curves, y axis, entries []string) layout {
	l := layout{width: vg.Length(s.Width), y: y}
	inner := l.width - 2*margin
	legend := s.fitLegend(entries, inner)
	title, titleSize := []string(nil), s.TitleSize
	if t := clean(c.Title); t != "" {
		title, titleSize = fitTitle(t, s.TitleSize, inner)
	}

	bottom := margin + legend.height() + 2*gap + lineHeight(s.LabelSize) + lineHeight(s.TickSize) + s.overhang()
	l.data.Min = vg.Point{X: margin + s.yAxisWidth(c, y), Y: bottom}
	l.data.Max = vg.Point{
		X: l.width - margin - textWidth("100", s.TickSize)/2,
		Y: bottom + vg.Length(s.PlotHeight),
	}
	l.height = l.data.Max.Y + s.overhang() + vg.Length(len(title))*lineHeight(titleSize) + margin

	l.addTitle(title, titleSize)
	l.addXAxis(s, c)
	l.addYAxis(s, c)
	l.addLegend(s, legend)
	return l
}

// overhang returns the height that a tick label at the end of the y axis needs beyond the axis.
func (s Style) overhang() vg.Length { return lineHeight(s.TickSize) / 2 }

// yAxisWidth returns the width of the y axis's tick labels and its rotated label.
func (s Style) yAxisWidth(c Curves, y axis) vg.Length {
	var w vg.Length
	for _, t := range y.ticks {
		w = max(w, textWidth(t.text, s.TickSize))
	}
	if c.YLabel != "" {
		w += lineHeight(s.LabelSize) + gap
	}
	return w + gap
}

func (l *layout) addTitle(lines []string, size float64) {
	y := l.height - margin
	for _, text := range lines {
		y -= lineHeight(size)
		l.add(text, size, (l.width-textWidth(text, size))/2, y)
	}
}

func (l *layout) addXAxis(s Style, c Curves) {
	room := l.data.Size().X / (2 * textWidth("100", s.TickSize))
	l.x = newAxis(0, 100, max(1, min(10, int(room))))
	name := "calls to the strong model (%)"
	if c.XLabel != "" {
		name = clean(c.XLabel)
	}
	if c.XTicks != nil {
		l.x.ticks = nil
		for _, t := range c.XTicks {
			l.x.ticks = append(l.x.ticks, tick{100 * t.At, clean(t.Text)})
		}
	}
	y := l.data.Min.Y - s.overhang() - lineHeight(s.TickSize)
	for _, t := range l.x.ticks {
		l.add(t.text, s.TickSize, l.atX(t.value)-textWidth(t.text, s.TickSize)/2, y)
	}
	name = elide(name, s.LabelSize, l.data.Size().X)
	x := (l.data.Min.X + l.data.Max.X - textWidth(name, s.LabelSize)) / 2
	l.add(name, s.LabelSize, x, y-lineHeight(s.LabelSize))
}

func (l *layout) addYAxis(s Style, c Curves) {
	for _, t := range l.y.ticks {
		x := l.data.Min.X - gap - textWidth(t.text, s.TickSize)
		l.add(t.text, s.TickSize, x, l.atY(t.value)-lineHeight(s.TickSize)/2)
	}
	if c.YLabel == "" {
		return
	}
	text := elide(clean(c.YLabel), s.LabelSize, vg.Length(s.PlotHeight))
	w := textWidth(text, s.LabelSize)
	at := vg.Point{X: margin, Y: (l.data.Min.Y + l.data.Max.Y - w) / 2}
	l.labels = append(l.labels, label{text, s.LabelSize, true,
		vg.Rectangle{Min: at, Max: at.Add(vg.Point{X: lineHeight(s.LabelSize), Y: w})}})
}

// addLegend centres the legend below the x axis.
func (l *layout) addLegend(s Style, g legend) {
	left := (l.width - g.width()) / 2
	for i, text := range g.texts {
		col, row := i/g.rows, i%g.rows
		x := left
		for _, w := range g.columns[:col] {
			x += w + columnGap
		}
		y := margin + vg.Length(g.rows-1-row)*g.pitch
		key := vg.Point{X: x, Y: y}
		l.keys = append(l.keys, vg.Rectangle{Min: key, Max: key.Add(vg.Point{X: keyWidth, Y: lineHeight(s.LegendSize)})})
		l.add(text, s.LegendSize, x+keyWidth+gap, y)
	}
}

// add places a horizontal line of text with its lower left corner at (x, y).
func (l *layout) add(text string, size float64, x, y vg.Length) {
	at := vg.Point{X: x, Y: y}
	box := vg.Rectangle{Min: at, Max: at.Add(vg.Point{X: textWidth(text, size), Y: lineHeight(size)})}
	l.labels = append(l.labels, label{text: text, size: size, box: box})
}

// atX returns the position of a displayed value on the x axis.
func (l *layout) atX(v float64) vg.Length {
	return l.data.Min.X + vg.Length(v/100)*l.data.Size().X
}

// atY returns the position of a displayed value on the y axis.
func (l *layout) atY(v float64) vg.Length {
	return l.data.Min.Y + vg.Length((v-l.y.min)/(l.y.max-l.y.min))*l.data.Size().Y
}
