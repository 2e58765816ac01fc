// Package idset finds equal values in little memory. A [Set] numbers distinct texts and keeps them in
// about 14 bytes more than their own, and [Firsts] needs about 8 bytes per element of a slice. A map
// from a string to an int takes 54.
package idset

import (
	"hash/maphash"
	"math"
	"math/bits"
)

// table finds numbers by the hash of what they stand for. It holds each number plus one, and 0 in an
// empty slot. At most half of the slots are used.
type table []uint32

// newTable returns a table with room for n numbers.
func newTable(n int) table {
	if n > math.MaxInt32 {
		panic("idset: more than 2^31 values")
	}
	return make(table, 1<<bits.Len(uint(max(8, 2*n-1))))
}

// at returns the slot of the number for which same returns true, or else the empty one where a value
// with the hash belongs.
func (t table) at(hash uint64, same func(number int) bool) *uint32 {
	mask := uint64(len(t) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := &t[i]; *s == 0 || same(int(*s-1)) {
			return s
		}
	}
}

// Firsts finds the first of equal elements of a slice.
type Firsts[T comparable] struct {
	values []T
	seed   maphash.Seed
	table  table
}

// NewFirsts returns the Firsts of the values.
func NewFirsts[T comparable](values []T) *Firsts[T] {
	return &Firsts[T]{values, maphash.MakeSeed(), newTable(len(values))}
}

// Of returns the index of the first of the elements that are equal to element i, among those that Of
// was called for so far and i.
func (f *Firsts[T]) Of(i int) int {
	v := f.values[i]
	slot := f.table.at(maphash.Comparable(f.seed, v), func(first int) bool { return f.values[first] == v })
	if *slot == 0 {
		*slot = uint32(i + 1)
	}
	return int(*slot - 1)
}
