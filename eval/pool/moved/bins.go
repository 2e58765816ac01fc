package moved

import (
	"cmp"
	"fmt"
	"slices"
)

// span is the range of lambda of a bin.
type span struct {
	bin      int32
	min, max float64
}

// sort numbers the bins by falling lambda, puts the cells into this order and adds up those of the same
// bin and bucket. It returns an error for bins that overlap.
func (s *Summary) sort() error {
	spans := s.spans()
	for i := 1; i < len(spans); i++ {
		if above, b := spans[i-1], spans[i]; !(b.max < above.min) {
			return fmt.Errorf("the bins with lambda %v to %v and %v to %v overlap: want bins that divide lambda", b.min, b.max, above.min, above.max)
		}
	}
	place := make(map[int32]int32, len(spans))
	for i, x := range spans {
		place[x.bin] = int32(i)
	}
	for i := range s.Cells {
		s.Cells[i].Bin = place[s.Cells[i].Bin]
	}
	s.bins = len(spans)
	s.Cells = addCells(s.Cells)
	return nil
}

// spans returns the bins by falling lambda.
func (s *Summary) spans() []span {
	of := map[int32]span{}
	for _, c := range s.Cells {
		x, known := of[c.Bin]
		if !known {
			x = span{c.Bin, c.Min, c.Max}
		}
		of[c.Bin] = span{c.Bin, min(x.min, c.Min), max(x.max, c.Max)}
	}
	out := make([]span, 0, len(of))
	for _, x := range of {
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b span) int {
		return cmp.Or(cmp.Compare(b.max, a.max), cmp.Compare(b.min, a.min), cmp.Compare(a.bin, b.bin))
	})
	return out
}

// addCells sorts cells by bin and bucket and adds up those of the same one, in an order that does not
// depend on that of the rows.
func addCells(all []Cell) []Cell {
	slices.SortFunc(all, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Bin, b.Bin), cmp.Compare(a.Bucket, b.Bucket), cmp.Compare(a.N, b.N), cmp.Compare(a.Quality, b.Quality), cmp.Compare(a.Cost, b.Cost))
	})
	out := all[:0]
	for _, c := range all {
		if n := len(out); n > 0 && out[n-1].Bin == c.Bin && out[n-1].Bucket == c.Bucket {
			out[n-1].add(c)
			continue
		}
		c.Chosen = slices.Clone(c.Chosen)
		out = append(out, c)
	}
	return out
}

// add adds the sums of another cell.
func (c *Cell) add(x Cell) {
	c.Min, c.Max = min(c.Min, x.Min), max(c.Max, x.Max)
	c.N, c.Quality, c.Cost, c.QualityLoss, c.CostLoss = c.N+x.N, c.Quality+x.Quality, c.Cost+x.Cost, c.QualityLoss+x.QualityLoss, c.CostLoss+x.CostLoss
	addTo(c.Chosen, x.Chosen)
}

// block is a part of the path between two edges: one bin, or neighbouring ones whose edge lies between
// lambdas that count as equal.
type block struct {
	Cell        // sums over all buckets; Bin is the first one
	bins   int  // number of bins
	single bool // all moves happen at once, so that the path across the block is the straight line
}

// sameLambda is the relative distance within which package pool takes lambdas of more than two models
// for equal.
const sameLambda = 1e-9

// maxJoined is the largest number of bins that become one block. It keeps tables that are so large that
// every edge lies between close lambdas in many blocks.
const maxJoined = 16

// join makes the blocks.
func (s *Summary) join() {
	slack := 0.0
	if s.Models() > 2 {
		slack = sameLambda
	}
	for i, c := range s.Cells {
		c.Chosen = slices.Clone(c.Chosen)
		if i > 0 && s.Cells[i-1].Bin == c.Bin { // the same bin in another bucket
			s.blocks[len(s.blocks)-1].add(c)
			continue
		}
		s.blocks = append(s.blocks, block{Cell: c, bins: 1})
	}
	out := s.blocks[:0]
	for _, b := range s.blocks {
		b.single = b.Min >= b.Max-slack*b.Max
		if n := len(out); n > 0 && out[n-1].reaches(b, slack) {
			out[n-1].join(b, slack)
			continue
		}
		out = append(out, b)
	}
	s.blocks = out
}

// reaches reports whether the lambdas of the next bin begin with some that count as equal to the last
// ones of the block.
func (b *block) reaches(next block, slack float64) bool {
	first := b.Min
	if b.single {
		first = b.Max
	}
	return next.Max >= first-slack*first && b.bins < maxJoined
}

// join adds the next bin.
func (b *block) join(next block, slack float64) {
	b.add(next.Cell)
	b.bins++
	b.single = b.Min >= b.Max-slack*b.Max
}
