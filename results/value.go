package results

import (
	"math"
	"strconv"
)

// A Value is a number that may not exist: NaN and infinities are null in JSON.
type Value float64

// Missing is a value that does not exist.
var Missing = Value(math.NaN())

// MarshalJSON writes the shortest decimal that reads back the same, or null.
func (v Value) MarshalJSON() ([]byte, error) {
	if f := float64(v); !math.IsNaN(f) && !math.IsInf(f, 0) {
		return strconv.AppendFloat(nil, f, 'g', -1, 64), nil
	}
	return []byte("null"), nil
}

// Exists reports whether the value is a number.
func (v Value) Exists() bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }

// A Metric is a value with its interval. Lo and Hi are null without an interval, and Hi
// alone is null where the upper end is never reached.
type Metric struct {
	Value Value `json:"value"`
	Lo    Value `json:"lo"`
	Hi    Value `json:"hi"`
	// Within is the range that the exact value certainly lies in, of a value from the bins of a
	// summary; nil for exact values.
	Within *Range `json:"within,omitempty"`
}

// Range holds both ends of the range that a number lies in; null for an end that is not known.
type Range struct {
	Lo Value `json:"lo"`
	Hi Value `json:"hi"`
}

// NewMetric returns a value without an interval.
func NewMetric(x float64) Metric {
	return Metric{Value: Value(x), Lo: Missing, Hi: Missing}
}
