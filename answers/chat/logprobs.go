package chat

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"
)

// logprobs are log-probabilities in either of two shapes: OpenAI's, and that of some servers which
// keep the form of the older API for texts.
type logprobs struct {
	Content []struct {
		reported
		Top []reported `json:"top_logprobs"`
	} `json:"content"`
	Texts    []string              `json:"tokens"`
	Logprobs []*float64            `json:"token_logprobs"`
	Tops     []map[string]*float64 `json:"top_logprobs"`
}

// reported is one token. Bytes, if present, are its text, because a token may end within a
// character.
type reported struct {
	Token   string   `json:"token"`
	Bytes   []uint16 `json:"bytes"`
	Logprob *float64 `json:"logprob"`
}

func (r reported) text() string {
	if len(r.Bytes) == 0 {
		return r.Token
	}
	b := make([]byte, len(r.Bytes))
	for i, x := range r.Bytes {
		b[i] = byte(x)
	}
	return string(b)
}

// ReadTokens reads log-probabilities as servers of OpenAI's API write them under "logprobs", in either
// shape. It returns nil if they are not JSON, or if a token has none.
func ReadTokens(raw []byte) []Token {
	var l logprobs
	if json.Unmarshal(raw, &l) != nil {
		return nil
	}
	return l.tokens()
}

// tokens returns the tokens, or nil if one has no log-probability: a part of them describes no
// answer.
func (l *logprobs) tokens() []Token {
	if l == nil {
		return nil
	}
	var out []Token
	for _, c := range l.Content {
		t := Token{Text: c.text(), Logprob: logprob(c.Logprob)}
		for _, alternative := range c.Top {
			t.Top = append(t.Top, Alternative{alternative.text(), logprob(alternative.Logprob)})
		}
		out = append(out, t)
	}
	if len(l.Content) == 0 && len(l.Texts) == len(l.Logprobs) {
		for i, text := range l.Texts {
			t := Token{Text: text, Logprob: logprob(l.Logprobs[i])}
			if i < len(l.Tops) {
				t.Top = ordered(l.Tops[i])
			}
			out = append(out, t)
		}
	}
	if slices.ContainsFunc(out, broken) {
		return nil
	}
	return out
}

// broken reports whether a token has no log-probability or lacks that of an alternative.
func broken(t Token) bool {
	return math.IsNaN(t.Logprob) || slices.ContainsFunc(t.Top, func(a Alternative) bool { return math.IsNaN(a.Logprob) })
}

// ordered returns alternatives from the likeliest on, equally likely ones by their text.
func ordered(top map[string]*float64) []Alternative {
	var out []Alternative
	for _, text := range slices.Sorted(maps.Keys(top)) {
		out = append(out, Alternative{text, logprob(top[text])})
	}
	slices.SortStableFunc(out, func(a, b Alternative) int { return cmp.Compare(b.Logprob, a.Logprob) })
	return out
}

// logprob returns a log-probability, NaN for what is none. Rounding may lift one above 0.
func logprob(x *float64) float64 {
	if x == nil || *x > 1e-3 {
		return math.NaN()
	}
	return min(*x, 0)
}
