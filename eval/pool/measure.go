package pool

import (
	"iter"
	"math"
)

// walked holds the mean cost and quality at each vertex of a path, by vertex.
type walked struct{ cost, quality []float64 }

// newWalked returns room for a number of vertices.
func newWalked(vertices int) walked {
	return walked{make([]float64, vertices), make([]float64, vertices)}
}

// walked returns the path's vertices without their lambdas.
func (p *Path) walked() walked {
	w := newWalked(len(p.Vertices))
	for k, v := range p.Vertices {
		w.cost[k], w.quality[k] = v.Cost, v.Quality
	}
	return w
}

// segment is a straight piece of quality against budget, with c0 < c1.
type segment struct{ c0, q0, c1, q1 float64 }

func (s segment) at(c float64) float64 { return s.q0 + float64((s.q1-s.q0)*(c-s.c0)/(s.c1-s.c0)) }

// cut returns the part of the segment inside the range; c0 < c1 does not hold if there is none.
func (s segment) cut(r Range) segment {
	if s.c0 >= r.Lo && s.c1 <= r.Hi {
		return s
	}
	lo, hi := max(s.c0, r.Lo), min(s.c1, r.Hi)
	return segment{lo, s.at(lo), hi, s.at(hi)}
}

// pieces returns quality as a function of the budget over a range, as [Path.On] describes it.
func (w walked) pieces(r Range, low float64) iter.Seq[segment] {
	return func(yield func(segment) bool) {
		cut := func(s segment) bool {
			c := s.cut(r)
			return !(c.c0 < c.c1) || yield(c)
		}
		top, quality := w.cost[0], w.quality[0]
		if top > r.Lo && !cut(segment{r.Lo, low, top, quality}) {
			return
		}
		for k := 1; k < len(w.cost) && top < r.Hi; k++ {
			if w.cost[k] <= top {
				continue
			}
			s := segment{top, w.quality[k-1], w.cost[k], w.quality[k]}
			if before := w.cost[k-1]; before < top {
				s.q0 = segment{before, w.quality[k-1], s.c1, s.q1}.at(top)
			}
			if !cut(s) {
				return
			}
			top, quality = s.c1, s.q1
		}
		if top < r.Hi {
			cut(segment{max(top, r.Lo), quality, r.Hi, quality})
		}
	}
}

// areas returns the mean quality over the range and over its logarithm; see [Budget.Area] and
// [Budget.LogArea].
func (w walked) areas(r Range, low float64) (area, logArea float64) {
	return areasOf(w.pieces(r, low), r)
}

// areasOf returns the areas below pieces that fill a range.
func areasOf(pieces iter.Seq[segment], r Range) (area, logArea float64) {
	logs := r.Lo > 0
	for s := range pieces {
		area += float64((s.q0 + s.q1) / 2 * (s.c1 - s.c0))
		if logs {
			logArea += s.logArea()
		}
	}
	if !logs {
		return area / (r.Hi - r.Lo), math.NaN()
	}
	return area / (r.Hi - r.Lo), logArea / math.Log(r.Hi/r.Lo)
}

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

// costFor returns the smallest cost at which the path reaches the quality; see [Path.CostFor].
func (w walked) costFor(quality float64) float64 {
	target := quality - tolerance
	for k, q := range w.quality {
		switch {
		case q < target:
		case k == 0:
			return w.cost[0]
		default:
			c, q0 := w.cost[k-1], w.quality[k-1]
			return c + float64((target-q0)/(q-q0)*(w.cost[k]-c))
		}
	}
	return math.NaN()
}
