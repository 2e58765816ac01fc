package plots

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/text"
)

// Detectable is a figure of the smallest difference between two routers that a number of
// samples can show. Both axes are logarithmic. Call [Detectable.Curves] to draw it.
type Detectable struct {
	Title  string
	Margin float64 // difference in APGR, drawn as a horizontal line; 0 leaves it out
	Lines  []SizeLine
}

// SizeLine is the line of one data set, with a point at the data set's size.
type SizeLine struct {
	Name       string
	Samples    int                 // number of samples in the data set; 0 draws no point
	Difference func(n int) float64 // smallest detectable difference in APGR for n samples, positive
}

// The horizontal axis goes from 10^minPower to 10^maxPower samples.
const minPower, maxPower = 1, 5

// Curves returns the figure in a form that can be written.
func (d Detectable) Curves() Curves {
	c := Curves{Title: d.Title, XLabel: "prompts", YLabel: "difference in APGR", XTicks: sizeTicks()}
	for _, v := range []float64{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10} {
		c.YTicks = append(c.YTicks, YTick{math.Log10(v), fmt.Sprintf("%g", v)})
	}
	for _, l := range d.Lines {
		line := Line{Name: l.Name}
		for i := range 101 {
			n := int(math.Round(math.Pow(10, minPower+(maxPower-minPower)*float64(i)/100)))
			p := l.at(n)
			p.StrongFraction = max(0, min(1, p.StrongFraction)) // guard against rounding
			line.Points = append(line.Points, p)
		}
		c.Lines = append(c.Lines, line)
		if at := l.at(l.Samples); l.Samples > 0 && at.StrongFraction >= 0 && at.StrongFraction <= 1 {
			c.Dots = append(c.Dots, Dot{fmt.Sprintf("%s, n = %s: %.3f", l.Name, text.Thousands(l.Samples), l.Difference(l.Samples)), at.StrongFraction, at.Quality, l.Name})
		}
	}
	if d.Margin > 0 {
		y := math.Log10(d.Margin)
		c.Lines = append(c.Lines, Line{Name: fmt.Sprintf("difference of %g", d.Margin), Reference: true, Points: []Point{{0, y}, {1, y}}})
	}
	return c
}

// at returns the point of the line at n samples.
func (l SizeLine) at(n int) Point {
	x := (math.Log10(float64(n)) - minPower) / (maxPower - minPower)
	return Point{x, math.Log10(l.Difference(n))}
}

// sizeTicks returns the ticks of the horizontal axis: the powers of ten.
func sizeTicks() []XTick {
	var ticks []XTick
	for k := minPower; k <= maxPower; k++ {
		ticks = append(ticks, XTick{float64(k-minPower) / (maxPower - minPower), text.Thousands(int(math.Round(math.Pow(10, float64(k)))))})
	}
	return ticks
}

func (d Detectable) panels() (Panels, error) { return d.Curves().panels() }
