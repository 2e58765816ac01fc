package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/plots"
)

// The ends of the chart's axes in SVG units. page/report.js has the same numbers.
const (
	chartLeft, chartRight = 38.0, 470.0
	chartTop, chartBottom = 22.0, 290.0
)

// chartText is the size of the names in a chart, in SVG units.
const chartText = 10

// chart holds everything that a chart draws, with positions as SVG texts.
type chart struct {
	Label  string // label of the vertical axis
	X, Y   []mark // ticks of the axes
	Levels []mark // qualities of the two models
	Random *line  // nil without a random baseline
	Lines  []line
	Dots   []mark
	Shade  string // legend of the routers' bands; "" for none
}

// mark is a text at a position.
type mark struct{ X, Y, Text string }

// line is a router's curve and the outline of its band, as SVG path data.
type line struct{ Name, Path, Band string }

// frame converts strong fractions and qualities to positions. lo and hi are the ends of the
// vertical axis in displayed units, scale is the factor from a quality to these units.
type frame struct{ lo, hi, scale float64 }

func (f frame) x(fraction float64) string {
	return short(chartLeft + fraction*(chartRight-chartLeft))
}

func (f frame) y(quality float64) string {
	return short(chartBottom - (quality*f.scale-f.lo)/(f.hi-f.lo)*(chartBottom-chartTop))
}

// short formats a length, rounded to tenths.
func short(v float64) string { return strconv.FormatFloat(math.Round(10*v)/10, 'f', -1, 64) }

// newChart converts curves to a chart.
func newChart(c plots.Curves) chart {
	f := newFrame(c)
	out := chart{Label: c.YLabel, Shade: c.Shade}
	for _, t := range plots.Ticks(0, 100, 5) {
		out.X = append(out.X, mark{X: f.x(t.Value / 100), Text: t.Text})
	}
	for _, t := range plots.Ticks(f.lo, f.hi, 6) {
		out.Y = append(out.Y, mark{Y: f.y(t.Value / f.scale), Text: t.Text})
	}
	for _, l := range []plots.Level{c.Strong, c.Weak} {
		out.Levels = append(out.Levels, mark{Y: f.y(l.Quality), Text: l.Name})
	}
	if b := c.Random; b != nil {
		out.Random = &line{"random", f.path(b.Mid), f.band(b.Lo, b.Hi)}
	}
	for _, l := range c.Lines {
		out.Lines = append(out.Lines, line{l.Name, f.path(l.Points), f.band(l.Lo, l.Hi)})
	}
	for _, d := range c.Dots {
		out.Dots = append(out.Dots, mark{f.x(d.StrongFraction), f.y(d.Quality), d.Name})
	}
	return out
}

// newFrame returns a frame that includes everything drawn, with a margin.
func newFrame(c plots.Curves) frame {
	f := frame{math.Inf(1), math.Inf(-1), c.YScale}
	hold := func(quality float64) {
		f.lo, f.hi = min(f.lo, f.scale*quality), max(f.hi, f.scale*quality)
	}
	for _, l := range []plots.Level{c.Strong, c.Weak} {
		if l != (plots.Level{}) { // a pool has none
			hold(l.Quality)
		}
	}
	for _, d := range c.Dots {
		hold(d.Quality)
	}
	for _, n := range c.Named {
		hold(n.Lo)
		hold(n.Hi)
	}
	if f.lo > f.hi { // nothing is drawn
		f.lo, f.hi = 0, 1
	}
	all := [][]plots.Point{}
	for _, l := range c.Lines {
		all = append(all, l.Points, l.Lo, l.Hi)
	}
	if c.Random != nil {
		all = append(all, c.Random.Lo, c.Random.Mid, c.Random.Hi)
	}
	for _, points := range all {
		for _, p := range points {
			hold(p.Quality)
		}
	}
	margin := max(0.04*(f.hi-f.lo), 1e-6*max(1, math.Abs(f.lo)))
	f.lo, f.hi = f.lo-margin, f.hi+margin
	return f
}

// path returns path data that joins points. It leaves out a point at the same position as
// the one before.
func (f frame) path(points []plots.Point) string {
	var b strings.Builder
	last := ""
	for _, p := range points {
		at := f.x(p.StrongFraction) + " " + f.y(p.Quality)
		if at == last {
			continue
		}
		if last = at; b.Len() == 0 {
			b.WriteString("M" + at + "L")
		} else {
			b.WriteString(at + " ")
		}
	}
	return strings.TrimRight(b.String(), "L ")
}

// band returns the outline of the area between two curves, or "" without curves.
func (f frame) band(lo, hi []plots.Point) string {
	if len(lo) == 0 {
		return ""
	}
	back := make([]plots.Point, 0, len(lo)+len(hi))
	back = append(back, hi...)
	for i := len(lo) - 1; i >= 0; i-- {
		back = append(back, lo[i])
	}
	return f.path(back) + "Z"
}
