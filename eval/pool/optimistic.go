package pool

import (
	"math"
	"slices"
)

// Optimistic holds figures that are chosen on the prompts that measure them. They favour routers
// without skill too, and no gate may use them. NaN stands for a value that does not exist.
type Optimistic struct {
	// AIQ is the area below the non-decreasing hull of the path over the range of the whole pool,
	// from the cheapest to the most expensive model (RouterBench, arXiv 2403.12031). Left of a
	// path that begins inside the range, the hull reaches to the null router, which costs nothing
	// and is worth 0.
	AIQ float64
	// QNC is the cost that reaches the best model's quality, over that model's cost.
	QNC      float64
	HullQNC  float64 // QNC of the hull
	HullArea float64 // area below the hull over the range of the areas
	Peak     Vertex  // vertex with the highest quality
}

// Optimistic returns the optimistic figures of a path.
func (p *Path) Optimistic(c Constants, r Range) Optimistic {
	low := Vertex{Cost: c.Cost[c.Cheapest], Quality: c.Quality[c.Cheapest]}
	points := slices.Clone(p.Vertices)
	if points[0].Cost > r.Lo {
		points = append(points, low)
	}
	h, best := hull(points), c.Quality[c.Best]
	o := Optimistic{AIQ: p.aiq(c), QNC: c.relative(p.CostFor(best)), HullQNC: c.relative(h.CostFor(best)), Peak: p.Peak()}
	o.HullArea, _ = h.areas(r, low.Quality)
	return o
}

// aiq returns RouterBench's AIQ by its definition.
func (p *Path) aiq(c Constants) float64 {
	pool := c.PoolRange()
	points, least := slices.Clone(p.Vertices), math.Inf(1)
	for _, v := range points {
		least = min(least, v.Cost)
	}
	if least > pool.Lo*(1+costSlack) {
		points = append(points, Vertex{})
	}
	area, _ := hull(points).areas(pool, 0)
	return area
}

// PoolRange returns the range from the cheapest model's cost to the most expensive one's.
func (c Constants) PoolRange() Range { return Range{slices.Min(c.Cost), slices.Max(c.Cost)} }
