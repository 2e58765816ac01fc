package report

import (
	"fmt"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// html renders the chart. name is the title of its section.
func (c chart) html(name string, looks palette) g.Node {
	return c.figure(name, looks, c.legend(looks), nil, nil)
}

// figure renders a chart with its legend. more is drawn over the lines, and over stands on top of
// everything.
func (c chart) figure(name string, looks palette, legend, more, over g.Node) g.Node {
	return ln(h.Figure(h.Class("chart"), h.Data("name", name),
		ln(h.Div(h.Class("canvas"), c.picture(name, looks, more, over), h.Div(h.Class("tip"), g.Attr("hidden")))),
		h.FigCaption(
			ln(h.Ul(h.Class("legend"), legend)),
			ln(h.Div(h.Class("needs-js tools"), c.wholeAxis(), button("Download SVG", "svg"))),
		),
	))
}

// wholeAxis returns the box with which a reader sees the whole vertical axis.
func (c chart) wholeAxis() g.Node {
	if c.Zoom == nil {
		return nil
	}
	return h.Label(h.Input(h.Type("checkbox"), h.Class("whole")), g.Text(" show the whole "+oracleName))
}

// picture draws the chart. The drawing within fills the plot area, whatever its shape; texts stand
// around it, at shares of its size, so that they are as large on a telephone as on a desk.
func (c chart) picture(name string, looks palette, more, over g.Node) g.Node {
	label := name + ": " + c.Label + " against " + c.XLabel + ". The values are in the tables below."
	return ln(h.SVG(h.Class("plot"), h.Role("img"), h.Aria("label", label),
		c.axes(),
		c.drawing(looks, more),
		over,
		g.El("line", h.Class("cross"), g.Attr("x1", "50%"), g.Attr("x2", "50%"), g.Attr("y1", "0"), g.Attr("y2", "100%")),
	))
}

// drawing returns the lines, bands and dots.
func (c chart) drawing(looks palette, more g.Node) g.Node {
	return ln(h.SVG(h.Class("drawing"), g.Attr("viewBox", c.shown()), g.If(c.Zoom != nil, h.Data("whole", whole)),
		g.Attr("preserveAspectRatio", "none"), g.Attr("width", "100%"), g.Attr("height", "100%"),
		g.Iff(c.Random != nil, func() g.Node {
			return ln(g.Group{g.If(c.Random.Band != "", path("band random", c.Random.Band)), path("line random", c.Random.Path)})
		}),
		each(c.Levels, func(_ int, m mark) g.Node { return path("level", fmt.Sprintf("M0 %dH%d", m.Y, unit)) }),
		// Bands come before lines, as a band drawn over a line would change its colour.
		each(c.Lines, func(i int, l line) g.Node {
			return g.Iff(l.Band != "", func() g.Node { return layer(i, looks.class(l.Name), path("band", l.Band)) })
		}),
		each(c.Lines, func(i int, l line) g.Node { return layer(i, looks.class(l.Name), path("line", l.Path)) }),
		each(c.Dots, func(_ int, m mark) g.Node { return dot("dot", m) }),
		more,
	))
}

// whole is the view box of a whole drawing.
var whole = fmt.Sprintf("0 0 %d %d", unit, unit)

// shown returns the view box that is shown at first.
func (c chart) shown() string {
	if c.Zoom == nil {
		return whole
	}
	return fmt.Sprintf("0 %d %d %d", c.Zoom.Top, unit, c.Zoom.Height)
}

// axes returns the labels of the axes, the ticks and the grid.
func (c chart) axes() g.Node {
	rows := func(class string, ticks []mark) g.Node {
		return ln(g.El("g", h.Class(class), each(ticks, func(_ int, m mark) g.Node {
			return g.Group{gridLine("0", "100%", percent(m.Y), percent(m.Y)), words("tick end", "0", percent(m.Y), m.Text, g.Attr("dx", "-6"), g.Attr("dy", "4"))}
		})))
	}
	first, other := g.Node(rows("rows", c.Y)), g.Node(nil)
	if c.Zoom != nil {
		first, other = rows("rows", c.Zoom.Y), rows("rows whole off", c.Y)
	}
	return g.Group{
		ln(words("axis", "-40", "-10", c.Label)), first, other,
		each(c.X, func(_ int, m mark) g.Node {
			return ln(g.Group{gridLine(percent(m.X), percent(m.X), "0", "100%"), words("tick middle", percent(m.X), "100%", m.Text, g.Attr("dy", "17"))})
		}),
		ln(words("axis middle", "50%", "100%", c.XLabel, g.Attr("dy", "37"))),
	}
}

func gridLine(x1, x2, y1, y2 string) g.Node {
	return g.El("line", h.Class("grid"), g.Attr("x1", x1), g.Attr("x2", x2), g.Attr("y1", y1), g.Attr("y2", y2))
}

// layer wraps the curve or the band of the i-th router, so that the legend can hide it.
func layer(i int, class string, part g.Node) g.Node {
	return ln(g.El("g", h.Class(class), h.Data("line", strconv.Itoa(i)), part))
}

// dot returns a point with its name. It is the round end of a line without length, which a stretched
// drawing leaves round.
func dot(class string, m mark) g.Node {
	at := fmt.Sprintf("M%d %dh0", m.X, m.Y)
	return ln(g.El("g", h.Class("spot"), h.TitleEl(g.Text(m.Text)), path(class+" rim", at), path(class, at)))
}

func (c chart) legend(looks palette) g.Node {
	return g.Group{
		each(c.Lines, func(i int, l line) g.Node { return legendLine(i, l.Name, looks) }),
		g.If(c.Random != nil, legendItem(legendKey("", path("band random", "M0 0H28V12H0Z"), path("line random", "M0 6H28")), g.Text(" random routing, 95 % pointwise band"))),
		c.legendDots(),
		g.If(len(c.Levels) > 0, legendItem(legendKey("", path("level", "M0 6H28")), g.Text(" strong or weak model alone"))),
		g.If(c.Shade != "", legendItem(g.Text(c.Shade))),
	}
}

// legendLine returns the entry of the i-th router, with a box that hides its line.
func legendLine(i int, name string, looks palette) g.Node {
	box := h.Input(h.Type("checkbox"), h.Class("needs-js"), h.Checked(), h.Data("line", strconv.Itoa(i)))
	return legendItem(h.Label(box, g.Text(" "), legendKey(" "+looks.class(name), path("line", "M0 6H28")), g.Text(" "+name)))
}

func (c chart) legendDots() g.Node {
	return each(c.Dots, func(_ int, m mark) g.Node {
		return legendItem(legendKey("", dot("dot", mark{X: 14, Y: 6})), g.Text(" "+m.Text))
	})
}

func legendItem(nodes ...g.Node) g.Node { return ln(h.Li(nodes...)) }

// legendKey returns the drawing before an entry.
func legendKey(class string, drawn ...g.Node) g.Node {
	return h.SVG(h.Class("key"+class), g.Attr("viewBox", "0 0 28 12"), h.Aria("hidden", "true"), g.Group(drawn))
}

func path(class, data string) g.Node { return g.El("path", h.Class(class), g.Attr("d", data)) }

// words returns a text in the chart.
func words(class, x, y, text string, rest ...g.Node) g.Node {
	return g.El("text", h.Class(class), g.Attr("x", x), g.Attr("y", y), g.Group(rest), g.Text(text))
}
