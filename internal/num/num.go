// Package num helps with floating-point numbers: [Finite] finds those that a computation cannot use,
// and [NaNs] stands for those that are not known.
package num

import (
	"math"
	"slices"
)

// Finite reports whether x is neither NaN nor infinite.
func Finite(x float64) bool {
	return x-x == 0 // NaN for NaN and for infinities
}

// NaNs returns n numbers that are not known.
func NaNs(n int) []float64 { return slices.Repeat([]float64{math.NaN()}, n) }
