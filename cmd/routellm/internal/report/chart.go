package report

import (
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/plots"
)

// unit is the width and the height of a chart's drawing in its own units. The page stretches the
// drawing to the room that there is; texts and the widths of lines keep their sizes.
const unit = 4000

// oracleName is the router whose curve would leave the others little room: charts are first shown
// without what it needs of the vertical axis.
const oracleName = "oracle"

// chart holds everything that a chart draws. Positions are in [unit]s from the left and from the
// top.
type chart struct {
	Label  string // label of the vertical axis
	XLabel string
	X      []mark
	Y      []mark // ticks of the whole vertical axis
	Zoom   *zoom  // nil if the whole axis is shown from the beginning
	Levels []mark // qualities of the two models
	Random *line  // nil without a random baseline
	Lines  []line
	Dots   []mark
	Shade  string // legend of the routers' bands; "" for none
}

// zoom is the part of the vertical axis that a chart shows at first, with its own ticks.
type zoom struct {
	Top, Height int // in units of the whole axis
	Y           []mark
}

// mark is a text at a position.
type mark struct {
	X, Y int
	Text string
}

// line is a router's curve and the outline of its band, as SVG path data.
type line struct{ Name, Path, Band string }

// frame converts strong fractions and qualities to positions. lo and hi are the ends of the
// vertical axis in displayed units, scale is the factor from a quality to these units.
type frame struct{ lo, hi, scale float64 }

func (f frame) x(fraction float64) int { return int(math.Round(fraction * unit)) }

func (f frame) y(quality float64) int {
	return int(math.Round((f.hi - float64(quality*f.scale)) / (f.hi - f.lo) * unit))
}

// ticks returns the ticks of the vertical axis.
func (f frame) ticks() []mark {
	var out []mark
	for _, t := range plots.Ticks(f.lo, f.hi, 6) {
		out = append(out, mark{Y: f.y(t.Value / f.scale), Text: t.Text})
	}
	return out
}

// newChart converts curves to a chart.
func newChart(c plots.Curves) chart { return chartIn(newFrame(c), c) }

// chartIn converts curves to a chart with a given vertical axis.
func chartIn(f frame, c plots.Curves) chart {
	out := chart{Label: c.YLabel, XLabel: "calls to the strong model (%)", Y: f.ticks(), Shade: c.Shade, Zoom: f.without(c, oracleName)}
	for _, t := range plots.Ticks(0, 100, 5) {
		out.X = append(out.X, mark{X: f.x(t.Value / 100), Text: t.Text})
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

// without returns the part of the axis that is left if a line is not counted, nil if that is
// nearly all of it or if there is no such line.
func (f frame) without(c plots.Curves, name string) *zoom {
	var rest []plots.Line
	for _, l := range c.Lines {
		if l.Name != name {
			rest = append(rest, l)
		}
	}
	if len(rest) == len(c.Lines) || len(rest) == 0 {
		return nil
	}
	c.Lines = rest
	part := newFrame(c)
	const worth = 0.8 // a larger part than this looks the same
	if part.hi-part.lo > worth*(f.hi-f.lo) {
		return nil
	}
	z := &zoom{Top: f.y(part.hi / f.scale), Y: part.ticks()}
	z.Height = f.y(part.lo/f.scale) - z.Top
	return z
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

// path returns path data that joins points, by steps from one to the next. It leaves out a point
// at the same position as the one before.
func (f frame) path(points []plots.Point) string {
	var b strings.Builder
	x, y := 0, 0
	for i, p := range points {
		toX, toY := f.x(p.StrongFraction), f.y(p.Quality)
		switch {
		case i == 0:
			b.WriteString("M" + strconv.Itoa(toX) + " " + strconv.Itoa(toY) + "l")
		case toX == x && toY == y:
			continue
		default:
			b.WriteString(strconv.Itoa(toX-x) + " " + strconv.Itoa(toY-y) + " ")
		}
		x, y = toX, toY
	}
	return strings.TrimRight(b.String(), "l ")
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

// percent writes a position as a share of the drawing's size.
func percent(at int) string {
	return strconv.FormatFloat(math.Round(float64(at)*1e4/unit)/100, 'f', -1, 64) + "%"
}
