package figures

import (
	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/plots"
)

// curveFigure returns a figure of pictures side by side. Each picture's file name is the
// figure's name with a suffix, "" for none.
func curveFigure(name, title, note string, pictures []plots.Curves, suffixes []string) figure {
	f := figure{name: name, title: title, note: note}
	f.csv.Header = []string{"picture", "series", "kind", "strong_fraction", "quality"}
	for i, c := range pictures {
		file := name
		if suffixes[i] != "" {
			file += "-" + suffixes[i]
		}
		f.pictures = append(f.pictures, picture{file, c})
		addCurves(&f.csv, file, c)
	}
	return f
}

// addCurves appends every number that a picture shows to the table.
func addCurves(t *table.Table, file string, c plots.Curves) {
	add := func(series, kind string, points ...plots.Point) {
		for _, p := range points {
			t.Add(file, series, kind, number(p.StrongFraction), number(p.Quality))
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
