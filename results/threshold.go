package results

import (
	"math"

	"github.com/routellm/routellm/eval"
)

// Side is one of the two models of a pair.
type Side string

// The sides.
const (
	Strong Side = "strong"
	Weak   Side = "weak"
)

// SideOf returns the side that a decision calls.
func SideOf(strong bool) Side {
	if strong {
		return Strong
	}
	return Weak
}

// Threshold is the score at or above which the strong model is called. Every document
// has it in this form: "threshold" is a number, or it is null and "always" names the
// model that is called whatever the score. Null without "always" means that there is no
// threshold, as for decisions read from a file.
type Threshold struct {
	Score  Value `json:"threshold"`
	Always Side  `json:"always,omitempty"`
}

// ThresholdAt returns the threshold t: always strong for -Inf, always weak for +Inf, and
// none for NaN.
func ThresholdAt(t float64) Threshold {
	switch {
	case math.IsInf(t, -1):
		return Threshold{Missing, Strong}
	case math.IsInf(t, 1):
		return Threshold{Missing, Weak}
	}
	return Threshold{Score: Value(t)}
}

// Cut returns the score at or above which the strong model is called: -Inf for always,
// +Inf for never, NaN without a threshold.
func (t Threshold) Cut() float64 {
	switch t.Always {
	case Strong:
		return math.Inf(-1)
	case Weak:
		return math.Inf(1)
	}
	return float64(t.Score)
}

// FractionThreshold is a threshold set for a strong fraction, on scores alone.
type FractionThreshold struct {
	WantedFraction Value `json:"wanted_fraction"`
	Threshold
	// Within is the range that the exact threshold certainly lies in, of scores summed up in bins; nil if it is known.
	Within         *Range   `json:"within,omitempty"`
	StrongFraction Value    `json:"strong_fraction"`
	StrongCalls    int64    `json:"strong_calls"`
	TiedCalls      int64    `json:"tied_calls"` // strong calls beyond the wanted ones, made by ties
	Effective      Value    `json:"effective"`  // number of independent prompts that the reference prompts, in clusters, are worth
	FutureLo       Value    `json:"future_lo"`  // interval on further exchangeable prompts
	FutureHi       Value    `json:"future_hi"`
	NextLo         *int64   `json:"next_lo"` // strong calls among the next requests; null unless asked for
	NextHi         *int64   `json:"next_hi"`
	Check          *Checked `json:"check"` // null without other prompts
}

// Checked is what a threshold does on other prompts.
type Checked struct {
	Prompts        int64 `json:"prompts"`
	StrongFraction Value `json:"strong_fraction"`
}

// NewFractionThreshold converts a calibrated threshold. next is the number of requests to
// predict, or nil.
func NewFractionThreshold(t eval.Threshold, confidence float64, next *int64) FractionThreshold {
	future := t.Future(confidence)
	out := FractionThreshold{
		WantedFraction: Value(t.Fraction), Threshold: ThresholdAt(t.Threshold),
		StrongFraction: Value(t.Observed()), StrongCalls: t.AtOrAbove, TiedCalls: max(t.AtOrAbove-t.K, 0),
		Effective: Value(t.Design.Worth(t.N, confidence)), FutureLo: Value(future.Lo), FutureHi: Value(future.Hi),
	}
	if next != nil {
		lo, hi := t.Next(*next, confidence)
		out.NextLo, out.NextHi = &lo, &hi
	}
	return out
}
