package report

import (
	"fmt"

	g "maragu.dev/gomponents"

	h "github.com/routellm/routellm/cmd/routellm/internal/report/markup"
	"github.com/routellm/routellm/internal/text"
	"github.com/routellm/routellm/plots"
)

// html renders one small chart per task, all with the same axes.
func (s Small) html(looks palette) g.Node {
	if len(s.Charts) == 0 {
		return nil
	}
	f := s.frame()
	label := s.Charts[0].Chart.YLabel
	return g.Group{
		ln(h.P(h.Text(s.Note + " Axes: " + label + " against calls to the strong model (%). Colours are those of the chart above, and all charts have the same axes."))),
		ln(h.Div(h.Class("smalls"), each(s.Charts, func(_ int, c SmallChart) g.Node { return c.html(f, looks) }))),
	}
}

// frame returns the vertical axis that holds all charts.
func (s Small) frame() frame {
	all := plots.Curves{YScale: s.Charts[0].Chart.YScale, Dots: []plots.Dot{{}}} // random is at 0
	for _, c := range s.Charts {
		all.Lines = append(all.Lines, c.Chart.Lines...)
	}
	return newFrame(all)
}

// html renders one chart.
func (s SmallChart) html(f frame, looks palette) g.Node {
	c := chartIn(f, s.Chart)
	name := fmt.Sprintf("%s, %s", s.Task, text.Plural(s.Samples, "sample"))
	c.Levels, c.Zoom = nil, nil
	return ln(h.Figure(h.Class("small"),
		h.FigCaption(h.Bdi(h.Text(s.Task)), h.Text(", "+text.Plural(s.Samples, "sample"))),
		h.Div(h.Class("canvas"), h.SVG(h.Class("plot"), h.Role("img"), h.Aria("label", name+": "+s.Chart.YLabel+" of "+joined(s.Chart.Lines)+" against the share of calls to the strong model"),
			c.sparseAxes(f), c.drawing(looks, nil))),
	))
}

// joined lists the names of lines.
func joined(lines []plots.Line) string {
	out := ""
	for i, l := range lines {
		if i > 0 {
			out += ", "
		}
		out += l.Name
	}
	return out
}

// sparseAxes returns a few ticks, and the grid at them.
func (c chart) sparseAxes(f frame) g.Node {
	return g.Group{
		each(plots.Ticks(f.lo, f.hi, 3), func(_ int, t plots.Tick) g.Node {
			y := percent(f.y(t.Value / f.scale))
			return g.Group{gridLine("0", "100%", y, y), words("tick end", "0", y, t.Text, h.Attr("dx", "-4"), h.Attr("dy", "4"))}
		}),
		each([]int{0, 50, 100}, func(_ int, at int) g.Node {
			x := fmt.Sprintf("%d%%", at)
			return g.Group{gridLine(x, x, "0", "100%"), words("tick middle", x, "100%", fmt.Sprint(at), h.Attr("dy", "15"))}
		}),
	}
}
