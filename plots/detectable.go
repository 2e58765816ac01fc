package plots

import (
	"fmt"
	"math"
)

// Detectable is a figure of the smallest difference between two routers that a number
// of samples can show. Both axes are logarithmic.
type Detectable struct {
	Title  string
	Margin float64 // drawn as a horizontal; 0 leaves it out
	Lines  []SizeLine
}

// SizeLine is one line of the figure and the point on it that is at hand.
type SizeLine struct {
	Name       string
	Samples    int                 // at hand; 0 for no point
	Difference func(n int) float64 // in APGR, positive
}

// Ends of the horizontal axis, as powers of ten.
const fewest, most = 1, 5

// Curves returns the figure as one that can be drawn.
func (d Detectable) Curves() Curves {
	c := Curves{Title: d.Title, XLabel: "prompts", YLabel: "difference in APGR", XTicks: sizeTicks()}
	for _, v := range []float64{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10} {
		c.YTicks = append(c.YTicks, YTick{math.Log10(v), fmt.Sprintf("%g", v)})
	}
	for _, l := range d.Lines {
		line := Line{Name: l.Name}
		for i := range 101 {
			n := int(math.Round(math.Pow(10, fewest+(most-fewest)*float64(i)/100)))
			p := l.at(n)
			p.StrongFraction = max(0, min(1, p.StrongFraction)) // rounding
			line.Points = append(line.Points, p)
		}
		c.Lines = append(c.Lines, line)
		if at := l.at(l.Samples); l.Samples > 0 && at.StrongFraction >= 0 && at.StrongFraction <= 1 {
			c.Dots = append(c.Dots, Dot{fmt.Sprintf("%s, n = %d: %.3f", l.Name, l.Samples, l.Difference(l.Samples)), at.StrongFraction, at.Quality})
		}
	}
	if d.Margin > 0 {
		y := math.Log10(d.Margin)
		c.Lines = append(c.Lines, Line{Name: fmt.Sprintf("difference of %g", d.Margin), Points: []Point{{0, y}, {1, y}}})
	}
	return c
}

// at is the line's point at n samples.
func (l SizeLine) at(n int) Point {
	x := (math.Log10(float64(n)) - fewest) / (most - fewest)
	return Point{x, math.Log10(l.Difference(n))}
}

// sizeTicks are the powers of ten.
func sizeTicks() []XTick {
	var ticks []XTick
	for k := fewest; k <= most; k++ {
		text := fmt.Sprintf("%.0f", math.Pow(10, float64(k)))
		ticks = append(ticks, XTick{float64(k-fewest) / (most - fewest), text})
	}
	return ticks
}
