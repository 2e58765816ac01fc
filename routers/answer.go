package routers

import (
	"fmt"
	"math"

	"github.com/routellm/routellm/internal/hint"
)

// Answer is the weak model's answer to a prompt, with signals of how certain the model was of it.
// A number that is not known is NaN, never 0: start from [UnknownAnswer]. The columns that hold the
// signals in files of answers are in parentheses.
type Answer struct {
	Text    string // Text is the answer (answer:MODEL)
	HasText bool   // HasText distinguishes an empty answer from an unknown one
	Finish  string // Finish says why the answer ended: "stop", "length", "filter", "tool_calls"; "" if it is not known (finish:MODEL)
	Failed  bool   // Failed says that the model gave no answer, whose other fields are then unknown (error:MODEL)

	Tokens       float64 // Tokens is the number of tokens of the answer (output_tokens:MODEL)
	LogprobMean  float64 // LogprobMean is the mean natural log-probability of the answer's tokens, at most 0 (logprob_mean:MODEL)
	LogprobMin   float64 // LogprobMin is the smallest of them (logprob_min:MODEL)
	FirstEntropy float64 // FirstEntropy is the entropy in nats of the first token's alternatives (first_entropy:MODEL)
	Agreement    float64 // Agreement is the share in [0,1] of the model's further answers to the prompt that are equal to this one (agreement:MODEL)
	PTrue        float64 // PTrue is the probability in [0,1] that the model itself gives to its answer being right (p_true:MODEL)
}

// UnknownAnswer returns an answer of which nothing is known.
func UnknownAnswer() Answer {
	nan := math.NaN()
	return Answer{Tokens: nan, LogprobMean: nan, LogprobMin: nan, FirstEntropy: nan, Agreement: nan, PTrue: nan}
}

// AnswerNeeds lists what a router reads of the weak model's answer, so that a server asks for no
// more. What the server cannot get stays unknown.
type AnswerNeeds struct {
	Text     bool // Text says that it reads the answer's text
	Logprobs bool // Logprobs says that it reads LogprobMean or LogprobMin
	Entropy  bool // Entropy says that it reads FirstEntropy, which takes alternatives of the first token
	Samples  int  // Samples is the number of further answers that Agreement takes; 0 for none
	PTrue    bool // PTrue says that it reads PTrue, which takes one more question to the weak model
}

// AnswerRouter is a router that looks at the weak model's answer: a cascade. Scores reads it from
// [Prompt.Answer], and fails for a prompt without one. As for any router, a higher score means that
// the strong model is needed more. The weak model is asked for every prompt, and paid for, whatever
// the score says.
type AnswerRouter interface {
	Router
	// AnswerNeeds returns what Scores reads of the answers.
	AnswerNeeds() AnswerNeeds
}

// CheckAnswer returns an error that names the prompt if it has no answer, or one whose numbers are
// outside their range.
func (p *Prompt) CheckAnswer() error {
	if p.Answer == nil {
		return hint.With(fmt.Errorf("sample %q: the weak model's answer is missing", p.ID), "a cascade decides by that answer: serve --cascade asks for it, and eval reads it from files of answers")
	}
	a := p.Answer
	for _, v := range []struct {
		name          string
		value, lo, hi float64
	}{
		{"number of tokens", a.Tokens, 0, math.MaxFloat64},
		{"mean log-probability", a.LogprobMean, -math.MaxFloat64, 0},
		{"smallest log-probability", a.LogprobMin, -math.MaxFloat64, 0},
		{"entropy of the first token", a.FirstEntropy, 0, math.MaxFloat64},
		{"agreement", a.Agreement, 0, 1},
		{"probability of being right", a.PTrue, 0, 1},
	} {
		if v.value < v.lo || v.value > v.hi { // NaN is neither
			return fmt.Errorf("sample %q: the answer's %s is %v, expected a number from %v to %v", p.ID, v.name, v.value, v.lo, v.hi)
		}
	}
	return nil
}
