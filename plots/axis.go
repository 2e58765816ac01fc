package plots

import (
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/internal/text"
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
	decimals int     // number of decimals of the ticks' texts
	limit    float64 // value of a limit that lies above a break of the axis; 0 or below max if there is no break
}

// newAxis returns an axis with about want ticks at multiples of 1, 2 or 5 times a power of
// ten. Their texts have as many decimals as the step needs.
func newAxis(lo, hi float64, want int) axis {
	step := niceStep((hi - lo) / float64(want))
	a := axis{min: lo, max: hi, limit: math.Inf(-1), decimals: max(0, -int(math.Floor(math.Log10(step)+1e-9)))}
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
	return separated(strconv.FormatFloat(v, 'f', a.decimals+extra, 64))
}

// separated returns a decimal number with commas between thousands.
func separated(number string) string {
	whole, fraction, found := strings.Cut(number, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n > -1000 && n < 1000 { // too large, or nothing to separate; keeps "-0"
		return number
	}
	if whole = text.Thousands(n); found {
		whole += "." + fraction
	}
	return whole
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

// span is a range of displayed values. It is empty if lo is above hi.
type span struct{ lo, hi float64 }

// with returns the smallest span that holds both.
func (s span) with(o span) span { return span{min(s.lo, o.lo), max(s.hi, o.hi)} }

// leastShare is the share of the vertical axis that all but a limit, such as the oracle, must fill.
// If it would fill less, the axis is broken.
const leastShare = 0.8

// yAxis returns the vertical axis over the spans of a panel, with a margin at each end that holds
// the name of a level. If all values are equal, the axis spans 2 % around them. Without any value,
// it spans 0 to 1 times YScale.
func (c *Curves) yAxis(of spans, s Style) axis {
	in, limit := of.rest, of.limit.hi
	if in.lo > in.hi {
		in, limit = in.with(of.limit), math.Inf(-1)
	}
	if in.lo > in.hi {
		in = span{0, c.scale()}
	}
	if least := 1e-6 * max(1, math.Abs(in.lo)); in.hi-in.lo < least {
		pad := max(0.01*math.Abs(in.lo), 0.01)
		in = span{in.lo - pad, in.hi + pad}
	}
	if limit > in.hi && in.hi-in.lo >= leastShare*(limit-in.lo) {
		in.hi, limit = limit, math.Inf(-1) // no break is needed
	}
	share := min(0.2, max(0.05, 1.4*leading*s.FontSize/s.PlotHeight))
	margin := share * (in.hi - in.lo) / (1 - 2*share)
	a := newAxis(in.lo-margin, in.hi+margin, max(1, min(7, int(s.PlotHeight/(2.2*leading*s.FontSize)))))
	if c.YTicks != nil {
		a.ticks = nil
	}
	for _, t := range c.YTicks {
		if v := t.At * c.scale(); v >= a.min && v <= a.max {
			a.ticks = append(a.ticks, tick{v, clean(t.Text)})
		}
	}
	if limit > a.max {
		a.limit = limit
		peak := of.peak
		a.ticks = append(a.ticks, tick{peak, a.format(peak, 1)})
	}
	return a
}

// spans holds what the vertical axis must show, in displayed units: the limits, and all the rest.
type spans struct {
	rest, limit span
	peak        float64 // highest point of a limit's line
}

// with returns the spans that hold both.
func (s spans) with(o spans) spans {
	return spans{s.rest.with(o.rest), s.limit.with(o.limit), max(s.peak, o.peak)}
}

// spans returns the spans of each panel, which are all the same with SameY.
func (p Panels) spans() []spans {
	out := make([]spans, len(p.Panels))
	for i := range p.Panels {
		out[i] = p.Panels[i].spans()
	}
	for i := range out {
		for k := range out {
			if p.SameY {
				out[i] = out[i].with(out[k])
			}
		}
	}
	return out
}

// spans returns the ranges of everything that is drawn.
func (c *Curves) spans() spans {
	empty := span{math.Inf(1), math.Inf(-1)}
	out := spans{empty, empty, math.Inf(-1)}
	k := c.scale()
	for i := range c.Lines {
		l := &c.Lines[i]
		if !l.Limit {
			l.extend(&out.rest, k)
			continue
		}
		l.extend(&out.limit, k)
		line := empty
		line.points(k, l.Points)
		out.peak = max(out.peak, line.hi)
	}
	c.extend(&out.rest, k)
	return out
}

// add extends the span to qualities times a factor.
func (s *span) add(k float64, qs ...float64) {
	for _, q := range qs {
		s.lo, s.hi = min(s.lo, q*k), max(s.hi, q*k)
	}
}

// points extends the span to the qualities of points times a factor.
func (s *span) points(k float64, ps []Point) {
	for _, p := range ps {
		s.add(k, p.Quality)
	}
}

// extend extends a span to a line, with its band, markers and bars.
func (l *Line) extend(s *span, k float64) {
	s.points(k, l.Points)
	s.points(k, l.Lo)
	s.points(k, l.Hi)
	for _, m := range l.CPT {
		s.add(k, m.Quality)
	}
	for _, b := range l.Bars {
		s.add(k, b.Lo, b.Hi)
	}
}

// extend extends a span to everything but the lines.
func (c *Curves) extend(s *span, k float64) {
	for _, l := range c.levels() {
		s.add(k, l.Quality)
	}
	for _, d := range c.Dots {
		s.add(k, d.Quality)
	}
	s.add(k, c.Include...)
	if b := c.Random; b != nil {
		s.points(k, b.Lo)
		s.points(k, b.Mid)
		s.points(k, b.Hi)
	}
	if a := c.Area; a != nil {
		s.points(k, a.Lo)
		s.points(k, a.Hi)
	}
	for _, m := range c.Measures {
		s.add(k, m.From.Quality, m.To.Quality)
	}
	for _, n := range c.Named {
		s.add(k, n.Quality, n.Lo, n.Hi)
	}
}
