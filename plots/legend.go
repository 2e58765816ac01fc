package plots

import "gonum.org/v1/plot/vg"

// Space in the legend, in points.
const (
	keyWidth  = 30 // width of the key before an entry
	columnGap = 18 // space between columns
)

// legend arranges texts in columns, filled from top to bottom, then from left to right.
type legend struct {
	texts   []string
	rows    int
	columns []vg.Length // width of each column, keys included
	pitch   vg.Length   // distance between rows
}

// fitLegend arranges the texts in as many columns, up to four, as fit into limit. It cuts the
// middle out of texts that are too wide for a single column.
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

// arrange distributes the texts over a number of columns.
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
