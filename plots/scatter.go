package plots

import (
	"fmt"
	"io"
	"math"
	"strconv"
)

// Scatter is a figure of named points with intervals over a logarithmic horizontal axis, such
// as the ratings of models over their prices. Points with the same X are drawn side by side,
// so that their intervals do not cover each other.
type Scatter struct {
	Title, XLabel, YLabel string
	Points                []Spot
}

// Spot is one point of a [Scatter], with an interval from Lo to Hi. No interval is drawn if Lo
// and Hi are equal.
type Spot struct {
	Name      string
	X         float64 // horizontal position, above 0
	Y, Lo, Hi float64
}

// Write draws the figure in [DefaultStyle]. It returns an error if an X is not above 0, and
// the errors of [Style.Write].
func (s Scatter) Write(w io.Writer, format Format) error { return DefaultStyle().Write(w, s, format) }

func (s Scatter) panels() (Panels, error) {
	c, err := s.curves()
	if err != nil {
		return Panels{}, err
	}
	return c.panels()
}

// curves returns the figure with its points on a horizontal axis from 0 to 1.
func (s Scatter) curves() (Curves, error) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range s.Points {
		if !(p.X > 0 && p.X <= maxShown) {
			return Curves{}, fmt.Errorf("figure: point %q: X %v: want a number above 0 and at most %g", p.Name, p.X, maxShown)
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
		c.Named = append(c.Named, Named{Name: p.Name, StrongFraction: at(p.X) + s.shift(i), Quality: p.Y, Lo: p.Lo, Hi: p.Hi})
	}
	return c, nil
}

// sideStep is the distance between neighbouring points with the same X, as a share of the axis.
const sideStep = 0.014

// shift returns the distance by which point i is moved sideways, as a share of the axis.
func (s Scatter) shift(i int) float64 {
	before, all := 0, 0
	for k, p := range s.Points {
		if p.X == s.Points[i].X {
			all++
			if k < i {
				before++
			}
		}
	}
	return sideStep * (float64(before) - float64(all-1)/2)
}
