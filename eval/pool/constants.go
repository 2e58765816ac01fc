package pool

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/num"
)

// tolerance is how far two mean qualities may differ and still count as equal. Sums of equal
// columns differ in the last digits.
const tolerance = 1e-9

// costSlack is how far two mean costs may differ, relative to them, and still count as equal.
const costSlack = 1e-12

// Constants holds the mean cost and quality of always calling one model, by model.
type Constants struct {
	Cost, Quality []float64
	Best          int // model with the highest quality; the cheapest of several
	Cheapest      int // model with the lowest cost; the best of several
}

// NewConstants returns the constant models. draws is as in [Sweep.Path].
func NewConstants(o Outcomes, draws []int32) Constants {
	c := Constants{Cost: make([]float64, o.Models()), Quality: make([]float64, o.Models())}
	c.fill(o, draws)
	return c
}

// fill measures the constant models of drawn clusters into c, whose slices have one element per
// model.
func (c *Constants) fill(o Outcomes, draws []int32) {
	clear(c.Cost)
	clear(c.Quality)
	total := 0.0
	for i := range o.N() {
		w := weightOf(i, o.Weight, o.Cluster, draws)
		if w == 0 {
			continue
		}
		total += w
		cost, quality := o.Cost.Row(i), o.Quality.Row(i)
		for m := range c.Cost {
			c.Cost[m] += float64(w * cost[m])
			c.Quality[m] += float64(w * quality[m])
		}
	}
	for m := range c.Cost {
		c.Cost[m] /= total
		c.Quality[m] /= total
	}
	c.choose()
}

// weightOf returns the weight of prompt i where its cluster is drawn so often. Each slice may be
// nil: weights of 1, clusters of one prompt, and one draw each.
func weightOf(i int, weight []float64, cluster []int, draws []int32) float64 {
	w, c := 1.0, i
	if weight != nil {
		w = weight[i]
	}
	if cluster != nil {
		c = cluster[i]
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
		if c.Cost[m] <= low*(1+costSlack) && (c.Cheapest < 0 || c.Quality[m] > c.Quality[c.Cheapest]) {
			c.Cheapest = m
		}
	}
}

// Range is a range of budgets: mean costs per prompt.
type Range struct{ Lo, Hi float64 }

// check returns an error unless the range is the zero value or 0 <= Lo < Hi, both finite.
func (r Range) check() error {
	if r != (Range{}) && !(r.Lo >= 0 && r.Lo < r.Hi && num.Finite(r.Hi)) {
		return fmt.Errorf("range of budgets is %v to %v: want two finite costs, the lower one first", r.Lo, r.Hi)
	}
	return nil
}

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

// mixed returns the models of the static mix, by cost.
func (c Constants) mixed() []int {
	var models []int
	for _, v := range c.StaticMix().Vertices {
		for m := range c.Cost {
			if c.Cost[m] == v.Cost && c.Quality[m] == v.Quality {
				models = append(models, m)
				break
			}
		}
	}
	return models
}

// through returns the path from model to model. It has no lambdas.
func (c Constants) through(models []int) *Path {
	p := &Path{}
	for _, m := range models {
		p.Vertices = append(p.Vertices, Vertex{math.NaN(), c.Cost[m], c.Quality[m]})
	}
	return p
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
	out := &Path{Vertices: []Vertex{{math.Inf(1), h[0].Cost, h[0].Quality}}}
	for k := 1; k < len(h); k++ {
		if h[k].Quality > out.End().Quality {
			out.Vertices = append(out.Vertices, Vertex{slope(h[k-1], h[k]), h[k].Cost, h[k].Quality})
		}
	}
	return out
}

func slope(a, b Vertex) float64 { return (b.Quality - a.Quality) / (b.Cost - a.Cost) }

// StaticAt returns the quality of the best static mix that costs no more, NaN below the cheapest
// model's cost.
func (c Constants) StaticAt(cost float64) float64 { return c.StaticMix().at(cost) }

// at returns the quality at a mean cost: on the straight lines between the vertices, and that of
// the last one beyond it. It is NaN below the first one. Costs must not fall along the path.
func (p *Path) at(cost float64) float64 {
	v := p.Vertices
	if !(cost >= v[0].Cost*(1-costSlack)) {
		return math.NaN()
	}
	for k := 1; k < len(v); k++ {
		if a, b := v[k-1], v[k]; cost < b.Cost {
			return segment{a.Cost, a.Quality, b.Cost, b.Quality}.at(max(cost, a.Cost))
		}
	}
	return p.End().Quality
}
