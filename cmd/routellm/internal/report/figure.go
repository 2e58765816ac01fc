package report

import (
	"fmt"
	"strconv"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
)

// html renders the chart. name is the title of its section.
func (c chart) html(name string, looks palette) g.Node {
	return c.figure(name, looks, c.legend(looks), nil, nil)
}

// figure renders a chart with its legend. more is drawn over the lines, and over stands on top of
// everything.
func (c chart) figure(name string, looks palette, legend, more, over g.Node) g.Node {
	return ln(h.Figure(h.Class("chart"), h.Data("name", name),
		ln(h.Div(h.Class("canvas"), c.picture(name, looks, more, over), h.Div(h.Class("tip"), h.Attr("hidden")))),
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
	return h.Label(h.Input(h.Type("checkbox"), h.Class("whole")), h.Text(" show the whole "+oracleName))
}

// picture draws the chart. The drawing within fills the plot area, whatever its shape; texts stand
// around it, at shares of its size, so that they are as large on a telephone as on a desk.
func (c chart) picture(name string, looks palette, more, over g.Node) g.Node {
	label := name + ": " + c.Label + " against " + c.XLabel + ". The values are in the tables below."
	return ln(h.SVG(h.Class("plot"), h.Role("img"), h.Aria("label", label),
		c.axes(),
		c.drawing(looks, more),
		over,
		h.El("line", h.Class("cross"), h.Attr("x1", "50%"), h.Attr("x2", "50%"), h.Attr("y1", "0"), h.Attr("y2", "100%")),
	))
}

// drawing returns the lines, bands and dots.
func (c chart) drawing(looks palette, more g.Node) g.Node {
	return ln(h.SVG(h.Class("drawing"), h.Attr("viewBox", c.shown()), h.If(c.Zoom != nil, h.Data("whole", whole)),
		h.Attr("preserveAspectRatio", "none"), h.Attr("width", "100%"), h.Attr("height", "100%"),
		g.Iff(c.Random != nil, func() g.Node {
			return ln(g.Group{h.If(c.Random.Band != "", path("band random", c.Random.Band)), path("line random", c.Random.Path)})
		}),
		each(c.Levels, func(_ int, m mark) g.Node { return path("level", fmt.Sprintf("M0 %dH%d", m.Y, unit)) }),
		// Bands come before lines, as a band drawn over a line would change its colour.
		each(c.Lines, func(i int, l line) g.Node {
			return g.Iff(l.Band != "", func() g.Node { return layer(i, l.Name, looks.class(l.Name), path("band", l.Band)) })
		}),
		each(c.Lines, func(i int, l line) g.Node { return layer(i, l.Name, looks.class(l.Name), path("line", l.Path)) }),
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
		return ln(h.El("g", h.Class(class), each(ticks, func(_ int, m mark) g.Node {
			return g.Group{gridLine("0", "100%", percent(m.Y), percent(m.Y)), words("tick end", "0", percent(m.Y), m.Text, h.Attr("dx", "-6"), h.Attr("dy", "4"))}
		})))
	}
	first, other := g.Node(rows("rows", c.Y)), g.Node(nil)
	if c.Zoom != nil {
		first, other = rows("rows", c.Zoom.Y), rows("rows whole off", c.Y)
	}
	return g.Group{
		ln(words("axis", "-40", "-10", c.Label)), first, other,
		each(c.X, func(_ int, m mark) g.Node {
			return ln(g.Group{gridLine(percent(m.X), percent(m.X), "0", "100%"), words("tick middle", percent(m.X), "100%", m.Text, h.Attr("dy", "17"))})
		}),
		ln(words("axis middle", "50%", "100%", c.XLabel, h.Attr("dy", "37"))),
	}
}

//go:noinline
func gridLine(x1, x2, y1, y2 string) g.Node {
	return h.El("line", h.Class("grid"), h.Attr("x1", x1), h.Attr("x2", x2), h.Attr("y1", y1), h.Attr("y2", y2))
}

// layer wraps the curve or the band of the i-th router, so that the legend can hide it.
//
//go:noinline
func layer(i int, name, class string, part g.Node) g.Node {
	return ln(h.El("g", h.Class(class), h.Data("line", strconv.Itoa(i)), h.Data("name", name), part))
}

// dot returns a point with its name. It is the round end of a line without length, which a stretched
// drawing leaves round.
//
//go:noinline
func dot(class string, m mark) g.Node {
	at := fmt.Sprintf("M%d %dh0", m.X, m.Y)
	return ln(h.El("g", h.Class("spot"), h.TitleEl(h.Text(m.Text)), path(class+" rim", at), path(class, at)))
}

func (c chart) legend(looks palette) g.Node {
	return g.Group{
		each(c.Lines, func(i int, l line) g.Node { return legendLine(i, l.Name, looks) }),
		h.If(c.Random != nil, legendItem(legendKey("", path("band random", "M0 0H28V12H0Z"), path("line random", "M0 6H28")), h.Text(" random routing, 95 % pointwise band"))),
		c.legendDots(),
		h.If(len(c.Levels) > 0, legendItem(legendKey("", path("level", "M0 6H28")), h.Text(" strong or weak model alone"))),
		h.If(c.Shade != "", legendItem(h.Text(c.Shade), h.Span(h.Class("needs-js"), h.Text(" of the router chosen below")))),
	}
}

// legendLine returns the entry of the i-th router, with a box that hides its line.
func legendLine(i int, name string, looks palette) g.Node {
	box := h.Input(h.Type("checkbox"), h.Class("needs-js"), h.Checked(), h.Data("line", strconv.Itoa(i)))
	return legendItem(h.Label(box, h.Text(" "), legendKey(" "+looks.class(name), path("line", "M0 6H28")), h.Text(" "+name)))
}

func (c chart) legendDots() g.Node {
	return each(c.Dots, func(_ int, m mark) g.Node {
		return legendItem(legendKey("", dot("dot", mark{X: 14, Y: 6})), h.Text(" "+m.Text))
	})
}

//go:noinline
func legendItem(nodes ...g.Node) g.Node { return ln(h.Li(nodes...)) }

// legendKey returns the drawing before an entry.
//
//go:noinline
func legendKey(class string, drawn ...g.Node) g.Node {
	return h.SVG(h.Class("key"+class), h.Attr("viewBox", "0 0 28 12"), h.Aria("hidden", "true"), g.Group(drawn))
}

//go:noinline
func path(class, data string) g.Node { return h.El("path", h.Class(class), h.Attr("d", data)) }

// words returns a text in the chart.
//
//go:noinline
func words(class, x, y, text string, rest ...g.Node) g.Node {
	return h.El("text", h.Class(class), h.Attr("x", x), h.Attr("y", y), g.Group(rest), h.Text(text))
}
