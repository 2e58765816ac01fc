package plots

import (
	"fmt"
	"io"
	"math"
	"strconv"
)

// Pool is a figure of routers among several models: quality against the mean cost per prompt. The
// axis of cost is logarithmic where the largest cost is at least ten times the smallest, unless
// one is 0. Call [Pool.Curves] to draw it.
type Pool struct {
	Title  string
	XLabel string  // names the cost and its unit, such as "USD per 1,000 prompts"
	YLabel string  // names the quality and its unit
	YScale float64 // multiplies qualities for display; 0 means 1

	Models  []PoolModel // models that are always called, drawn as points with their names
	Static  []CostPoint // the static mix, by rising cost
	Oracle  []CostPoint // what a router could reach at most, by rising cost
	Routers []CostLine
	Dots    []CostDot // routers with a single operating point
}

// CostPoint is a mean cost per prompt, 0 or more, and a mean quality.
type CostPoint struct{ Cost, Quality float64 }

// PoolModel is a model that is always called. No interval of its quality is drawn if Lo and Hi
// are equal.
type PoolModel struct {
	Name string
	CostPoint
	Lo, Hi float64
}

// CostLine is the path of a router from its cheap end. Its cost may fall along the path: the line
// then shows, for each budget, the first place where it is reached.
type CostLine struct {
	Name   string
	Points []CostPoint
}

// CostDot is an operating point of a router.
type CostDot struct {
	Name string
	CostPoint
}

// Write draws the figure in [DefaultStyle]. It returns the errors of [Pool.Curves] and
// [Style.Write].
func (p Pool) Write(w io.Writer, format Format) error { return DefaultStyle().Write(w, p, format) }

func (p Pool) panels() (Panels, error) {
	c, err := p.Curves()
	if err != nil {
		return Panels{}, err
	}
	return c.panels()
}

// Curves returns the figure with its points on a horizontal axis from 0 to 1. A cost that is not
// finite or below 0 is an error.
func (p Pool) Curves() (Curves, error) {
	a, err := p.Axis()
	if err != nil {
		return Curves{}, err
	}
	c := Curves{Title: p.Title, XLabel: p.XLabel, YLabel: p.YLabel, YScale: p.YScale, XTicks: a.ticks()}
	if a.Log {
		c.XLabel += ", log scale"
	}
	if len(p.Static) > 0 {
		c.Random = &Band{Name: "static mix of models", Mid: a.Line(p.Static)}
	}
	for _, r := range p.Routers {
		c.Lines = append(c.Lines, Line{Name: r.Name, Points: a.Line(r.Points)})
	}
	if len(p.Oracle) > 0 {
		c.Lines = append(c.Lines, Line{Name: "oracle", Limit: true, Points: a.Line(p.Oracle)})
	}
	for _, d := range p.Dots {
		c.Dots = append(c.Dots, Dot{Name: d.Name, StrongFraction: a.At(d.Cost), Quality: d.Quality})
	}
	for _, m := range p.Models {
		n := Named{Name: m.Name, StrongFraction: a.At(m.Cost), Quality: m.Quality, Lo: m.Lo, Hi: m.Hi, Reference: true}
		if m.Lo == m.Hi {
			n.Lo, n.Hi = m.Quality, m.Quality
		}
		c.Named = append(c.Named, n)
	}
	return c, nil
}

// CostAxis places costs on a horizontal axis from 0 to 1.
type CostAxis struct {
	Lo, Hi float64 // costs at the ends of the axis
	Log    bool    // the axis is logarithmic
}

// wideRange is the ratio of costs from which the axis is logarithmic.
const wideRange = 10

// Axis returns the axis of cost, with a margin of 4 % at each end; a linear one begins at 0 if its
// smallest cost is near it.
func (p Pool) Axis() (CostAxis, error) {
	lo, hi := math.Inf(1), 0.0
	for _, c := range p.costs() {
		if !(c.cost >= 0 && c.cost <= maxShown) {
			return CostAxis{}, fmt.Errorf("figure: %s: cost %v: want a number from 0 to %g", c.name, c.cost, maxShown)
		}
		lo, hi = min(lo, c.cost), max(hi, c.cost)
	}
	switch {
	case lo > hi:
		return CostAxis{Lo: 0, Hi: 1}, nil
	case lo > 0 && hi >= wideRange*lo:
		margin := math.Pow(hi/lo, 0.04)
		return CostAxis{Lo: lo / margin, Hi: hi * margin, Log: true}, nil
	case hi == lo:
		pad := max(0.1*lo, 1e-9)
		return CostAxis{Lo: max(0, lo-pad), Hi: hi + pad}, nil
	}
	margin := 0.04 * (hi - lo)
	return CostAxis{Lo: max(0, lo-margin), Hi: hi + margin}, nil
}

// costs lists every cost that is drawn, with the name of what it belongs to.
func (p Pool) costs() []struct {
	name string
	cost float64
} {
	type named = struct {
		name string
		cost float64
	}
	var all []named
	add := func(name string, points ...CostPoint) {
		for _, x := range points {
			all = append(all, named{name, x.Cost})
		}
	}
	add("static mix", p.Static...)
	add("oracle", p.Oracle...)
	for _, m := range p.Models {
		add(fmt.Sprintf("model %q", m.Name), m.CostPoint)
	}
	for _, d := range p.Dots {
		add(fmt.Sprintf("dot %q", d.Name), d.CostPoint)
	}
	for _, r := range p.Routers {
		add(fmt.Sprintf("line %q", r.Name), r.Points...)
	}
	return all
}

// At returns the position of a cost, within [0,1].
func (a CostAxis) At(cost float64) float64 {
	x := (cost - a.Lo) / (a.Hi - a.Lo)
	if a.Log {
		x = math.Log(cost/a.Lo) / math.Log(a.Hi/a.Lo)
	}
	return max(0, min(1, x))
}

// curveStep is the longest part of the axis that a straight line of randomised policies crosses
// as one segment on a logarithmic axis, where it is a curve.
const curveStep = 0.01

// Line returns a path as a line over the axis: at each budget the first place along the path where
// the mean cost reaches it.
func (a CostAxis) Line(path []CostPoint) []Point {
	var out []Point
	top := math.Inf(-1)
	for i, p := range path {
		if i > 0 && p.Cost > top {
			from := path[i-1]
			if from.Cost < top {
				from = between(from, p, top)
				out = append(out, Point{a.At(from.Cost), from.Quality})
			}
			out = append(out, a.bend(from, p)...)
		}
		if i == 0 || p.Cost > top || p.Cost == top && i+1 == len(path) {
			out = append(out, Point{a.At(p.Cost), p.Quality})
		}
		top = max(top, p.Cost)
	}
	return out
}

// between returns the place on the straight line from p to q with the given cost.
func between(p, q CostPoint, cost float64) CostPoint {
	return CostPoint{cost, p.Quality + float64((cost-p.Cost)/(q.Cost-p.Cost)*(q.Quality-p.Quality))}
}

// bend returns the points between two vertices that a straight line needs on a logarithmic axis.
func (a CostAxis) bend(p, q CostPoint) []Point {
	if !a.Log {
		return nil
	}
	var out []Point
	steps := math.Ceil((a.At(q.Cost) - a.At(p.Cost)) / curveStep)
	for k := 1.0; k < steps; k++ {
		cost := p.Cost * math.Pow(q.Cost/p.Cost, k/steps)
		out = append(out, Point{a.At(cost), between(p, q, cost).Quality})
	}
	return out
}

// ticks returns the ticks of the axis: at 1, 2 and 5 times powers of ten if it is logarithmic and
// shorter than three of them.
func (a CostAxis) ticks() []XTick {
	ticks := []XTick{}
	for _, t := range a.Ticks(8) {
		ticks = append(ticks, XTick{a.At(t.Value), t.Text})
	}
	return ticks
}

// Ticks returns labelled costs within the axis: about want of a linear one.
func (a CostAxis) Ticks(want int) []Tick {
	if !a.Log {
		return Ticks(a.Lo, a.Hi, want)
	}
	var out []Tick
	lo, hi := math.Log10(a.Lo), math.Log10(a.Hi)
	for exponent := math.Floor(lo); exponent <= hi; exponent++ {
		for _, m := range []float64{1, 2, 5} {
			if x := m * math.Pow(10, exponent); x >= a.Lo && x <= a.Hi && (m == 1 || hi-lo < 3) {
				out = append(out, Tick{x, strconv.FormatFloat(x, 'g', 6, 64)})
			}
		}
	}
	return out
}
