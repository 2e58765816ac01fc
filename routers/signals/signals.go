// Package signals turns the weak model's answer into the numbers by which a cascade decides whether
// the strong model is asked. [All] lists them, and [Of] computes them.
//
// A signal that is not known is NaN. Whoever reads signals must treat that as a value of its own,
// because servers differ in what they report.
package signals

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/routellm/routellm/datasets/finalanswer"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/routers"
)

// Signal is a number of an answer.
type Signal struct {
	Name       string // Name is the name in tables and model files
	Definition string // Definition says what the number is, with its unit
	of         func(*routers.Answer) float64
}

// All returns the signals in the order of [Of].
func All() []Signal {
	return []Signal{
		{"logprob_mean", "mean natural log-probability of the answer's tokens", func(a *routers.Answer) float64 { return a.LogprobMean }},
		{"logprob_min", "smallest natural log-probability of a token of the answer", func(a *routers.Answer) float64 { return a.LogprobMin }},
		{"first_entropy", "entropy in nats of the first token's reported alternatives", func(a *routers.Answer) float64 { return a.FirstEntropy }},
		{"agreement", "share of the model's further answers that are equal", func(a *routers.Answer) float64 { return a.Agreement }},
		{"p_true", "probability that the model gives to its answer being right", func(a *routers.Answer) float64 { return a.PTrue }},
		{"tokens", "logarithm of 1 + the number of tokens", func(a *routers.Answer) float64 { return math.Log1p(a.Tokens) }},
		{"chars", "logarithm of 1 + the number of bytes of the text", ofText(func(s string) float64 { return math.Log1p(float64(len(s))) })},
		{"cut", "1 if the answer ended at the limit of tokens, else 0", cut},
		{"refusal", "1 if the answer refuses or says that the model does not know, else 0", ofText(func(s string) float64 { return is(count(s, refusals) > 0) })},
		{"hedges", "logarithm of 1 + the number of hedge words, such as \"perhaps\"", ofText(func(s string) float64 { return math.Log1p(float64(count(s, hedges))) })},
		{"no_number", "1 if no number can be read as the final answer, else 0", ofText(noNumber)},
		{"no_choice", "1 if no choice from A to J can be read as the final answer, else 0", ofText(noChoice)},
	}
}

// Of returns the signals of an answer, in the order of [All]; NaN for those that are not known.
func Of(a *routers.Answer) []float64 {
	all := All()
	out := make([]float64, len(all))
	for i, s := range all {
		out[i] = math.NaN()
		if !a.Failed {
			out[i] = s.of(a)
		}
	}
	return out
}

// Check returns an error for a name that no signal has.
func Check(names []string) error {
	var known []string
	for _, s := range All() {
		known = append(known, s.Name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return hint.DidYouMean(hint.With(fmt.Errorf("there is no signal %q", name), "signals: "+strings.Join(known, ", ")), name, known)
		}
	}
	return nil
}

// Needs returns what has to be known of an answer for the signals of the given names, for Samples
// further answers.
func Needs(names []string, samples int) routers.AnswerNeeds {
	var n routers.AnswerNeeds
	for _, name := range names {
		switch name {
		case "logprob_mean", "logprob_min":
			n.Logprobs = true
		case "first_entropy":
			n.Entropy = true
		case "agreement":
			n.Samples = samples
		case "p_true":
			n.PTrue = true
		case "chars", "refusal", "hedges", "no_number", "no_choice":
			n.Text = true
		}
	}
	return n
}

// SHA256 returns the hex digest of the definitions and of the words: a router that was trained with
// others reads other numbers.
func SHA256() string {
	h := sha256.New()
	for _, s := range All() {
		fmt.Fprintf(h, "%s\x00%s\n", s.Name, s.Definition)
	}
	fmt.Fprintf(h, "%s\x00%s\n", strings.Join(refusals, "\x00"), strings.Join(hedges, "\x00"))
	return hex.EncodeToString(h.Sum(nil))
}

// ofText returns a signal of the answer's text.
func ofText(of func(text string) float64) func(*routers.Answer) float64 {
	return func(a *routers.Answer) float64 {
		if !a.HasText {
			return math.NaN()
		}
		return of(a.Text)
	}
}

func cut(a *routers.Answer) float64 {
	if a.Finish == "" {
		return math.NaN()
	}
	return is(a.Finish == "length")
}

func noNumber(text string) float64 {
	_, err := finalanswer.ReadNumber(text)
	return is(err != nil)
}

func noChoice(text string) float64 {
	_, err := finalanswer.Letters(10).Read(text)
	return is(err != nil)
}

// is returns 1 for true and 0 for false.
func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
