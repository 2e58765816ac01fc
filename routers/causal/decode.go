package causal

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"

	"github.com/routellm/routellm/internal/modelserver"
)

// reported is a token as servers write it. Bytes, if present, are its text: some servers
// write an id as the token.
type reported struct {
	Token   string   `json:"token"`
	Bytes   []byte   `json:"bytes"`
	Logprob *float64 `json:"logprob"`
	ID      int      `json:"id"`
	Prob    *float64 `json:"prob"`
}

func (r reported) text() string {
	if len(r.Bytes) > 0 {
		return string(r.Bytes)
	}
	return r.Token
}

// decodeChoice decodes an answer of /v1/completions or /v1/chat/completions. The former
// comes in two shapes: a list of tokens, or an object of log-probabilities by token.
func decodeChoice(answer []byte) ([]token, error) {
	var parsed struct {
		Choices []struct {
			Logprobs struct {
				Content []struct {
					Top []reported `json:"top_logprobs"`
				} `json:"content"`
				Top []map[string]*float64 `json:"top_logprobs"`
			} `json:"logprobs"`
		} `json:"choices"`
	}
	if err := unmarshal(answer, &parsed); err != nil {
		return nil, err
	}
	if len(parsed.Choices) == 0 {
		return nil, fmt.Errorf("it has no choices: %q", modelserver.Excerpt(answer))
	}
	var tokens []token
	switch l := parsed.Choices[0].Logprobs; {
	case len(l.Content) > 0:
		for _, r := range l.Content[0].Top {
			tokens = append(tokens, token{r.text(), exp(r.Logprob)})
		}
	case len(l.Top) > 0:
		for _, text := range slices.Sorted(maps.Keys(l.Top[0])) {
			tokens = append(tokens, token{text, exp(l.Top[0][text])})
		}
	}
	if len(tokens) == 0 {
		return nil, hint.With(errors.New("it has no log-probabilities of tokens"),
			"the server must report them; not every server can, and not for every model")
	}
	return tokens, check(tokens)
}

// decodeLlama decodes an answer of llama.cpp's /completion about the five labels.
func decodeLlama(answer []byte, ids [len(labels)]int) ([]token, error) {
	var parsed struct {
		Completion []struct {
			Top []reported `json:"top_probs"`
		} `json:"completion_probabilities"`
	}
	if err := unmarshal(answer, &parsed); err != nil {
		return nil, err
	}
	if len(parsed.Completion) == 0 {
		return nil, hint.With(errors.New("it has no probabilities of tokens"), "use a recent version of llama.cpp's own server")
	}
	var tokens []token
	sum := 0.0
	for k, id := range ids {
		for _, r := range parsed.Completion[0].Top {
			if r.ID == id && r.Prob != nil {
				tokens = append(tokens, token{labels[k], *r.Prob})
				sum += *r.Prob
			}
		}
	}
	if len(tokens) != len(labels) || !(math.Abs(sum-1) < 1e-3) {
		return nil, fmt.Errorf("it has %s whose probabilities add up to %v, expected %d and 1: %q", text.Plural(len(tokens), "label"), sum, len(labels), modelserver.Excerpt(answer))
	}
	return tokens, check(tokens)
}

func unmarshal(answer []byte, into any) error {
	if err := json.Unmarshal(answer, into); err != nil {
		return hint.With(fmt.Errorf("not the expected JSON: %w: %q", err, modelserver.Excerpt(answer)), "check that the endpoint is the API's")
	}
	return nil
}

// exp returns the probability, NaN for a missing log-probability.
func exp(logprob *float64) float64 {
	if logprob == nil {
		return math.NaN()
	}
	return math.Exp(*logprob)
}

// check returns an error unless all are probabilities, up to rounding.
func check(tokens []token) error {
	for _, t := range tokens {
		if !(t.p >= 0 && t.p < 1.001) {
			return fmt.Errorf("token %q has the probability %v, expected 0 to 1", t.text, t.p)
		}
	}
	return nil
}
