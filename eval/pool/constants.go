package pool

import (
	"cmp"
	"slices"
)

// tolerance is how far two mean qualities may differ and still count as equal. Sums of equal
// columns differ in the last digits.
const tolerance = 1e-9

// Constants holds the mean cost and quality of always calling one model, by model.
type Constants struct {
	Cost, Quality []float64
	Best          int // model with the highest quality; the cheapest of several
	Cheapest      int // model with the lowest cost; the best of several
}

// NewConstants returns the constant models. draws is as in [Sweep.Path].
func NewConstants(o Outcomes, draws []int32) Constants {
	c := Constants{Cost: make([]float64, o.Models()), Quality: make([]float64, o.Models())}
	total := 0.0
	for i := range o.N() {
		w := o.weightOf(i, draws)
		total += w
		for m := range c.Cost {
			c.Cost[m] += float64(w * o.Cost.At(i, m))
			c.Quality[m] += float64(w * o.Quality.At(i, m))
		}
	}
	for m := range c.Cost {
		c.Cost[m] /= total
		c.Quality[m] /= total
	}
	c.choose()
	return c
}

// weightOf returns the weight of prompt i in a resample.
func (o Outcomes) weightOf(i int, draws []int32) float64 {
	w, c := 1.0, i
	if o.Weight != nil {
		w = o.Weight[i]
	}
	if o.Cluster != nil {
		c = o.Cluster[i]
	}
	if draws != nil {
		w *= float64(draws[c])
	}
	return w
}

// choose finds the best and the cheapest model.
func (c *Constants) choose() {
	top, low := slices.Max(c.Quality), slices.Min(c.Cost)
	c.Best, c.Cheapest = -1, -1
	for m := range c.Cost {
		if c.Quality[m] >= top-tolerance && (c.Best < 0 || c.Cost[m] < c.Cost[c.Best]) {
			c.Best = m
		}
		if c.Cost[m] <= low*(1+1e-12) && (c.Cheapest < 0 || c.Quality[m] > c.Quality[c.Cheapest]) {
			c.Cheapest = m
		}
	}
}

// Range is a range of budgets: mean costs per prompt.
type Range struct{ Lo, Hi float64 }

// Range returns the range from the cheapest model's cost to the best model's.
func (c Constants) Range() Range { return Range{c.Cost[c.Cheapest], c.Cost[c.Best]} }

// StaticMix returns the path of the best mixtures of constant models that look at no prompt: the
// non-decreasing upper concave hull of the constants. Its lambdas are the slopes.
func (c Constants) StaticMix() *Path {
	points := make([]Vertex, len(c.Cost))
	for m := range points {
		points[m] = Vertex{Cost: c.Cost[m], Quality: c.Quality[m]}
	}
	return hull(points)
}

// Hull returns the non-decreasing upper concave hull of the path. It is optimistic: it mixes
// operating points that were chosen on the same prompts.
func (p *Path) Hull() *Path { return hull(slices.Clone(p.Vertices)) }

// hull returns the hull of the points and sets the lambdas to its slopes.
func hull(points []Vertex) *Path {
	slices.SortFunc(points, func(a, b Vertex) int { return cmp.Or(cmp.Compare(a.Cost, b.Cost), cmp.Compare(b.Quality, a.Quality)) })
	var h []Vertex
	for _, p := range points {
		if len(h) > 0 && p.Cost == h[len(h)-1].Cost {
			continue
		}
		for len(h) >= 2 && slope(h[len(h)-2], h[len(h)-1]) <= slope(h[len(h)-2], p) {
			h = h[:len(h)-1]
		}
		h = append(h, p)
	}
	out := &Path{Vertices: []Vertex{{infinity, h[0].Cost, h[0].Quality}}}
	for k := 1; k < len(h); k++ {
		if h[k].Quality > out.End().Quality {
			out.Vertices = append(out.Vertices, Vertex{slope(h[k-1], h[k]), h[k].Cost, h[k].Quality})
		}
	}
	return out
}

func slope(a, b Vertex) float64 { return (b.Quality - a.Quality) / (b.Cost - a.Cost) }
