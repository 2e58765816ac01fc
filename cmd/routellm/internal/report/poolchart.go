package report

import (
	"fmt"
	"math"
	"strconv"
	"unicode/utf8"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
	"github.com/routellm/routellm/plots"
)

// The sizes in pixels for which the names of models are placed: those of a telephone, and of a
// desk. chartText is the size of the names.
const (
	chartText                = 12
	narrowWidth, wideWidth   = 300, 900
	narrowHeight, wideHeight = 270, 420
)

// poolChart holds everything that the chart of a pool draws.
type poolChart struct {
	chart
	Axis   plots.CostAxis
	Models []named
}

// named is a model that is always called: its point, the ends of its interval, and its names for
// narrow and wide pages.
type named struct {
	At           mark
	Lo, Hi       int
	Narrow, Wide label
	Interval     bool
}

// label is a name, perhaps shortened, and where it begins or, if End, ends, in pixels from its point.
type label struct {
	Text   string
	DX, DY float64
	End    bool
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
	out := poolChart{chart: newChart(c), Axis: axis}
	out.XLabel, out.Levels, out.X, out.Zoom = c.XLabel, nil, nil, nil
	for _, t := range c.XTicks {
		out.X = append(out.X, mark{X: f.x(t.At), Text: t.Text})
	}
	narrow, wide := f.names(c, narrowWidth, narrowHeight), f.names(c, wideWidth, wideHeight)
	for i := range min(len(narrow), len(wide)) {
		n := c.Named[i]
		out.Models = append(out.Models, named{
			At: mark{f.x(n.StrongFraction), f.y(n.Quality), n.Name}, Lo: f.y(n.Lo), Hi: f.y(n.Hi), Interval: n.Lo != n.Hi,
			Narrow: narrow[i], Wide: wide[i],
		})
	}
	return out
}

// letter is about the width of a letter, as a share of the size of the type.
const letter = 0.56

// names places the names of a figure's points in a chart of a size in pixels. As the reader's type may
// be wider, a name in the right half of the chart grows to the left, and none begins or ends outside.
func (f frame) names(c plots.Curves, width, height float64) []label {
	var out []label
	for i, at := range plots.PlaceNames(c, width, height, chartText) {
		n := c.Named[i]
		x, y := width*float64(f.x(n.StrongFraction))/unit, float64(f.y(n.Quality))/unit
		l := label{Text: at.Text, DX: max(0, width*at.X) - x, DY: math.Round(height * (1 - at.Y - y))}
		long := letter * chartText * float64(utf8.RuneCountInString(at.Text))
		switch middle := width*at.X + long/2; {
		case middle < x && math.Abs(l.DY) < chartText: // it stands left of its point
			l.DX, l.End = -gapToPoint, true
		case middle > width/2:
			l.DX, l.End = math.Round(min(width*at.X+long, width)-x), true
		default:
			l.DX = math.Round(l.DX)
		}
		out = append(out, l)
	}
	return out
}

// gapToPoint is the room between a point and a name beside it, in pixels.
const gapToPoint = 9

// html renders the chart. name is the title of its section.
func (c poolChart) html(name string, looks palette) g.Node {
	points := each(c.Models, func(_ int, m named) g.Node {
		return ln(g.Group{h.If(m.Interval, path("interval", fmt.Sprintf("M%d %dV%d", m.At.X, m.Lo, m.Hi))), dot("model", m.At)})
	})
	names := each(c.Models, func(_ int, m named) g.Node { return ln(g.Group{m.words("narrow", m.Narrow), m.words("wide", m.Wide)}) })
	return c.figure(name, looks, c.legend(looks), points, names)
}

// words returns the name of a model for pages of one kind.
func (m named) words(class string, l label) g.Node {
	px := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	if l.End {
		class += " end"
	}
	return words("name "+class, percent(m.At.X), percent(m.At.Y), l.Text, h.Attr("dx", px(l.DX)), h.Attr("dy", px(l.DY)))
}

func (c poolChart) legend(looks palette) g.Node {
	return g.Group{
		each(c.Lines, func(i int, l line) g.Node { return legendLine(i, l.Name, looks) }),
		h.If(c.Random != nil, legendItem(legendKey("", path("line random", "M0 6H28")), h.Text(" static mix of models"))),
		c.legendDots(),
		legendItem(legendKey("", dot("model", mark{X: 14, Y: 6})), h.Text(" a model alone")),
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
