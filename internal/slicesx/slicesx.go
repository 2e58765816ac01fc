// Package slicesx provides [Pick], which the standard slices package lacks.
package slicesx

// Pick returns a new slice with the elements of x at the given indexes, in the order of index.
// It panics if an index is out of range.
func Pick[T any](x []T, index []int) []T {
	out := make([]T, len(index))
	for j, i := range index {
		out[j] = x[i]
	}
	return out
}
