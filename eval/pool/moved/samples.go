package moved

import (
	"cmp"
	"slices"

	"github.com/routellm/routellm/eval/pool"
	"github.com/routellm/routellm/eval/sweep"
)

// Outcomes returns the buckets as prompts with weights: the mean qualities and costs of each, in
// ascending order of the buckets. Without buckets there is one prompt, from which no interval follows.
func (s *Summary) Outcomes() pool.Outcomes {
	n, models := len(s.Starts), s.Models()
	o := pool.Outcomes{Quality: pool.NewMatrix(n, models), Cost: pool.NewMatrix(n, models), Weight: make([]float64, n)}
	for i, x := range s.Starts {
		o.Weight[i] = x.N
		for m := range models {
			o.Quality.Row(i)[m], o.Cost.Row(i)[m] = x.ModelQuality[m]/x.N, x.ModelCost[m]/x.N
		}
	}
	return o
}

// intervalBlocks is the largest number of blocks that intervals are computed from. More would not
// change them by what is shown.
const intervalBlocks = 2048

// Sweep returns the path of [Summary.Outcomes] for intervals. It has at most 2,048 vertices beside the
// first one, at edges that are about equally many moves apart.
func (s *Summary) Sweep() (*pool.Sweep, error) {
	n := len(s.Starts)
	start := pool.Decisions{Cost: make([]float64, n), Quality: make([]float64, n)}
	for i, x := range s.Starts {
		start.Cost[i], start.Quality[i] = x.Cost/x.N, x.Quality/x.N
	}
	parts := s.parts()
	cells := make([]Cell, len(s.Cells))
	for i, c := range s.Cells {
		cells[i] = Cell{Bin: parts[c.Bin], Bucket: c.Bucket, Min: c.Min, Max: c.Max, N: c.N, Quality: c.Quality, Cost: c.Cost}
	}
	cells = addCells(cells)
	var e sweep.Events
	for i, c := range cells {
		e.Cluster, e.Quality, e.Cost = append(e.Cluster, int32(s.group(c.Bucket))), append(e.Quality, c.Quality), append(e.Cost, c.Cost)
		e.Knob, e.Last = append(e.Knob, c.Min), append(e.Last, i+1 == len(cells) || cells[i+1].Bin != c.Bin)
	}
	return pool.NewSummed(s.Outcomes(), start, e)
}

// parts returns the part of the path that each bin belongs to: whole blocks, at most intervalBlocks.
func (s *Summary) parts() []int32 {
	out, total, at := make([]int32, 0, s.bins), 0.0, 0.0
	for _, b := range s.blocks {
		total += b.N
	}
	for k, b := range s.blocks {
		part := int32(k)
		if len(s.blocks) > intervalBlocks {
			part = int32(min(at/total*intervalBlocks, intervalBlocks-1))
		}
		out = append(out, slices.Repeat([]int32{part}, b.bins)...)
		at += b.N
	}
	return out
}

// At returns what the buckets give and cost on average at a vertex of the path.
func (s *Summary) At(vertex int) pool.Decisions {
	n := len(s.Starts)
	d := pool.Decisions{Cost: make([]float64, n), Quality: make([]float64, n)}
	for i, x := range s.Starts {
		d.Cost[i], d.Quality[i] = x.Cost, x.Quality
	}
	bins := int32(0)
	for _, b := range s.blocks[:vertex] {
		bins += int32(b.bins)
	}
	end, _ := slices.BinarySearchFunc(s.Cells, bins, func(c Cell, bin int32) int { return cmp.Compare(c.Bin, bin) })
	for _, c := range s.Cells[:end] {
		i := s.group(c.Bucket)
		d.Cost[i], d.Quality[i] = d.Cost[i]+c.Cost, d.Quality[i]+c.Quality
	}
	for i, x := range s.Starts {
		d.Cost[i], d.Quality[i] = max(0, d.Cost[i]/x.N), d.Quality[i]/x.N
	}
	return d
}
