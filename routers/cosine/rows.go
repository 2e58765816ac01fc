package cosine

import "container/heap"

// rows holds vectors and their squared lengths.
type rows struct {
	vectors [][]float32
	norm2   []float64
	dim     int
}

func newRows(vectors [][]float32) rows {
	r := rows{vectors: vectors, norm2: make([]float64, len(vectors))}
	for i, v := range vectors {
		r.norm2[i], r.dim = dot(v, v), len(v)
	}
	return r
}

// closest is a heap of pairs with the least close at the root.
type closest []Pair

// Len returns the number of pairs.
func (c closest) Len() int { return len(c) }

// Less orders the less close pair first.
func (c closest) Less(i, j int) bool { return compare(c[i], c[j]) > 0 }

// Swap exchanges two pairs.
func (c closest) Swap(i, j int) { c[i], c[j] = c[j], c[i] }

// Push appends a Pair.
func (c *closest) Push(p any) { *c = append(*c, p.(Pair)) }

// Pop removes and returns the last pair.
func (c *closest) Pop() any {
	last := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return last
}

// add adds p and keeps the n closest pairs.
func (c *closest) add(p Pair, n int) {
	if len(*c) < n {
		heap.Push(c, p)
		return
	}
	(*c)[0] = p
	heap.Fix(c, 0)
}

// wants reports whether p is among the n closest pairs.
func (c closest) wants(p Pair, n int) bool {
	return len(c) < n || n > 0 && compare(p, c[0]) < 0
}
