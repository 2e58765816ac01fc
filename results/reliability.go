package results

import "github.com/routellm/routellm/eval"

// Reliability judges scores as probabilities that the strong model is needed. See
// [eval.Probability] for its numbers.
type Reliability struct {
	Samples        int              `json:"samples"`
	Ties           Value            `json:"ties"`
	Event          Value            `json:"event"`
	Brier          Value            `json:"brier"`
	Constant       Value            `json:"constant"`
	Skill          Value            `json:"skill"`
	Miscalibration Value            `json:"miscalibration"`
	Resolution     Value            `json:"resolution"`
	Within         Value            `json:"within"`
	Error          Value            `json:"calibration_error"`
	Bins           []ReliabilityBin `json:"bins"`
}

// ReliabilityBin is one point of the reliability diagram.
type ReliabilityBin struct {
	Samples int   `json:"samples"`
	Lowest  Value `json:"lowest"`
	Highest Value `json:"highest"`
	Score   Value `json:"score"`
	Event   Value `json:"event"`
	Lo      Value `json:"lo"`
	Hi      Value `json:"hi"`
}

// NewReliability converts the numbers.
func NewReliability(p eval.Probability) *Reliability {
	r := &Reliability{
		Samples: p.N, Ties: Value(p.Ties), Event: Value(p.Event), Brier: Value(p.Brier), Constant: Value(p.Constant),
		Skill: Value(p.Skill), Miscalibration: Value(p.Miscalib), Resolution: Value(p.Resolution), Within: Value(p.Within), Error: Value(p.Error),
	}
	for _, b := range p.Bins {
		r.Bins = append(r.Bins, ReliabilityBin{b.N, Value(b.Lo), Value(b.Hi), Value(b.Score), Value(b.Event), Value(b.Interval.Lo), Value(b.Interval.Hi)})
	}
	return r
}
