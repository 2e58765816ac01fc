package plots

import "fmt"

// Area is a shaded part of the figure between two lines, each in order of StrongFraction.
type Area struct {
	Name   string // in the legend
	Lo, Hi []Point
}

// Measure is a level or upright length with an arrow head at each end.
type Measure struct {
	From, To Point
	Text     string
}

// Named is a point with an interval and its name beside it. Lo and Hi equal to Quality
// draw no interval.
type Named struct {
	Name            string
	StrongFraction  float64
	Quality, Lo, Hi float64
}

// noted lists the ordinates of all notes, unscaled.
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
