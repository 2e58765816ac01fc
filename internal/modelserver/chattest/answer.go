package chattest

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Answer holds a model's answer. Zero numbers of tokens are filled in: one token per four bytes.
type Answer struct {
	Text    string
	Finish  string // Finish defaults to stop, or to length if MaxTokens is less than the answer has
	Refusal string // Refusal stands in place of Text
	Tokens  []Token
	Input, Cached, Output,
	Reasoning int // Output includes Reasoning, Input includes Cached
	CostUSD *float64 // CostUSD, if non-nil, is reported to the client
	Delay   time.Duration
}

// Token is a token with its log-probability and the likeliest tokens in its place.
type Token struct {
	Text    string
	Logprob float64
	Top     []Alternative
}

// Alternative is a token that could have stood in a place.
type Alternative struct {
	Text    string
	Logprob float64
}

// tokensOf counts tokens of a text.
func tokensOf(text string) int { return (len(text) + 3) / 4 }

// complete fills in what the model left out, and cuts the answer at the limit of tokens.
func (a *Answer) complete(r Request) {
	if a.Finish == "" {
		a.Finish = "stop"
	}
	if r.MaxTokens != nil && tokensOf(a.Text) > *r.MaxTokens && a.Output == 0 {
		a.Text = strings.ToValidUTF8(a.Text[:4**r.MaxTokens], "")
		a.Finish = "length"
		a.Output = *r.MaxTokens
	}
	if a.Input == 0 {
		a.Input = max(1, tokensOf(r.Text()))
	}
	if a.Output == 0 {
		a.Output = max(1, tokensOf(a.Text+a.Refusal)) + a.Reasoning
	}
	if r.Logprobs && a.Tokens == nil {
		a.Tokens = made(a.Text, r)
	}
	if !r.Logprobs {
		a.Tokens = nil
	}
}

// made returns tokens with log-probabilities that depend only on the request: words, each beside
// alternatives that share the rest of the probability.
func made(text string, r Request) []Token {
	var out []Token
	for i, word := range strings.SplitAfter(text, " ") {
		if word == "" {
			continue
		}
		p := 0.5 + 0.5*Uniform(r.Digest(fmt.Sprint("logprob ", i)))
		t := Token{Text: word, Logprob: math.Log(p)}
		for k := range r.TopLogprobs {
			if k == 0 {
				t.Top = append(t.Top, Alternative{word, t.Logprob})
				continue
			}
			t.Top = append(t.Top, Alternative{fmt.Sprint("alternative", k), math.Log((1 - p + 1e-9) / math.Exp2(float64(k)))})
		}
		out = append(out, t)
	}
	return out
}

// WrongAt returns a model that answers as right does, but wrongly for a share of all prompts, which
// the digest of the model's name and the prompt chooses. The same prompt is always answered the
// same way.
func WrongAt(rate float64, right, wrong func(Request) string) Model {
	return func(r Request) Answer {
		key := Request{Model: r.Model, Messages: []Message{{"", r.Prompt()}}}
		if Uniform(key.Digest("wrong")) < rate {
			return Answer{Text: wrong(r)}
		}
		return Answer{Text: right(r)}
	}
}

// Says returns a model that always says the same.
func Says(text string) Model { return func(Request) Answer { return Answer{Text: text} } }
