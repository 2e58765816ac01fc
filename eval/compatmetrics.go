package eval

import "math"

// AUC returns the area under quality over the observed strong fraction, by the trapezoid
// rule and in the unit of quality. A curve that does not span [0,1] covers only its own
// range, as in the reference.
func (c *Compat) AUC() float64 {
	area := 0.0
	for i := 1; i < len(c.Points); i++ {
		a, b := c.Points[i-1], c.Points[i]
		area += float64((b.StrongFraction - a.StrongFraction) * (a.Quality + b.Quality) / 2)
	}
	return area
}

// APGR returns the area above always-weak as a share of the area between always-weak and
// always-strong, over the observed strong fraction. It returns NaN if the gap is 0.
func (c *Compat) APGR() float64 {
	width := c.Points[len(c.Points)-1].StrongFraction - c.Points[0].StrongFraction
	gap := (c.Strong - c.Weak) * width
	if gap == 0 {
		return math.NaN()
	}
	return (c.AUC() - float64(c.Weak*width)) / gap
}

// CPT returns the strong fraction at which the router recovers percent per cent of the gap.
// It interpolates the strong fraction over quality as numpy.interp does, with a binary search
// that assumes that quality increases, even where it does not.
func (c *Compat) CPT(percent float64) float64 {
	target := float64(percent/100*(c.Strong-c.Weak)) + c.Weak
	p := c.Points
	last := len(p) - 1
	switch {
	case target > p[last].Quality:
		return p[last].StrongFraction
	case target < p[0].Quality:
		return p[0].StrongFraction
	}
	j := c.search(target)
	if j >= last || p[j].Quality == target {
		return p[min(j, last)].StrongFraction
	}
	slope := (p[j+1].StrongFraction - p[j].StrongFraction) / (p[j+1].Quality - p[j].Quality)
	return float64(slope*(target-p[j].Quality)) + p[j].StrongFraction
}

// search returns an index j such that target is between the qualities of points j and j+1.
// If several exist, the probes decide, and these follow numpy: it scans up to four points;
// with more, it first looks around index 1 and then bisects the rest.
func (c *Compat) search(target float64) int {
	p := c.Points
	lo, hi := 0, len(p)
	if len(p) <= 4 {
		for lo = 1; lo < len(p) && target >= p[lo].Quality; lo++ {
		}
		return lo - 1
	}
	for j := 0; j <= 2; j++ {
		if target < p[j+1].Quality {
			return j
		}
	}
	lo = 3
	if len(p) > 10 && target < p[9].Quality {
		hi = 9
	}
	for lo < hi {
		mid := lo + (hi-lo)/2
		if target >= p[mid].Quality {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}
