// Package num has the one test for numbers that no computation can go on with.
package num

// Finite reports whether x is neither NaN nor infinite.
func Finite(x float64) bool {
	return x-x == 0 // NaN for NaN and for infinities
}
