package report

import (
	"fmt"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// html renders the chart. name is the title of its section.
func (c chart) html(name string) g.Node {
	return ln(h.Figure(h.Class("chart"),
		ln(h.Div(h.Class("canvas"), c.picture(name), h.Div(h.Class("tip"), g.Attr("hidden")))),
		h.FigCaption(h.Ul(h.Class("legend"), c.legend())),
	))
}

func (c chart) picture(name string) g.Node {
	label := name + ": " + c.Label + " against the share of calls to the strong model. The values are in the tables below."
	return ln(h.SVG(g.Attr("viewBox", "0 0 490 330"), h.Role("img"), h.Aria("label", label),
		c.axes("calls to the strong model (%)"),
		g.Iff(c.Random != nil, func() g.Node {
			return ln(g.Group{path("band random", c.Random.Band), path("line random", c.Random.Path)})
		}),
		each(c.Levels, func(_ int, m mark) g.Node { return path("level", "M38 "+m.Y+"H470") }),
		// Bands come before lines, as a band drawn over a line would change its colour.
		each(c.Lines, func(i int, l line) g.Node {
			return g.Iff(l.Band != "", func() g.Node { return layer(i, path("band", l.Band)) })
		}),
		each(c.Lines, func(i int, l line) g.Node { return layer(i, path("line", l.Path)) }),
		c.dots(),
		path("cross", "M254 22V290"),
	))
}

// axes returns the labels of the axes, the ticks and the grid.
func (c chart) axes(x string) g.Node {
	return g.Group{
		ln(words("axis", "2", "12", c.Label)),
		each(c.Y, func(_ int, m mark) g.Node {
			return ln(g.Group{path("grid", "M38 "+m.Y+"H470"), words("tick end", "34", m.Y, m.Text, g.Attr("dy", "4"))})
		}),
		each(c.X, func(_ int, m mark) g.Node {
			return ln(g.Group{path("grid", "M"+m.X+" 22V290"), words("tick middle", m.X, "304", m.Text)})
		}),
		ln(words("axis middle", "254", "322", x)),
	}
}

// dots returns the operating points of routers without a curve.
func (c chart) dots() g.Node {
	return each(c.Dots, func(_ int, m mark) g.Node {
		return ln(g.El("circle", h.Class("dot"), g.Attr("cx", m.X), g.Attr("cy", m.Y), g.Attr("r", "4"), h.TitleEl(g.Text(m.Text))))
	})
}

// layer wraps the curve or the band of the i-th router, so that the legend can hide it.
func layer(i int, part g.Node) g.Node {
	return ln(g.El("g", h.Class(series(i)), h.Data("line", strconv.Itoa(i)), part))
}

func (c chart) legend() g.Node {
	return g.Group{
		each(c.Lines, func(i int, l line) g.Node { return legendLine(i, l.Name) }),
		g.If(c.Random != nil, legendItem(legendKey("", path("band random", "M0 0H28V12H0Z"), path("line random", "M0 6H28")), g.Text(" random routing, 95 % pointwise band"))),
		c.legendDots(),
		legendItem(legendKey("", path("level", "M0 6H28")), g.Text(" strong or weak model alone")),
		g.If(c.Shade != "", legendItem(g.Text(c.Shade))),
	}
}

// legendLine returns the entry of the i-th router, with a box that hides its line.
func legendLine(i int, name string) g.Node {
	box := h.Input(h.Type("checkbox"), h.Class("needs-js"), h.Checked(), h.Data("line", strconv.Itoa(i)))
	return legendItem(h.Label(box, g.Text(" "), legendKey(" "+series(i), path("line", "M0 6H28")), g.Text(" "+name)))
}

func (c chart) legendDots() g.Node {
	return each(c.Dots, func(_ int, m mark) g.Node {
		dot := g.El("circle", h.Class("dot"), g.Attr("cx", "14"), g.Attr("cy", "6"), g.Attr("r", "4"))
		return legendItem(legendKey("", dot), g.Text(" "+m.Text))
	})
}

func legendItem(nodes ...g.Node) g.Node { return ln(h.Li(nodes...)) }

// legendKey returns the drawing before an entry.
func legendKey(class string, drawn ...g.Node) g.Node {
	return h.SVG(h.Class("key"+class), g.Attr("viewBox", "0 0 28 12"), h.Aria("hidden", "true"), g.Group(drawn))
}

// series returns the CSS classes of the i-th router: its colour and its dash pattern.
func series(i int) string { return fmt.Sprintf("c%d d%d", i%8, i%5) }

func path(class, data string) g.Node { return g.El("path", h.Class(class), g.Attr("d", data)) }

// words returns a text in the chart.
func words(class, x, y, text string, rest ...g.Node) g.Node {
	return g.El("text", h.Class(class), g.Attr("x", x), g.Attr("y", y), g.Group(rest), g.Text(text))
}
