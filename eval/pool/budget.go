package pool

import "math"

var infinity = math.Inf(1)

// segment is a straight piece of quality against budget, with from.Cost < to.Cost.
type segment struct{ c0, q0, c1, q1 float64 }

func (s segment) at(c float64) float64 { return s.q0 + float64((s.q1-s.q0)*(c-s.c0)/(s.c1-s.c0)) }

// Budget is quality as a function of the mean cost per prompt that may be spent, over one range.
type Budget struct {
	Range
	segments []segment
}

// On returns the path as a function of the budget: at each budget the first place along the path,
// from its cheap end, where the mean cost reaches it. Below the path's first vertex, the router is
// mixed with the cheapest constant model, whose quality is low; beyond the last vertex, no more is
// spent.
func (p *Path) On(r Range, low float64) Budget {
	v := p.Vertices
	var all []segment
	if v[0].Cost > r.Lo {
		all = append(all, segment{r.Lo, low, v[0].Cost, v[0].Quality})
	}
	all = append(all, p.firstArrivals()...)
	end, quality := v[0].Cost, v[0].Quality
	if len(all) > 0 {
		end, quality = all[len(all)-1].c1, all[len(all)-1].q1
	} else {
		end = r.Lo
	}
	if end < r.Hi {
		all = append(all, segment{max(end, r.Lo), quality, r.Hi, quality})
	}
	b := Budget{Range: r}
	for _, s := range all {
		if lo, hi := max(s.c0, r.Lo), min(s.c1, r.Hi); hi > lo {
			b.segments = append(b.segments, segment{lo, s.at(lo), hi, s.at(hi)})
		}
	}
	return b
}

// firstArrivals returns the pieces of the path on which a new highest cost is reached.
func (p *Path) firstArrivals() []segment {
	var out []segment
	v := p.Vertices
	top := v[0].Cost
	for k := 1; k < len(v); k++ {
		a, b := v[k-1], v[k]
		if b.Cost <= top {
			continue
		}
		from := segment{max(a.Cost, top), a.Quality, b.Cost, b.Quality}
		if a.Cost < top {
			from.q0 = a.Quality + (top-a.Cost)/(b.Cost-a.Cost)*(b.Quality-a.Quality)
		}
		out = append(out, from)
		top = b.Cost
	}
	return out
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
func (b Budget) Area() float64 {
	s := 0.0
	for _, g := range b.segments {
		s += float64((g.q0 + g.q1) / 2 * (g.c1 - g.c0))
	}
	return s / (b.Hi - b.Lo)
}

// LogArea returns the mean quality over a budget whose logarithm is uniform in the range; NaN if
// the range begins at 0 or is empty. The integral is exact: of a + b C over d ln C.
func (b Budget) LogArea() float64 {
	if b.Lo <= 0 {
		return math.NaN()
	}
	s := 0.0
	for _, g := range b.segments {
		rise := (g.q1 - g.q0) / (g.c1 - g.c0)
		s += float64((g.q0-float64(rise*g.c0))*math.Log(g.c1/g.c0)) + float64(rise*(g.c1-g.c0))
	}
	return s / math.Log(b.Hi/b.Lo)
}
