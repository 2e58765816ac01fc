package figures

import (
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/plots"
)

// curveFigure returns a figure whose picture has one or several panels. The numbers have the panels'
// names.
func curveFigure(name, title, note string, p plots.Panels, panels []string) figure {
	f := figure{name: name, title: title, note: note, picture: picture{name, p}}
	f.csv.Header = []string{"panel", "series", "kind", "strong_fraction", "quality"}
	for i, c := range p.Panels {
		addCurves(&f.csv, panels[i], c)
	}
	return f
}

// addCurves appends every number that a panel shows to the table.
func addCurves(t *table.Table, panel string, c plots.Curves) {
	add := func(series, kind string, points ...plots.Point) {
		for _, p := range points {
			t.Add(panel, series, kind, number(p.StrongFraction), number(p.Quality))
		}
	}
	add(c.Strong.Name, "strong model", plots.Point{StrongFraction: 1, Quality: c.Strong.Quality})
	add(c.Weak.Name, "weak model", plots.Point{StrongFraction: 0, Quality: c.Weak.Quality})
	if b := c.Random; b != nil {
		add("random", "line", b.Mid...)
		add("random", "band, lower", b.Lo...)
		add("random", "band, upper", b.Hi...)
	}
	for _, l := range c.Lines {
		add(l.Name, "line", l.Points...)
	}
	for _, d := range c.Dots {
		add(d.Name, "point", plots.Point{StrongFraction: d.StrongFraction, Quality: d.Quality})
	}
	for _, m := range c.Measures {
		add(m.Text, "measure", m.From, m.To)
	}
}
