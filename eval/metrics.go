package eval

import "math"

// AUC returns the area under quality over the strong fraction in [0,1], in the
// unit of quality.
func (c *Curve) AUC() float64 {
	return c.Weak + c.gainArea()/float64(c.N)
}

// APGR returns the average performance gap recovered: the area under
// PGR(t) = (quality(t) - weak) / (strong - weak) over the strong fraction
// (RouteLLM, section 3.2; the trapezoid through all vertices, which for distinct
// scores is sum_k g_(k) (n - k + 1/2) / (n G)). 0.5 is a random router. NaN when
// the models do not differ.
func (c *Curve) APGR() float64 {
	g := c.totalGain()
	if g == 0 {
		return math.NaN()
	}
	return c.gainArea() / g
}

// AreaOverRandom returns AUC minus the area under the random router's line, in
// units of quality. Unlike APGR it needs no gap between the models.
func (c *Curve) AreaOverRandom() float64 {
	return (c.gainArea() - c.totalGain()/2) / float64(c.N)
}

// gainArea is the area under the cumulative gain over the strong fraction.
func (c *Curve) gainArea() float64 {
	area := 0.0
	for i := 1; i < len(c.gains); i++ {
		width := c.Vertices[i].StrongFraction - c.Vertices[i-1].StrongFraction
		area += float64(width * (c.gains[i-1] + c.gains[i]) / 2)
	}
	return area
}

// CPT is a call-performance threshold: the share of strong calls from which a
// share of the quality gap is recovered (RouteLLM, section 3.2).
type CPT struct {
	// Value is the first crossing along the curve from no strong calls, in
	// [0,1]; NaN when the share is never reached.
	Value float64
	// Hull is the crossing of the upper concave hull, reachable by mixing two
	// thresholds. It is chosen in sample and therefore optimistic; NaN as Value.
	Hull float64
	// Crossings counts how often the curve crosses the share, up or down.
	Crossings int
}

// CPT returns the threshold for percent per cent of the gap. Above 100 it may
// not be reached. All fields are NaN or 0 when the models do not differ.
func (c *Curve) CPT(percent float64) CPT {
	g := c.totalGain()
	if g <= 0 || math.IsNaN(percent) {
		return CPT{Value: math.NaN(), Hull: math.NaN()}
	}
	// percent * g / 100 is exact where gains are whole numbers and the answer
	// is one; percent/100*g is not, and would miss a crossing at a peak.
	target := percent * g / 100
	all := func(i int) int { return i }
	value, crossings := c.crossings(target, len(c.gains), all)
	hull := c.hull()
	best, _ := c.crossings(target, len(hull), func(i int) int { return hull[i] })
	return CPT{Value: value, Hull: best, Crossings: crossings}
}

// crossings follows the n vertices at(0), at(1), ... and returns where the
// cumulative gain first reaches the target and how often it crosses it.
func (c *Curve) crossings(target float64, n int, at func(int) int) (first float64, count int) {
	first = math.NaN()
	above := c.gains[at(0)] >= target
	if above {
		first = 0
	}
	for i := 1; i < n; i++ {
		a, b := at(i-1), at(i)
		now := c.gains[b] >= target
		if now == above {
			continue
		}
		above = now
		count++
		if math.IsNaN(first) {
			first = lerp(target, c.gains[a], c.gains[b], c.Vertices[a].StrongFraction, c.Vertices[b].StrongFraction)
		}
	}
	return first, count
}

// reach returns the strong fraction from which the cumulative gain is first at the
// target, and NaN if it never is.
func (c *Curve) reach(target float64) float64 {
	for i, g := range c.gains {
		switch {
		case g < target:
		case i == 0:
			return 0
		default:
			return lerp(target, c.gains[i-1], g, c.Vertices[i-1].StrongFraction, c.Vertices[i].StrongFraction)
		}
	}
	return math.NaN()
}

// hull returns the vertices of the upper concave hull of the cumulative gain.
func (c *Curve) hull() []int {
	var h []int
	for i := range c.gains {
		for len(h) >= 2 && !c.turnsDown(h[len(h)-2], h[len(h)-1], i) {
			h = h[:len(h)-1]
		}
		h = append(h, i)
	}
	return h
}

// turnsDown reports whether the slope falls at vertex b on the way from a to d.
func (c *Curve) turnsDown(a, b, d int) bool {
	x := func(i, j int) float64 { return c.Vertices[j].StrongFraction - c.Vertices[i].StrongFraction }
	left := float64((c.gains[b] - c.gains[a]) * x(b, d))
	right := float64((c.gains[d] - c.gains[b]) * x(a, b))
	return left > right
}

// SavingOverRandom returns 1 - CPT/x: the share of the strong calls that a
// random router needs for x per cent of the gap which this router saves. May be
// negative. NaN as cpt.
func SavingOverRandom(cpt, percent float64) float64 { return 1 - cpt*100/percent }

// CostRatio returns x/CPT, how many times more strong calls a random router
// needs for x per cent of the gap (RouteLLM, cost table). NaN as cpt.
func CostRatio(cpt, percent float64) float64 { return percent / 100 / cpt }
