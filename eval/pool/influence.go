package pool

import "math"

// pulls says how the integral of the quality over the budget changes with the vertices of a path:
// by quality[k] times the change of a vertex's quality, less cost[k] times that of its cost. The
// last element stands for the cheapest constant model, from which the path may start.
type pulls struct{ quality, cost []float64 }

// pulls returns the derivatives of the integral over a fixed range, or of that over its logarithm.
// It is exact where costs rise along the path.
func (path *Path) pulls(r Range, low float64, logs bool) pulls {
	n, v := len(path.Vertices), path.Vertices
	p := pulls{make([]float64, n+1), make([]float64, n+1)}
	top, reached := v[0].Cost, 0
	if top > r.Lo {
		p.add(n, 0, segment{r.Lo, low, top, v[0].Quality}, r.Lo, r, logs)
	}
	for k := 1; k < n && top < r.Hi; k++ {
		if v[k].Cost > top {
			p.add(k-1, k, segment{v[k-1].Cost, v[k-1].Quality, v[k].Cost, v[k].Quality}, top, r, logs)
			top, reached = v[k].Cost, k
		}
	}
	if top < r.Hi {
		q := v[reached].Quality
		p.add(reached, reached, segment{max(top, r.Lo), q, r.Hi, q}, r.Lo, r, logs)
	}
	return p
}

// add adds a piece between vertices a and b from a cost on, as far as it lies in the range.
func (p pulls) add(a, b int, s segment, from float64, r Range, logs bool) {
	lo, hi := max(s.c0, from, r.Lo), min(s.c1, r.Hi)
	if !(lo < hi) {
		return
	}
	// The parts of the integral that move with the left and the right vertex.
	slope, t0, t1 := (s.q1-s.q0)/(s.c1-s.c0), (lo-s.c0)/(s.c1-s.c0), (hi-s.c0)/(s.c1-s.c0)
	all, right := hi-lo, (t1*t1-t0*t0)/2*(s.c1-s.c0)
	if logs {
		all = math.Log(hi / lo)
		right = (hi - lo - float64(s.c0*all)) / (s.c1 - s.c0)
	}
	p.quality[a] += all - right
	p.cost[a] += (all - right) * slope
	p.quality[b] += right
	p.cost[b] += right * slope
}

// lever is a linear function of one prompt's qualities and costs of all models.
type lever struct{ quality, cost []float64 }

// influence returns how much each cluster moves a router's lift, or its log lift: the derivative by
// the cluster's weight, times the total weight. path is the router's. The values sum to 0.
func (t Table) influence(s *Sweep, path *Path, c Constants, r Range, logs bool) []float64 {
	low, models := c.Quality[c.Cheapest], c.mixed()
	mix := c.through(models)
	own, static := path.pulls(r, low, logs), mix.pulls(r, low, logs)
	f := lever{make([]float64, len(c.Cost)), make([]float64, len(c.Cost))}
	for k, m := range models {
		f.quality[m] -= static.quality[k]
		f.cost[m] += static.cost[k]
	}
	f.quality[c.Cheapest] += own.quality[len(path.Vertices)] - static.quality[len(models)]
	length := r.length(logs)
	if t.Range == (Range{}) {
		f.cost[c.Cheapest] -= own.cost[len(path.Vertices)] - static.cost[len(models)]
		f.moveEnds(c, r, logs, path, mix)
	}
	return t.collect(s, f, own, length)
}

// length returns the length of the range or of its logarithm.
func (r Range) length(logs bool) float64 {
	if logs {
		return math.Log(r.Hi / r.Lo)
	}
	return r.Hi - r.Lo
}

// ends holds the quality at both ends of a range, and the areas.
type ends struct{ lo, hi, area, logArea float64 }

// ends measures a path without storing its pieces.
func (p *Path) ends(r Range, low float64) ends {
	e := ends{lo: math.NaN()}
	m := meter{Range: r, low: low, emit: func(s segment) {
		if math.IsNaN(e.lo) {
			e.lo = s.q0
		}
		e.hi = s.q1
	}}
	p.pass(&m)
	e.area, e.logArea = m.areas()
	return e
}

// moveEnds adds that the range moves with the costs of the cheapest and the best model.
func (f lever) moveEnds(c Constants, r Range, logs bool, path, mix *Path) {
	own, static := path.ends(r, c.Quality[c.Cheapest]), mix.ends(r, c.Quality[c.Cheapest])
	lift := own.area - static.area
	if logs {
		lift = own.logArea - static.logArea
	}
	unit := Range{1, 1}
	if logs {
		unit = r
	}
	f.cost[c.Best] += (own.hi - static.hi - lift) / unit.Hi
	f.cost[c.Cheapest] -= (own.lo - static.lo - lift) / unit.Lo
}

// collect sums the influences over clusters: those of all models by the lever, and those of the
// router's choices by the pulls of its vertices.
func (t Table) collect(s *Sweep, f lever, p pulls, length float64) []float64 {
	o := t.Outcomes
	last := len(p.quality) - 2
	for k := last - 1; k >= 0; k-- { // a change at a vertex stays at all later ones
		p.quality[k] += p.quality[k+1]
		p.cost[k] += p.cost[k+1]
	}
	out, size, total, sum := make([]float64, o.clusters()), make([]float64, o.clusters()), 0.0, 0.0
	for i := range o.N() {
		x := float64(p.quality[0]*s.quality[i]) - float64(p.cost[0]*s.cost[i])
		for m := range f.cost {
			x += float64(f.quality[m]*o.Quality.At(i, m)) + float64(f.cost[m]*o.Cost.At(i, m))
		}
		c, v := i, weightOf(i, o.Weight, nil, nil)
		if o.Cluster != nil {
			c = o.Cluster[i]
		}
		out[c] += float64(v * x)
		size[c] += v
		total += v
	}
	at := 1
	for k, c := range s.events.Cluster {
		out[c] += float64(p.quality[at]*s.events.Quality[k]) - float64(p.cost[at]*s.events.Cost[k])
		if s.events.Last[k] {
			at++
		}
	}
	for _, x := range out {
		sum += x
	}
	for c := range out {
		out[c] = (out[c] - float64(size[c]*sum/total)) / length
	}
	return out
}
