// Package num checks floating-point numbers: [Finite] finds those that a computation cannot use.
package num

// Finite reports whether x is neither NaN nor infinite.
func Finite(x float64) bool {
	return x-x == 0 // NaN for NaN and for infinities
}
