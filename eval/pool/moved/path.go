package moved

import (
	"math"

	"github.com/routellm/routellm/eval/pool"
)

// Path returns the path through the edges of the bins, where it is exact, joined by straight lines.
func (s *Summary) Path() *pool.Path {
	n, quality, cost := s.whole.N, s.whole.Quality, s.whole.Cost
	p := &pool.Path{Vertices: make([]pool.Vertex, 1, len(s.blocks)+1)}
	p.Vertices[0] = pool.Vertex{Lambda: math.Inf(1), Cost: cost / n, Quality: quality / n}
	for _, b := range s.blocks {
		quality, cost = quality+b.Quality, cost+b.Cost
		p.Vertices = append(p.Vertices, pool.Vertex{Lambda: b.Min, Cost: max(0, cost/n), Quality: quality / n})
	}
	return p
}

// Calls returns the share of the prompts that each model answers at vertices of the path, whose indices
// rise: one row per vertex and one column per model.
func (s *Summary) Calls(vertices []int) pool.Matrix {
	out := pool.NewMatrix(len(vertices), s.Models())
	chosen, at := append([]float64{}, s.whole.Chosen...), 0
	for i, k := range vertices {
		for ; at < k; at++ {
			addTo(chosen, s.blocks[at].Chosen)
		}
		for m, x := range chosen {
			out.Row(i)[m] = min(1, max(0, x/s.whole.N)) // rounding may leave less than nothing
		}
	}
	return out
}

// Constants returns the models, always called, which are exact.
func (s *Summary) Constants() pool.Constants {
	o := pool.Outcomes{Quality: pool.NewMatrix(1, s.Models()), Cost: pool.NewMatrix(1, s.Models())}
	for m := range s.Models() {
		o.Quality.Row(0)[m], o.Cost.Row(0)[m] = s.whole.ModelQuality[m]/s.whole.N, s.whole.ModelCost[m]/s.whole.N
	}
	return pool.NewConstants(o, nil)
}

// piece is a block as the path passes it: means over the prompts.
type piece struct {
	from, to pool.Vertex
	single   bool
	// The rectangle that holds the path inside the block. That of a single one is as large as the line.
	least, most pool.Vertex
}

// pieces returns the blocks with the rectangles that hold the path.
func (s *Summary) pieces(path *pool.Path) []piece {
	out, n := make([]piece, len(s.blocks)), s.whole.N
	for k, b := range s.blocks {
		a, z := path.Vertices[k], path.Vertices[k+1]
		x := piece{from: a, to: z, single: b.single}
		x.least = pool.Vertex{Cost: min(a.Cost, z.Cost), Quality: min(a.Quality, z.Quality)}
		x.most = pool.Vertex{Cost: max(a.Cost, z.Cost), Quality: max(a.Quality, z.Quality)}
		if !b.single {
			x.least.Quality, x.least.Cost = min(x.least.Quality, a.Quality+b.QualityLoss/n), max(0, min(x.least.Cost, a.Cost+b.CostLoss/n))
			x.most.Quality = max(x.most.Quality, a.Quality+(b.Quality-b.QualityLoss)/n)
			x.most.Cost = max(x.most.Cost, a.Cost+(b.Cost-b.CostLoss)/n)
		}
		out[k] = x
	}
	return out
}

// line returns the quality of a single piece where it reaches a cost.
func (x piece) line(cost float64) float64 {
	return x.from.Quality + float64((x.to.Quality-x.from.Quality)*(cost-x.from.Cost)/(x.to.Cost-x.from.Cost))
}
