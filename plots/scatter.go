package plots

import (
	"fmt"
	"io"
	"math"
	"strconv"
)

// Scatter is a figure of named points with intervals over a logarithmic horizontal
// axis: ratings of models over their prices. Points of the same abscissa stand side by
// side, so that their intervals can be told apart.
type Scatter struct {
	Title, XLabel, YLabel string
	Points                []Spot
}

// Spot is a point of a Scatter. Lo and Hi equal to Y draw no interval.
type Spot struct {
	Name      string
	X         float64 // above 0
	Y, Lo, Hi float64
}

// Write draws the figure in DefaultStyle. See Style.Write; an abscissa that is not above
// 0 is refused too.
func (s Scatter) Write(w io.Writer, format Format) error {
	c, err := s.curves()
	if err != nil {
		return err
	}
	return c.Write(w, format)
}

// curves places the points on an axis from 0 to 1.
func (s Scatter) curves() (Curves, error) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range s.Points {
		if !(p.X > 0 && p.X <= maxShown) {
			return Curves{}, fmt.Errorf("figure: point %q: abscissa %v: want a positive number", p.Name, p.X)
		}
		lo, hi = min(lo, math.Log10(p.X)), max(hi, math.Log10(p.X))
	}
	if len(s.Points) == 0 {
		lo, hi = 0, 1
	}
	margin := max(0.1, 0.08*(hi-lo))
	lo, hi = lo-margin, hi+margin
	at := func(x float64) float64 { return (math.Log10(x) - lo) / (hi - lo) }
	c := Curves{Title: s.Title, XLabel: s.XLabel, YLabel: s.YLabel, XTicks: []XTick{}}
	for exponent := math.Floor(lo); exponent <= hi; exponent++ {
		for _, m := range []float64{1, 2, 5} {
			if x := m * math.Pow(10, exponent); at(x) >= 0 && at(x) <= 1 && (m == 1 || hi-lo < 3) {
				c.XTicks = append(c.XTicks, XTick{at(x), strconv.FormatFloat(x, 'g', 6, 64)})
			}
		}
	}
	for i, p := range s.Points {
		c.Named = append(c.Named, Named{p.Name, at(p.X) + s.aside(i), p.Y, p.Lo, p.Hi})
	}
	return c, nil
}

// besides is the distance of points of the same abscissa, as a share of the axis.
const besides = 0.014

// aside is how far point i stands from its place.
func (s Scatter) aside(i int) float64 {
	before, all := 0, 0
	for k, p := range s.Points {
		if p.X == s.Points[i].X {
			all++
			if k < i {
				before++
			}
		}
	}
	return besides * (float64(before) - float64(all-1)/2)
}
