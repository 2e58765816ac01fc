package pool

import "math"

// pulls says how the integral of the quality over the budget changes with the vertices of a path:
// by quality[k] times the change of a vertex's quality, less cost[k] times that of its cost. The
// last element stands for the cheapest constant model, from which the path may start. Seven digits
// are enough to say how few clusters carry a result.
type pulls struct{ quality, cost []float32 }

// newPulls returns the derivatives of the integral over a fixed range, or of that over its
// logarithm, for a path of n vertices. It is exact where costs rise along the path.
func newPulls(n int, each func(visit func(cost, quality float64)), r Range, low float64, logs bool) pulls {
	p := pulls{make([]float32, n+1), make([]float32, n+1)}
	k, reached, last, top := 0, 0, Vertex{}, Vertex{}
	each(func(cost, quality float64) {
		v := Vertex{Cost: cost, Quality: quality}
		switch {
		case k == 0:
			top = v
			p.add(n, 0, segment{r.Lo, low, cost, quality}, r.Lo, r, logs)
		case cost > top.Cost && top.Cost < r.Hi:
			p.add(k-1, k, segment{last.Cost, last.Quality, cost, quality}, top.Cost, r, logs)
			top, reached = v, k
		}
		last = v
		k++
	})
	if top.Cost < r.Hi {
		p.add(reached, reached, segment{max(top.Cost, r.Lo), top.Quality, r.Hi, top.Quality}, r.Lo, r, logs)
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
	p.quality[a] += float32(all - right)
	p.cost[a] += float32((all - right) * slope)
	p.quality[b] += float32(right)
	p.cost[b] += float32(right * slope)
}

// lever is a linear function of one prompt's qualities and costs of all models.
type lever struct{ quality, cost []float64 }

// influence returns how much each cluster moves a router's lift, or its log lift: the derivative by
// the cluster's weight, times the total weight. The values sum to 0.
func (t Table) influence(s *Sweep, c Constants, r Range, logs bool) []float64 {
	low, models, n := c.Quality[c.Cheapest], c.mixed(), s.events.Vertices()
	mix := c.through(models)
	own := newPulls(n, func(visit func(cost, quality float64)) { s.each(nil, visit) }, r, low, logs)
	static := newPulls(len(models), func(visit func(cost, quality float64)) {
		for _, v := range mix.Vertices {
			visit(v.Cost, v.Quality)
		}
	}, r, low, logs)
	f := lever{make([]float64, len(c.Cost)), make([]float64, len(c.Cost))}
	for k, m := range models {
		f.quality[m] -= float64(static.quality[k])
		f.cost[m] += float64(static.cost[k])
	}
	f.quality[c.Cheapest] += float64(own.quality[n] - static.quality[len(models)])
	length := r.length(logs)
	if t.Range == (Range{}) {
		f.cost[c.Cheapest] -= float64(own.cost[n] - static.cost[len(models)])
		f.moveEnds(c, r, logs, endsOf(func(m *meter) { s.pass(nil, m) }, r, low), endsOf(mix.pass, r, low))
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

// endsOf measures a path without storing its pieces.
func endsOf(pass func(*meter), r Range, low float64) ends {
	e := ends{lo: math.NaN()}
	m := meter{Range: r, low: low, emit: func(s segment) {
		if math.IsNaN(e.lo) {
			e.lo = s.q0
		}
		e.hi = s.q1
	}}
	pass(&m)
	e.area, e.logArea = m.areas()
	return e
}

// moveEnds adds that the range moves with the costs of the cheapest and the best model.
func (f lever) moveEnds(c Constants, r Range, logs bool, own, static ends) {
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
	quality, cost := 0.0, 0.0
	for k := len(p.quality) - 2; k >= 0; k-- { // a change at a vertex stays at all later ones
		quality, cost = quality+float64(p.quality[k]), cost+float64(p.cost[k])
		p.quality[k], p.cost[k] = float32(quality), float32(cost)
	}
	out, size, total, sum := make([]float64, o.clusters()), make([]float64, o.clusters()), 0.0, 0.0
	for i := range o.N() {
		x := float64(quality*s.quality[i]) - float64(cost*s.cost[i])
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
		out[c] += float64(float64(p.quality[at])*s.events.Quality[k]) - float64(float64(p.cost[at])*s.events.Cost[k])
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
