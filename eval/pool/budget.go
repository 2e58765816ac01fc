package pool

import "math"

// Budget is quality as a function of the mean cost per prompt that may be spent, over one range.
type Budget struct {
	Range
	segments      []segment
	area, logArea float64
}

// On returns the path as a function of the budget: at each budget the first place along the path,
// from its cheap end, where the mean cost reaches it. Below the path's first vertex, the router is
// mixed with the cheapest constant model, whose quality is low; beyond the last vertex, no more is
// spent.
func (p *Path) On(r Range, low float64) Budget {
	b := Budget{Range: r}
	m := meter{Range: r, low: low, emit: func(s segment) { b.segments = append(b.segments, s) }}
	p.pass(&m)
	b.area, b.logArea = m.areas()
	return b
}

// QualityAt returns the quality at a budget within the range, or NaN outside.
func (b Budget) QualityAt(cost float64) float64 {
	for _, s := range b.segments {
		if cost >= s.c0 && cost <= s.c1 {
			return s.at(cost)
		}
	}
	return math.NaN()
}

// Area returns the mean quality over a budget that is uniform in the range; NaN if the range is
// empty.
func (b Budget) Area() float64 { return b.area }

// LogArea returns the mean quality over a budget whose logarithm is uniform in the range; NaN if
// the range begins at 0 or is empty. It is exact.
func (b Budget) LogArea() float64 { return b.logArea }
