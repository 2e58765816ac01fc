package ask

import (
	"math"
	"unicode/utf8"

	"github.com/routellm/routellm/answers/chat"
	"github.com/routellm/routellm/datasets/pricelist"
)

// tokens estimates the tokens of a request and its answer.
type tokens struct {
	likely float64 // tokens that the request is likely to have
	most   float64 // tokens that the request has at most, with any tokenizer
	output float64 // tokens that the answer has at most; +Inf without a limit
}

// Tokens that servers add to the text: per message, and once for what their templates say first.
const (
	perMessage, perRequest         = 4, 3
	mostPerMessage, mostPerRequest = 16, 128
)

// tokens estimates the tokens of a request. Tokens stand for one byte at least, so that the bytes of
// the text bound their number. Of pictures, only their kind counts.
func (a *Asker) tokens(r chat.Request) (t tokens) {
	count := a.options.Count
	if count == nil {
		count = func(text string) int { return (utf8.RuneCountInString(text) + 3) / 4 }
	}
	t = tokens{likely: perRequest, most: mostPerRequest, output: math.Inf(1)}
	add := func(text string) {
		if text != "" {
			t.likely += float64(count(text) + perMessage)
			t.most += float64(len(text) + mostPerMessage)
		}
	}
	add(r.Settings.System)
	for _, m := range r.Messages {
		add(m.Text())
	}
	if m := r.Settings.MaxTokens; m != nil {
		t.output = float64(max(0, *m))
	}
	return t
}

// dollars returns the price of tokens; NaN if it is not known, +Inf if output is and costs something.
func (a *Asker) dollars(input, output float64) float64 {
	p := a.options.Price
	switch {
	case p == nil || p.Limit > 0 && input > float64(p.Limit):
		return math.NaN()
	case math.IsInf(output, 1) && p.Output > 0:
		return output
	case math.IsInf(output, 1):
		output = 0
	}
	return p.Cost(pricelist.Tokens{Input: input, Output: output})
}

// A request has between leastOf and mostOf times as many tokens as estimated: tokenizers differ by
// that much on English text and code.
const leastOf, mostOf = 0.7, 1.5

// Tokens estimates the tokens of a request: a count, as of [Options].Count.
func (a *Asker) Tokens(r chat.Request) float64 { return a.tokens(r).likely }

// Estimate returns the least and the most USD that a request is likely to cost: with an empty
// answer, and with one of the largest number of tokens. Both are NaN if no price is known; most is
// +Inf if the length of answers has no limit and they are not free.
func (a *Asker) Estimate(r chat.Request) (least, most float64) {
	t := a.tokens(r)
	return a.dollars(leastOf*t.likely, 0), a.dollars(mostOf*t.likely, t.output)
}
