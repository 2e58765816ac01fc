package judging

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/results"
)

// The bounds between the states of the checks. docs/judge.md lists them.
const (
	chance       = 0.5  // accuracy of guessing
	goodAccuracy = 0.75 // share of decided pairs in the right order
	goodKappa    = 0.6  // agreement with known labels
	goodRepeat   = 0.8  // agreement of the judge with itself
	fairRepeat   = 0.4
	smallBias    = 0.1 // preference or correlation that changes few decisions
	fewLost      = 0.02
	manyLost     = 0.1
)

// atLeast returns the state of a number of which more is better: good if the interval is at or above
// good, bad if the number is not above poor and cannot be far above it.
func atLeast(m results.Metric, poor, good float64) results.JudgeState {
	lo, hi := float64(m.Lo), float64(m.Hi)
	switch {
	case math.IsNaN(lo) || math.IsNaN(hi):
		return results.JudgeUnknown
	case lo >= good:
		return results.JudgeGood
	case lo > poor:
		return results.JudgeFair
	case hi < (poor+good)/2:
		return results.JudgeBad
	}
	return results.JudgeUnknown
}

// near returns the state of a number that should be 0. It is not called biased unless an interval
// with arms longer by a tenth leaves 0 out: about 3 of 100 unbiased judges are then.
func near(m results.Metric, small float64) results.JudgeState {
	lo, hi := float64(m.Lo), float64(m.Hi)
	slack := (hi - lo) / 20
	switch {
	case math.IsNaN(lo) || math.IsNaN(hi):
		return results.JudgeUnknown
	case lo >= -small && hi <= small:
		return results.JudgeGood
	case lo <= slack && hi >= -slack:
		return results.JudgeUnknown
	case math.Abs(float64(m.Value)) <= small:
		return results.JudgeFair
	}
	return results.JudgeBad
}

// word chooses the sentence of a state.
func word(s results.JudgeState, good, fair, bad, unknown string) string {
	return map[results.JudgeState]string{results.JudgeGood: good, results.JudgeFair: fair, results.JudgeBad: bad, results.JudgeUnknown: unknown}[s]
}

func accuracyMeaning(m results.Metric) (results.JudgeState, string) {
	s := atLeast(m, chance, goodAccuracy)
	return s, word(s,
		"the judge finds the better of two answers, which is what a router is trained on",
		"the judge finds the better of two answers more often than guessing, but not reliably",
		"the judge finds the better of two answers no better than guessing",
		"too few pairs with different known labels to tell the judge from guessing")
}

func kappaMeaning(m results.Metric) (results.JudgeState, string) {
	s := atLeast(m, 0, goodKappa)
	return s, word(s,
		"the labels agree with the known ones far beyond chance",
		"the labels agree with the known ones beyond chance, but not closely",
		"the labels agree with the known ones no more than chance",
		"too few known labels to tell the agreement from chance")
}

func relationMeaning(m results.Metric) (results.JudgeState, string) {
	s := atLeast(m, 0, goodKappa)
	return s, word(s,
		"better answers get higher labels",
		"better answers tend to get higher labels",
		"labels do not follow how good answers are",
		"too few known labels to tell")
}

func repeatMeaning(m results.Metric) (results.JudgeState, string) {
	s := atLeast(m, fairRepeat, goodRepeat)
	return s, word(s,
		"the judge says the same when it is asked again",
		"the judge often says something else when asked again: noise, which more prompts average out",
		"the judge's labels are mostly noise: use another judge or temperature 0",
		"too few repeats to tell: raise --repeat")
}

func positionMeaning(m results.Metric) (results.JudgeState, string) {
	s, side := near(m, smallBias), "first"
	if m.Value < 0 {
		side = "second"
	}
	return s, word(s,
		"the order of the answers hardly matters",
		fmt.Sprintf("the judge slightly prefers the answer shown %s, which both orders even out", side),
		fmt.Sprintf("the judge prefers the answer shown %s; both orders even that out, at the price of ties", side),
		"too few pairs to tell whether the order matters")
}

func flipMeaning(m results.Metric) (results.JudgeState, string) {
	const few, many = 0.1, 0.3
	s := results.JudgeUnknown
	switch {
	case m.Lo > many:
		s = results.JudgeBad
	case m.Hi <= few:
		s = results.JudgeGood
	case m.Lo > few || m.Hi <= many:
		s = results.JudgeFair
	}
	return s, word(s,
		"few winners change with the order",
		"some winners change with the order and count as ties",
		"many winners change with the order and count as ties, which hide differences between models",
		"too few pairs to tell")
}

func lengthMeaning(m results.Metric, known bool) (results.JudgeState, string) {
	s, how := near(m, smallBias), "longer"
	if m.Value < 0 {
		how = "shorter"
	}
	because := ", though long answers may be better ones: known labels would tell (--against)"
	if known {
		because = ""
	}
	return s, word(s,
		"the length of an answer hardly matters",
		"the judge slightly prefers "+how+" answers"+because,
		"the judge prefers "+how+" answers to equally good ones"+because,
		"too few answers to tell whether their length matters")
}

func slopeMeaning(m results.Metric, s results.JudgeState, pairs bool) (results.JudgeState, string) {
	unit := "grades"
	if pairs {
		unit = "of the win"
	}
	if !m.Value.Exists() {
		return results.JudgeUnknown, "not known"
	}
	return s, fmt.Sprintf("an answer twice as long gets %+.2f %s", float64(m.Value), unit)
}

func lostMeaning(m results.Metric, questions string) (results.JudgeState, string) {
	s := results.JudgeGood
	switch {
	case float64(m.Value) > manyLost:
		s = results.JudgeBad
	case float64(m.Value) > fewLost:
		s = results.JudgeFair
	}
	return s, word(s,
		"nearly all questions have labels",
		questions+" without a label: the labels miss some kinds of answers",
		questions+" without a label: what is left may be an easy part of the answers",
		"")
}
