package answers

import (
	"context"
	"math"
	"strings"

	"github.com/routellm/routellm/answers/ask"
	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/datasets"
)

// signalsOf returns what an answer's tokens say about the model's certainty; nil if the server
// reported no log-probabilities.
func signalsOf(a chat.Answer) *chat.Signals {
	if a.Signals != nil || len(a.Tokens) == 0 {
		return a.Signals
	}
	return Certainty(a.Tokens)
}

// Certainty returns what the tokens of an answer, one or more, say about the model's certainty.
func Certainty(tokens []chat.Token) *chat.Signals {
	s := &chat.Signals{Min: math.Inf(1), FirstEntropy: entropy(tokens[0].Top), True: trueOf(tokens[0])}
	sum := 0.0
	for _, t := range tokens {
		sum += t.Logprob
		s.Min = min(s.Min, t.Logprob)
	}
	s.Mean = sum / float64(len(tokens))
	return s
}

// entropy returns the entropy in nats of the alternatives in one place, as if there were no others;
// NaN without alternatives.
func entropy(top []chat.Alternative) float64 {
	if len(top) == 0 {
		return math.NaN()
	}
	total, sum := 0.0, 0.0
	for _, t := range top {
		p := math.Exp(t.Logprob)
		total += p
		if p > 0 {
			sum -= float64(p * t.Logprob)
		}
	}
	if !(total > 0) {
		return math.NaN()
	}
	return max(0, sum/total+math.Log(total))
}

// Agreement returns, for each repeat of a prompt, the share of the other answered repeats with the
// same answer, apart from case, white space and a full stop at the end. nil stands for a repeat without
// an answer, and the share is NaN if there is no other.
func Agreement(texts []*string) []float64 {
	same, answered := map[string]int{}, 0
	keys := make([]string, len(texts))
	for i, t := range texts {
		if t != nil {
			keys[i] = datasets.NormSHA256Hex(strings.TrimSuffix(strings.TrimSpace(*t), "."))
			same[keys[i]]++
			answered++
		}
	}
	out := make([]float64, len(texts))
	for i, t := range texts {
		out[i] = math.NaN()
		if t != nil && answered > 1 {
			out[i] = float64(same[keys[i]]-1) / float64(answered-1)
		}
	}
	return out
}

// Brief returns a client whose answers have Signals in place of Tokens, which takes a hundredth of
// the space in a store. Its Identity differs, so that nobody takes them for answers with tokens.
func Brief(c ask.Client) ask.Client { return brief{c} }

type brief struct{ ask.Client }

// Ask asks and shortens.
func (b brief) Ask(ctx context.Context, r chat.Request) (chat.Answer, error) {
	a, err := b.Client.Ask(ctx, r)
	a.Signals, a.Tokens = signalsOf(a), nil
	return a, err
}

// Identity returns what distinguishes these answers from others.
func (b brief) Identity() string { return b.Client.Identity() + "\nbrief" }

func validUTF8(text string) string { return strings.ToValidUTF8(text, "") }
