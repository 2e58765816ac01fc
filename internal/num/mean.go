package num

import "math"

// Mean computes the mean of numbers that come one by one. The zero value has none.
type Mean struct {
	Sum float64
	N   int // N is the number of numbers
}

// Add adds a number unless it is NaN.
func (m *Mean) Add(x float64) {
	if !math.IsNaN(x) {
		m.Sum += x
		m.N++
	}
}

// Value returns the mean, NaN of no numbers.
func (m Mean) Value() float64 { return m.Sum / float64(m.N) }
