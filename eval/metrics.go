package eval

import "math"

// AUC returns the area under quality over the strong fraction from 0 to 1, in the unit of
// quality.
func (c *Curve) AUC() float64 {
	return c.Weak + c.gainArea()/c.total
}

// APGR returns the average performance gap recovered: the area under PGR = (quality - weak) /
// (strong - weak) over the strong fraction (RouteLLM, arXiv 2406.18665, section 3.2), by the
// trapezoid rule through all vertices. For distinct scores that is sum_k g_(k) (n - k + 1/2) /
// (n G), where g_(k) is the gain of the sample with the k-th largest score and G the sum of
// the gains. A random router has 0.5. It returns NaN if the gap is 0.
func (c *Curve) APGR() float64 {
	g := c.totalGain()
	if g == 0 {
		return math.NaN()
	}
	return c.gainArea() / g
}

// AreaOverRandom returns the AUC minus the area under the random router's line, in units of
// quality. Unlike APGR, it exists without a gap between the models.
func (c *Curve) AreaOverRandom() float64 {
	return overRandom(c.gainArea(), c.totalGain()) / c.total
}

// overRandom returns the area under the cumulative gain less that of the random router, 0 if
// they differ by rounding only.
func overRandom(area, total float64) float64 {
	const rounding = 1e-12
	if d := area - total/2; math.Abs(d) > rounding*math.Abs(total) {
		return d
	}
	return 0
}

// gainArea returns the area under the cumulative gain over the strong fraction.
func (c *Curve) gainArea() float64 {
	area := 0.0
	for i := 1; i < len(c.gains); i++ {
		width := c.Vertices[i].StrongFraction - c.Vertices[i-1].StrongFraction
		area += float64(width * (c.gains[i-1] + c.gains[i]) / 2)
	}
	return area
}

// CPT is a call-performance threshold: the strong fraction from which a router recovers a
// given share of the quality gap (RouteLLM, arXiv 2406.18665, section 3.2).
type CPT struct {
	// Value is the strong fraction in [0,1] at which the curve first reaches the share,
	// starting from no strong calls. NaN if it never does.
	Value float64
	// Hull is the strong fraction at which the curve's upper concave hull first reaches the
	// share, by mixing two thresholds. The hull is chosen in sample, which makes it
	// optimistic. NaN if Value is NaN.
	Hull float64
	// Crossings is the number of times that the curve crosses the share, up or down.
	Crossings int
}

// CPT returns the call-performance threshold for percent per cent of the gap. A percent
// above 100 may never be reached. Value and Hull are NaN and Crossings is 0 if the strong
// model is not better.
func (c *Curve) CPT(percent float64) CPT {
	g := c.totalGain()
	if g <= 0 || math.IsNaN(percent) {
		return CPT{Value: math.NaN(), Hull: math.NaN()}
	}
	// percent * g / 100 is exact if the gains and the result are whole numbers;
	// percent/100*g is not, and would miss a crossing at a peak.
	target := percent * g / 100
	all := func(i int) int { return i }
	value, crossings := c.crossings(target, len(c.gains), all)
	hull := c.hull()
	best, _ := c.crossings(target, len(hull), func(i int) int { return hull[i] })
	return CPT{Value: value, Hull: best, Crossings: crossings}
}

// crossings follows the n vertices at(0), at(1), ... and returns the strong fraction at which
// the cumulative gain first reaches the target, and the number of times it crosses the target.
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

// reach returns the strong fraction at which the cumulative gain first reaches the target, or
// NaN if it never does.
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

// hull returns the indices of the vertices on the upper concave hull of the cumulative gain.
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

// turnsDown reports whether the slope decreases at vertex b on the way from a to d.
func (c *Curve) turnsDown(a, b, d int) bool {
	x := func(i, j int) float64 { return c.Vertices[j].StrongFraction - c.Vertices[i].StrongFraction }
	left := float64((c.gains[b] - c.gains[a]) * x(b, d))
	right := float64((c.gains[d] - c.gains[b]) * x(a, b))
	return left > right
}

// SavingOverRandom returns the share of a random router's strong calls that a router saves
// when both recover percent per cent of the gap: 1 - cpt/(percent/100), where cpt is the
// router's [CPT] value. It is negative if the router needs more calls than random, and NaN if
// cpt is NaN.
func SavingOverRandom(cpt, percent float64) float64 { return 1 - cpt*100/percent }

// CostRatio returns the number of a random router's strong calls per strong call of this
// router when both recover percent per cent of the gap: (percent/100)/cpt, where cpt is the
// router's [CPT] value (RouteLLM, arXiv 2406.18665, table 6). It is NaN if cpt is NaN.
func CostRatio(cpt, percent float64) float64 { return percent / 100 / cpt }
