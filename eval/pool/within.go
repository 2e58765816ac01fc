package pool

// Place is a place on a path: the share Mix, in (0,1], of the way from vertex K-1 to vertex K. The
// policy there has the lambda of vertex K.
type Place struct {
	K   int
	Mix float64
}

// Within returns the first place along the path at which the mean cost reaches a budget. Beyond
// the highest cost it is the first vertex that has this cost. ok is false if even the first vertex
// costs more than the budget.
func (p *Path) Within(budget float64) (at Place, ok bool) {
	v := p.Vertices
	if v[0].Cost > budget {
		return Place{}, false
	}
	top := 0
	for k := 1; k < len(v); k++ {
		if v[k].Cost <= v[top].Cost {
			continue
		}
		if v[k].Cost >= budget {
			return Place{k, (budget - v[k-1].Cost) / (v[k].Cost - v[k-1].Cost)}, true
		}
		top = k
	}
	return Place{top, 1}, true
}

// At returns the operating point at a place.
func (p *Path) At(at Place) Vertex {
	to := p.Vertices[at.K]
	if at.K == 0 || at.Mix == 1 {
		return to
	}
	from := p.Vertices[at.K-1]
	to.Cost = from.Cost + float64(at.Mix*(to.Cost-from.Cost))
	to.Quality = from.Quality + float64(at.Mix*(to.Quality-from.Quality))
	return to
}
