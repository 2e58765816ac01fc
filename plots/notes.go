package plots

import "fmt"

// Area is a shaded area between two lines, each in ascending order of StrongFraction.
type Area struct {
	Name   string // name in the legend
	Lo, Hi []Point
}

// Measure is a horizontal or vertical length, drawn as a line with an arrow head at each end.
type Measure struct {
	From, To Point
	Text     string // text beside the line
}

// Named is a point with an interval from Lo to Hi and its name beside it. No interval is drawn
// if Lo and Hi are equal.
type Named struct {
	Name            string
	StrongFraction  float64
	Quality, Lo, Hi float64
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

// checkNotes checks the area, the measures, the named points and Include.
func (c Curves) checkNotes() error {
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
