package cosine

import (
	"container/heap"
	"math"

	"gonum.org/v1/gonum/blas/blas32"
)

// rows are vectors as they came, and their directions as one matrix.
type rows struct {
	vectors    [][]float32
	norm2      []float64 // squared lengths
	dim        int
	directions []float32 // zero for a zero vector
}

func newRows(vectors [][]float32) rows {
	r := rows{vectors: vectors, norm2: make([]float64, len(vectors))}
	if len(vectors) == 0 {
		return r
	}
	r.dim = len(vectors[0])
	r.directions = make([]float32, r.dim*len(vectors))
	for i, v := range vectors {
		if r.norm2[i] = dot(v, v); r.norm2[i] == 0 {
			continue
		}
		length := math.Sqrt(r.norm2[i])
		for k, x := range v {
			r.directions[i*r.dim+k] = float32(float64(x) / length)
		}
	}
	return r
}

// n is the number of rows.
func (r rows) n() int { return len(r.vectors) }

// matrix is a part of the directions.
func (r rows) matrix(from, to int) blas32.General {
	return blas32.General{Rows: to - from, Cols: r.dim, Stride: r.dim, Data: r.directions[from*r.dim : to*r.dim]}
}

// closest is a heap of pairs with the least close at the root.
type closest []Pair

// Len is the number of pairs.
func (c closest) Len() int { return len(c) }

// Less puts the less close first.
func (c closest) Less(i, j int) bool { return compare(c[i], c[j]) > 0 }

// Swap swaps two pairs.
func (c closest) Swap(i, j int) { c[i], c[j] = c[j], c[i] }

// Push appends a Pair.
func (c *closest) Push(p any) { *c = append(*c, p.(Pair)) }

// Pop removes the last.
func (c *closest) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// add keeps the n closest.
func (c *closest) add(p Pair, n int) {
	if len(*c) < n {
		heap.Push(c, p)
		return
	}
	(*c)[0] = p
	heap.Fix(c, 0)
}
