package plots

import "gonum.org/v1/plot/vg"

// Space in the legend, in type sizes.
const (
	keyWidth  = 3   // width of the key before an entry
	columnGap = 1.8 // space between columns
	rowGap    = 0.2 // space between rows
)

// legend arranges texts in columns, filled from top to bottom, then from left to right.
type legend struct {
	texts        []string
	rows         int
	columns      []vg.Length // width of each column, keys included
	pitch        vg.Length   // distance between rows
	key, between vg.Length   // width of a key, and space between columns
}

// fitLegend arranges the entries in as many columns, up to four, as fit into limit. It cuts the
// middle out of texts that are too wide for a single column.
func (s Style) fitLegend(entries []entry, limit vg.Length) legend {
	size := vg.Length(s.FontSize)
	g := legend{pitch: s.line() + rowGap*size, key: keyWidth * size, between: columnGap * size}
	for _, e := range entries {
		g.texts = append(g.texts, elide(clean(e.text), s.FontSize, limit-g.key-s.gap()))
	}
	for n := 4; n > 0; n-- {
		g.arrange(n, s)
		if g.width() <= limit {
			break
		}
	}
	return g
}

// arrange distributes the texts over a number of columns.
func (g *legend) arrange(columns int, s Style) {
	g.rows = (len(g.texts) + columns - 1) / columns
	g.columns = nil
	for i, t := range g.texts {
		if i%g.rows == 0 {
			g.columns = append(g.columns, 0)
		}
		w := &g.columns[len(g.columns)-1]
		*w = max(*w, g.key+s.gap()+textWidth(t, s.FontSize))
	}
}

func (g legend) width() vg.Length {
	w := -g.between
	for _, c := range g.columns {
		w += c + g.between
	}
	return w
}

func (g legend) height() vg.Length { return vg.Length(g.rows) * g.pitch }
