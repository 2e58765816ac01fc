package ask

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"

	"github.com/routellm/routellm/answers/chat"
)

// version is part of every digest. A change of it makes all stored answers unknown.
const version = 1

// question holds everything that an answer depends on. Its fields are those of chat.Request, under names that do
// not change; fields that are not set are left out, so that new ones leave old digests as they are.
type question struct {
	Version     int       `json:"v"`
	Identity    string    `json:"identity"`
	System      string    `json:"system,omitempty"`
	Temperature *float64  `json:"temperature,omitempty"`
	MaxTokens   *int      `json:"max_tokens,omitempty"`
	Seed        *int64    `json:"seed,omitempty"`
	TopLogprobs int       `json:"top_logprobs,omitempty"`
	Messages    []message `json:"messages"`
	Sample      int       `json:"sample,omitempty"`
}

type message struct {
	Role    string `json:"role"`
	Content []byte `json:"content,omitempty"` // bytes, because JSON's strings hold no invalid UTF-8
	Parts   []byte `json:"parts,omitempty"`
}

// digest returns the key of a request's answer.
func digest(identity string, r chat.Request) (d [32]byte, err error) {
	s := r.Settings
	q := question{version, identity, s.System, s.Temperature, s.MaxTokens, s.Seed, s.TopLogprobs, make([]message, len(r.Messages)), r.Sample}
	for i, m := range r.Messages {
		q.Messages[i] = message{m.Role, []byte(m.Content), m.Parts}
	}
	b, err := json.Marshal(q)
	if err != nil {
		return d, fmt.Errorf("the settings cannot be sent: %w", err)
	}
	return sha256.Sum256(b), nil
}

// kept is a stored answer. Numbers that are not known are left out.
type kept struct {
	Text     string   `json:"text"`
	Finish   string   `json:"finish,omitempty"`
	Model    string   `json:"model,omitempty"`
	Input    *float64 `json:"input_tokens,omitempty"`
	Output   *float64 `json:"output_tokens,omitempty"`
	Cached   *float64 `json:"cached_tokens,omitempty"`
	Cost     *float64 `json:"cost_usd,omitempty"`
	Latency  *float64 `json:"latency_s,omitempty"`
	Requests int      `json:"requests,omitempty"`
	Tokens   []token  `json:"tokens,omitempty"`

	Signals *[4]*float64 `json:"signals,omitempty"` // mean, smallest, entropy of the first token, true against false
}

type token struct {
	Text    string   `json:"t"`
	Logprob *float64 `json:"p,omitempty"`
	Top     []token  `json:"top,omitempty"`
}

// encode returns an answer as it is stored.
func encode(a chat.Answer) ([]byte, error) {
	k := kept{
		Text: a.Text, Finish: a.Finish, Model: a.Model, Requests: a.Requests,
		Input: finite(a.InputTokens), Output: finite(a.OutputTokens), Cached: finite(a.CachedTokens),
		Cost: finite(a.CostUSD), Latency: finite(a.Latency),
	}
	if s := a.Signals; s != nil {
		k.Signals = &[4]*float64{finite(s.Mean), finite(s.Min), finite(s.FirstEntropy), finite(s.True)}
	}
	for _, t := range a.Tokens {
		to := token{Text: t.Text, Logprob: finite(t.Logprob)}
		for _, alt := range t.Top {
			to.Top = append(to.Top, token{Text: alt.Text, Logprob: finite(alt.Logprob)})
		}
		k.Tokens = append(k.Tokens, to)
	}
	return json.Marshal(k)
}

// decode returns an answer from its stored form, with its cost at the asker's price.
func (a *Asker) decode(value []byte) (out chat.Answer, err error) {
	var k kept
	if err := json.Unmarshal(value, &k); err != nil {
		return out, fmt.Errorf("a stored answer cannot be read: %w", err)
	}
	out = chat.Answer{
		Text: k.Text, Finish: k.Finish, Model: k.Model, Requests: k.Requests,
		InputTokens: number(k.Input), OutputTokens: number(k.Output), CachedTokens: number(k.Cached),
		CostUSD: number(k.Cost), Latency: number(k.Latency),
	}
	if s := k.Signals; s != nil {
		out.Signals = &chat.Signals{Mean: number(s[0]), Min: number(s[1]), FirstEntropy: number(s[2]), True: number(s[3])}
	}
	for _, t := range k.Tokens {
		to := chat.Token{Text: t.Text, Logprob: number(t.Logprob)}
		for _, alt := range t.Top {
			to.Top = append(to.Top, chat.Alternative{Text: alt.Text, Logprob: number(alt.Logprob)})
		}
		out.Tokens = append(out.Tokens, to)
	}
	out.CostUSD = a.cost(out)
	return out, nil
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func number(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
