package pool

import "math"

// meter measures a path that passes by once, vertex by vertex from the cheap end: quality as a
// function of the budget over a range, as [Path.On] describes it, and the first costs at which
// targets are reached.
type meter struct {
	Range
	low     float64
	targets []float64     // qualities to reach
	reached []float64     // cost at which each target is reached; NaN before
	emit    func(segment) // if non-nil, gets each piece of the function

	area, logArea float64 // integrals of the quality over the budget and over its logarithm
	cost, quality float64 // the last vertex
	top, atTop    float64 // highest cost so far, and the quality there
}

// start begins with the first vertex. targets may be nil.
func (m *meter) start(cost, quality float64) {
	m.area, m.logArea = 0, 0
	m.cost, m.quality, m.top, m.atTop = cost, quality, cost, quality
	for k, target := range m.targets {
		m.reached[k] = math.NaN()
		if quality >= target-tolerance {
			m.reached[k] = cost
		}
	}
	if cost > m.Lo {
		m.piece(segment{m.Lo, m.low, cost, quality})
	}
}

// step goes on to the next vertex.
func (m *meter) step(cost, quality float64) {
	for k, target := range m.targets {
		if quality >= target-tolerance && math.IsNaN(m.reached[k]) {
			share := (target - tolerance - m.quality) / (quality - m.quality)
			m.reached[k] = m.cost + float64(share*(cost-m.cost))
		}
	}
	if cost > m.top && m.top < m.Hi {
		s := segment{m.cost, m.quality, cost, quality}
		if m.cost < m.top {
			s.c0, s.q0 = m.top, s.at(m.top)
		}
		m.piece(s)
		m.top, m.atTop = cost, quality
	}
	m.cost, m.quality = cost, quality
}

// end ends the path: beyond the highest cost, no more is spent.
func (m *meter) end() {
	if m.top < m.Hi {
		m.piece(segment{max(m.top, m.Lo), m.atTop, m.Hi, m.atTop})
	}
}

// piece adds the part of a piece that lies in the range.
func (m *meter) piece(s segment) {
	if s.c0 < m.Lo || s.c1 > m.Hi {
		lo, hi := max(s.c0, m.Lo), min(s.c1, m.Hi)
		s = segment{lo, s.at(lo), hi, s.at(hi)}
	}
	if !(s.c0 < s.c1) {
		return
	}
	m.area += float64((s.q0 + s.q1) / 2 * (s.c1 - s.c0))
	if m.Lo > 0 {
		m.logArea += s.logArea()
	}
	if m.emit != nil {
		m.emit(s)
	}
}

// areas returns the mean quality over the range and over its logarithm; NaN if they do not exist.
func (m *meter) areas() (area, logArea float64) {
	if m.Lo <= 0 {
		return m.area / (m.Hi - m.Lo), math.NaN()
	}
	return m.area / (m.Hi - m.Lo), m.logArea / math.Log(m.Hi/m.Lo)
}

// segment is a straight piece of quality against budget, with c0 < c1.
type segment struct{ c0, q0, c1, q1 float64 }

func (s segment) at(c float64) float64 { return s.q0 + float64((s.q1-s.q0)*(c-s.c0)/(s.c1-s.c0)) }

// logArea returns the integral of the quality over the logarithm of the cost, exactly. With x =
// c1/c0 - 1 it is q0 ln(1 + x) + (q1 - q0) (1 - ln(1 + x)/x). Short pieces take the series of the
// logarithm, which is faster and as exact.
func (s segment) logArea() float64 {
	const short = 1e-4
	x := (s.c1 - s.c0) / s.c0
	less := x * (1.0/2 - float64(x*(1.0/3-float64(x*(1.0/4))))) // 1 - ln(1 + x)/x
	if x > short {
		less = 1 - math.Log1p(x)/x
	}
	return float64(s.q0*x*(1-less)) + float64((s.q1-s.q0)*less)
}

// pass lets the path pass by a meter.
func (p *Path) pass(m *meter) {
	for k, v := range p.Vertices {
		if k == 0 {
			m.start(v.Cost, v.Quality)
		} else {
			m.step(v.Cost, v.Quality)
		}
	}
	m.end()
}

// areas returns the areas below the path over a range.
func (p *Path) areas(r Range, low float64) (area, logArea float64) {
	m := meter{Range: r, low: low}
	p.pass(&m)
	return m.areas()
}
