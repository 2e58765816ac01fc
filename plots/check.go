package plots

import (
	"fmt"
	"math"
)

// maxShown is the largest displayed quality. It bounds the width of tick labels.
const maxShown = 1e9

// check returns an error for the first value that is not finite or out of range, or the first
// point that is out of order.
func (c *Curves) check() error {
	if s := c.YScale; math.IsNaN(s) || s < 0 || s > maxShown {
		return fmt.Errorf("figure: YScale %v: want 0 to %g", s, maxShown)
	}
	for _, t := range c.XTicks {
		if !(t.At >= 0 && t.At <= 1) {
			return fmt.Errorf("figure: x tick %q at %v: want a number in [0,1]", t.Text, t.At)
		}
	}
	for _, l := range c.levels() {
		if err := c.checkPoint(Point{0, l.Quality}); err != nil {
			return fmt.Errorf("figure: level %q: %w", l.Name, err)
		}
	}
	for _, d := range c.Dots {
		if err := c.checkPoint(Point{d.StrongFraction, d.Quality}); err != nil {
			return fmt.Errorf("figure: dot %q: %w", d.Name, err)
		}
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		if err := c.checkLine(l); err != nil {
			return fmt.Errorf("figure: line %q: %w", l.Name, err)
		}
	}
	if err := c.checkNotes(); err != nil {
		return fmt.Errorf("figure: %w", err)
	}
	if c.Random == nil {
		return nil
	}
	for _, ps := range [][]Point{c.Random.Lo, c.Random.Mid, c.Random.Hi} {
		if err := c.checkPoints(ps); err != nil {
			return fmt.Errorf("figure: band %q: %w", c.Random.Name, err)
		}
	}
	return nil
}

// checkLine checks a line's markers, bars and points.
func (c *Curves) checkLine(l *Line) error {
	for _, m := range l.CPT {
		if m.Percent < 0 || m.Percent > 100 {
			return fmt.Errorf("marker %d: want a per cent from 0 to 100", m.Percent)
		}
		if err := c.checkPoint(Point{m.StrongFraction, m.Quality}); err != nil {
			return fmt.Errorf("marker %d: %w", m.Percent, err)
		}
	}
	if err := c.checkBars(l.Bars); err != nil {
		return fmt.Errorf("bar: %w", err)
	}
	for _, ps := range [][]Point{l.Points, l.Lo, l.Hi} {
		if err := c.checkPoints(ps); err != nil {
			return err
		}
	}
	return nil
}

// checkPoints checks that points can be drawn and are in order of their strong fractions.
func (c *Curves) checkPoints(ps []Point) error {
	for i, p := range ps {
		if err := c.checkPoint(p); err != nil {
			return fmt.Errorf("point %d: %w", i+1, err)
		}
		if i > 0 && p.StrongFraction < ps[i-1].StrongFraction {
			return fmt.Errorf("point %d: strong fraction %v after %v: want ascending order",
				i+1, p.StrongFraction, ps[i-1].StrongFraction)
		}
	}
	return nil
}

// checkPoint checks one point. The conditions are written such that NaN fails them.
func (c *Curves) checkPoint(p Point) error {
	if !(p.StrongFraction >= 0 && p.StrongFraction <= 1) {
		return fmt.Errorf("strong fraction %v: want a number in [0,1]", p.StrongFraction)
	}
	if !(math.Abs(p.Quality*c.scale()) <= maxShown) {
		return fmt.Errorf("quality %v: want a finite number, at most %g after scaling", p.Quality, maxShown)
	}
	return nil
}

// checkNotes checks the area, the measures, the named points and Include.
func (c *Curves) checkNotes() error {
	for _, q := range c.Include {
		if err := c.checkPoint(Point{0, q}); err != nil {
			return fmt.Errorf("include: %w", err)
		}
	}
	if a := c.Area; a != nil {
		for _, ps := range [][]Point{a.Lo, a.Hi} {
			if err := c.checkPoints(ps); err != nil {
				return fmt.Errorf("area %q: %w", a.Name, err)
			}
		}
	}
	for _, m := range c.Measures {
		for _, p := range []Point{m.From, m.To} {
			if err := c.checkPoint(p); err != nil {
				return fmt.Errorf("measure %q: %w", m.Text, err)
			}
		}
	}
	for _, n := range c.Named {
		for _, q := range []float64{n.Quality, n.Lo, n.Hi} {
			if err := c.checkPoint(Point{n.StrongFraction, q}); err != nil {
				return fmt.Errorf("point %q: %w", n.Name, err)
			}
		}
	}
	return nil
}

// checkBars returns an error for the first bar that cannot be drawn.
func (c *Curves) checkBars(bars []Bar) error {
	for _, b := range bars {
		for _, end := range []float64{b.Lo, b.Hi} {
			if err := c.checkPoint(Point{b.StrongFraction, end}); err != nil {
				return err
			}
		}
	}
	return nil
}
