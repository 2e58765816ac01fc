// Package slicesx has the slice helpers that the standard library lacks.
package slicesx

// Pick returns the elements of x at the given positions, in their order.
func Pick[T any](x []T, index []int) []T {
	out := make([]T, len(index))
	for j, i := range index {
		out[j] = x[i]
	}
	return out
}
