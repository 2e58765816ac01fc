package harness

import "slices"

// unevenOf returns the weights, nil if they are all the same, which is to have none.
func unevenOf(weights []float64) []float64 {
	if len(weights) == 0 || slices.Min(weights) == slices.Max(weights) {
		return nil
	}
	return weights
}
