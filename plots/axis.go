package plots

import (
	"math"
	"strconv"
)

// tick is a labelled position on an axis. Its value is in displayed units.
type tick struct {
	value float64
	text  string
}

// axis is a range of displayed values with ticks inside it.
type axis struct {
	min, max float64
	ticks    []tick
	decimals int // number of decimals of the ticks' texts
}

// newAxis returns an axis with about want ticks at multiples of 1, 2 or 5 times a power of
// ten. Their texts have as many decimals as the step needs.
func newAxis(lo, hi float64, want int) axis {
	step := niceStep((hi - lo) / float64(want))
	a := axis{min: lo, max: hi, decimals: max(0, -int(math.Floor(math.Log10(step)+1e-9)))}
	// The slack keeps a tick that rounding moves just outside the range.
	for i := math.Ceil(lo/step - 1e-9); i <= math.Floor(hi/step+1e-9); i++ {
		v := i * step
		if v == 0 {
			v = 0 // remove the sign of -0
		}
		a.ticks = append(a.ticks, tick{v, a.format(v, 0)})
	}
	return a
}

// format returns v with the decimals of the ticks and some extra ones.
func (a axis) format(v float64, extra int) string {
	return strconv.FormatFloat(v, 'f', a.decimals+extra, 64)
}

// niceStep returns the smallest of 1, 2 and 5 times a power of ten that is at least raw.
func niceStep(raw float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if raw <= m*unit*(1+1e-9) {
			return m * unit
		}
	}
	return 10 * unit
}

// yAxis returns an axis that spans all drawn qualities, with a margin of 5 % at each end. If
// they are all equal, the axis spans 2 % around them. Without any quality, it spans 0 to 1
// times YScale.
func (c Curves) yAxis(want int) axis {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, q := range c.qualities() {
		lo, hi = min(lo, q*c.scale()), max(hi, q*c.scale())
	}
	if lo > hi {
		lo, hi = 0, c.scale()
	}
	if least := 1e-6 * max(1, math.Abs(lo)); hi-lo < least {
		pad := max(0.01*math.Abs(lo), 0.01)
		lo, hi = lo-pad, hi+pad
	}
	margin := 0.05 * (hi - lo)
	a := newAxis(lo-margin, hi+margin, want)
	if c.YTicks != nil {
		a.ticks = nil
	}
	for _, t := range c.YTicks {
		if v := t.At * c.scale(); v >= a.min && v <= a.max {
			a.ticks = append(a.ticks, tick{v, clean(t.Text)})
		}
	}
	return a
}

// qualities returns all qualities that the vertical axis must span, unscaled.
func (c Curves) qualities() []float64 {
	var qs []float64
	add := func(ps []Point) {
		for _, p := range ps {
			qs = append(qs, p.Quality)
		}
	}
	for _, l := range c.levels() {
		qs = append(qs, l.Quality)
	}
	for _, d := range c.Dots {
		qs = append(qs, d.Quality)
	}
	qs = append(append(qs, c.Include...), c.noted()...)
	for _, l := range c.Lines {
		add(l.Points)
		add(l.Lo)
		add(l.Hi)
		for _, m := range l.CPT {
			qs = append(qs, m.Quality)
		}
		for _, b := range l.Bars {
			qs = append(qs, b.Lo, b.Hi)
		}
	}
	if b := c.Random; b != nil {
		add(b.Lo)
		add(b.Mid)
		add(b.Hi)
	}
	return qs
}

// noted returns the qualities of the area, the measures and the named points, unscaled.
func (c Curves) noted() []float64 {
	var qs []float64
	if c.Area != nil {
		for _, p := range append(append([]Point{}, c.Area.Lo...), c.Area.Hi...) {
			qs = append(qs, p.Quality)
		}
	}
	for _, m := range c.Measures {
		qs = append(qs, m.From.Quality, m.To.Quality)
	}
	for _, n := range c.Named {
		qs = append(qs, n.Quality, n.Lo, n.Hi)
	}
	return qs
}
