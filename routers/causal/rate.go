package causal

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/routellm/routellm/internal/hint"
)

// labels are the model's possible answers. From labels[weakSuffices] on, the weak model
// is good enough.
var labels = [...]string{"1", "2", "3", "4", "5"}

const weakSuffices = 3

// widest is the largest distance of the bounds of a win rate if the server does not
// report all labels. Their middle is then wrong by at most half of that.
const widest = 0.02

// token is a possible next token with its probability.
type token struct {
	text string
	p    float64
}

// plain returns a token's text without one leading space, which some vocabularies write
// as a special character.
func plain(text string) string {
	for _, space := range []string{" ", "\u2581", "\u0120"} {
		if rest, ok := strings.CutPrefix(text, space); ok {
			return rest
		}
	}
	return text
}

// masses returns the labels' probabilities, NaN for a label that no reported token is.
// Tokens that differ only in a leading space are one label; it is known if one of them
// is.
func masses(tokens []token) (mass [len(labels)]float64) {
	for k, label := range labels {
		mass[k] = math.NaN()
		for _, t := range tokens {
			switch {
			case plain(t.text) != label:
			case math.IsNaN(mass[k]):
				mass[k] = t.p
			default:
				mass[k] += t.p
			}
		}
	}
	return mass
}

// winRate returns P(label < 4) among the five labels. A label that the server left out is
// at most as probable as the least probable reported token. That bounds the win rate, and
// winRate returns the middle of the bounds. It fails if the bounds are more than widest
// apart or if no label is reported.
func winRate(tokens []token) (float64, error) {
	if len(tokens) == 0 {
		return 0, errors.New("the server reported no token")
	}
	likeliest, least := tokens[0], tokens[0].p
	for _, t := range tokens {
		if least = min(least, t.p); t.p > likeliest.p {
			likeliest = t
		}
	}
	// Reported mass, and the largest possible mass of the missing labels.
	var strong, weak, strongMore, weakMore float64
	var missing []string
	for k, p := range masses(tokens) {
		known, more := &strong, &strongMore
		if k >= weakSuffices {
			known, more = &weak, &weakMore
		}
		if math.IsNaN(p) {
			*more += least
			missing = append(missing, labels[k])
		} else {
			*known += p
		}
	}
	if strong+weak == 0 {
		return 0, hint.With(fmt.Errorf("none of the labels %q is among the %d reported tokens, of which %q is the likeliest", labels, len(tokens), likeliest.text),
			"use a model that follows instructions and answers without thinking first")
	}
	lo, hi := strong/(strong+weak+weakMore), (strong+strongMore)/(strong+strongMore+weak)
	if hi-lo > widest {
		return 0, hint.With(fmt.Errorf("the win rate is only known to be between %.3f and %.3f: the labels %q are not among the %d reported tokens", lo, hi, missing, len(tokens)),
			"ask the server to report more tokens: --llm-top N", fmt.Sprintf("llama.cpp's server reports all labels with the API %q", LlamaCPP))
	}
	return lo + (hi-lo)/2, nil
}
