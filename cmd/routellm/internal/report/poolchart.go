package report

import (
	"math"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"github.com/routellm/routellm/plots"
)

// poolChart holds everything that the chart of a pool draws, with positions as SVG texts.
type poolChart struct {
	chart
	XLabel string
	Axis   plots.CostAxis
	Models []named
}

// named is a model that is always called: its point, its interval and its name.
type named struct {
	At       mark
	Lo, Hi   string
	Name     mark // its name, perhaps shortened, and where it begins
	Interval bool
}

// newPoolChart converts a figure to a chart. A figure that cannot be drawn becomes an empty one:
// its numbers are in the tables.
func newPoolChart(p plots.Pool) poolChart {
	c, err := p.Curves()
	if err != nil {
		c = plots.Curves{}
	}
	axis, err := p.Axis()
	if err != nil {
		axis = plots.CostAxis{Lo: 0, Hi: 1}
	}
	f := newFrame(c)
	out := poolChart{chart: newChart(c), XLabel: c.XLabel, Axis: axis}
	out.Levels, out.X = nil, nil
	for _, t := range c.XTicks {
		out.X = append(out.X, mark{X: f.x(t.At), Text: t.Text})
	}
	for i, at := range plots.PlaceNames(c, chartRight-chartLeft, chartBottom-chartTop, chartText) {
		n := c.Named[i]
		out.Models = append(out.Models, named{
			At: mark{f.x(n.StrongFraction), f.y(n.Quality), n.Name}, Lo: f.y(n.Lo), Hi: f.y(n.Hi), Interval: n.Lo != n.Hi,
			Name: mark{short(chartLeft + at.X*(chartRight-chartLeft)), short(chartBottom - at.Y*(chartBottom-chartTop)), at.Text},
		})
	}
	return out
}

// html renders the chart. name is the title of its section.
func (c poolChart) html(name string) g.Node {
	return ln(h.Figure(h.Class("chart"),
		ln(h.Div(h.Class("canvas"), c.picture(name), h.Div(h.Class("tip"), g.Attr("hidden")))),
		h.FigCaption(h.Ul(h.Class("legend"), c.legend())),
	))
}

func (c poolChart) picture(name string) g.Node {
	label := name + ": " + c.Label + " against " + c.XLabel + ". The values are in the tables below."
	return ln(h.SVG(g.Attr("viewBox", "0 0 490 330"), h.Role("img"), h.Aria("label", label),
		c.axes(c.XLabel),
		g.Iff(c.Random != nil, func() g.Node { return ln(path("line random", c.Random.Path)) }),
		each(c.Lines, func(i int, l line) g.Node { return layer(i, path("line", l.Path)) }),
		c.dots(),
		each(c.Models, func(_ int, m named) g.Node {
			return ln(g.Group{
				g.If(m.Interval, path("interval", "M"+m.At.X+" "+m.Lo+"V"+m.Hi)),
				g.El("circle", h.Class("model"), g.Attr("cx", m.At.X), g.Attr("cy", m.At.Y), g.Attr("r", "3.5"), h.TitleEl(g.Text(m.At.Text))),
				words("name", m.Name.X, m.Name.Y, m.Name.Text),
			})
		}),
		path("cross", "M254 22V290"),
	))
}

func (c poolChart) legend() g.Node {
	return g.Group{
		each(c.Lines, func(i int, l line) g.Node { return legendLine(i, l.Name) }),
		g.If(c.Random != nil, legendItem(legendKey("", path("line random", "M0 6H28")), g.Text(" static mix of models"))),
		c.legendDots(),
		legendItem(legendKey("", g.El("circle", h.Class("model"), g.Attr("cx", "14"), g.Attr("cy", "6"), g.Attr("r", "3.5"))), g.Text(" a model alone")),
	}
}

// positions returns the place of each budget on the chart's axis, in [0,1], to four decimals.
func (c poolChart) positions(budgets []float64) []float64 {
	out := make([]float64, len(budgets))
	for i, b := range budgets {
		out[i] = math.Round(1e4*c.Axis.At(b)) / 1e4
	}
	return out
}
