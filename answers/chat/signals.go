package chat

import (
	"encoding/json"
	"math"
)

// Signals sum up the log-probabilities of an answer's tokens, natural logarithms.
type Signals struct {
	Mean         float64 // mean of the answer's tokens
	Min          float64 // smallest one
	FirstEntropy float64 // entropy in nats of the first token's reported alternatives; NaN without any
}

// MarshalJSON returns the numbers, null for one that is not known.
func (s Signals) MarshalJSON() ([]byte, error) {
	return json.Marshal([...]*float64{known(s.Mean), known(s.Min), known(s.FirstEntropy)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Signals) UnmarshalJSON(text []byte) error {
	var list [3]*float64
	err := json.Unmarshal(text, &list)
	s.Mean, s.Min, s.FirstEntropy = orNaN(list[0]), orNaN(list[1]), orNaN(list[2])
	return err
}

func known(x float64) *float64 {
	if math.IsNaN(x) {
		return nil
	}
	return &x
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
