package causal

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/internal/modelserver"
)

// question is a request and the decoder of its answer.
type question struct {
	path   string
	body   any
	decode func(answer []byte) ([]token, error)
}

// body requests one token, the likeliest, from either of OpenAI's APIs. Only the tokens'
// probabilities are read.
type body struct {
	Model       string    `json:"model"`
	Prompt      string    `json:"prompt,omitempty"`
	Messages    []message `json:"messages,omitempty"`
	MaxTokens   int       `json:"max_tokens"`
	Temperature float64   `json:"temperature"`
	Logprobs    any       `json:"logprobs"` // a number for completions, true for chat
	TopLogprobs int       `json:"top_logprobs,omitempty"`
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// question returns the request about a prompt.
func (s *server) question(ctx context.Context, prompt string) (question, error) {
	text := strings.Replace(instruction, place, prompt, 1)
	b := body{Model: s.options.Model, MaxTokens: 1}
	switch s.options.API {
	case LlamaCPP:
		return s.llamaQuestion(ctx, prompt)
	case Completions:
		b.Prompt, b.Logprobs = text, s.options.Top
		return question{"completions", b, decodeChoice}, nil
	}
	b.Messages, b.Logprobs, b.TopLogprobs = []message{{"user", text}}, true, s.options.Top
	return question{"chat/completions", b, decodeChoice}, nil
}

// llamaBody requests one token out of five from llama.cpp. The bias lifts these five
// above all others and leaves their relation to each other unchanged. Without samplers
// and at temperature 1, the probabilities after sampling are then the model's own.
type llamaBody struct {
	Model       string   `json:"model"`
	Prompt      string   `json:"prompt"`
	Predict     int      `json:"n_predict"`
	Temperature float64  `json:"temperature"`
	Samplers    []string `json:"samplers"`
	Bias        [][2]int `json:"logit_bias"`
	Probs       int      `json:"n_probs"`
	After       bool     `json:"post_sampling_probs"`
}

// bias is added to the labels' logits.
const bias = 100

func (s *server) llamaQuestion(ctx context.Context, prompt string) (question, error) {
	ids, template, err := s.llama(ctx)
	if err != nil {
		return question{}, err
	}
	b := llamaBody{
		Model: s.options.Model, Prompt: strings.Replace(template, place, prompt, 1),
		Predict: 1, Temperature: 1, Samplers: []string{}, Probs: len(labels), After: true,
	}
	for _, id := range ids {
		b.Bias = append(b.Bias, [2]int{id, bias})
	}
	return question{"completion", b, func(answer []byte) ([]token, error) { return decodeLlama(answer, ids) }}, nil
}

// llama returns the labels' tokens and the instruction in the model's template, after the
// server has read the latter. It asks the server until everything has succeeded once.
func (s *server) llama(ctx context.Context) (ids [len(labels)]int, template string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.template != "" {
		return s.ids, s.template, nil
	}
	if err = s.checkAdapter(ctx); err != nil {
		return ids, "", err
	}
	for k, label := range labels {
		if ids[k], err = s.labelID(ctx, label); err != nil {
			return ids, "", err
		}
	}
	if template, err = s.applyTemplate(ctx); err != nil {
		return ids, "", err
	}
	if err = s.readInstruction(ctx, template); err != nil {
		return ids, "", err
	}
	s.ids, s.template = ids, template
	return ids, template, nil
}

// checkAdapter returns an error if an adapter is expected and the server has none. It
// cannot distinguish adapters: the server may run on another machine and reports only a
// path.
func (s *server) checkAdapter(ctx context.Context) error {
	if s.options.adapter == "" {
		return nil
	}
	const path = "lora-adapters"
	answer, status, err := s.send(ctx, http.MethodGet, path, nil)
	switch {
	case status == http.StatusNotFound: // older servers do not report adapters
		return nil
	case err != nil:
		return err
	}
	var adapters []struct{ Scale float64 }
	if err := unmarshal(answer, &adapters); err != nil {
		return s.malformed(path, err)
	}
	for _, a := range adapters {
		if a.Scale > 0 {
			return nil
		}
	}
	return hint.With(s.malformed(path, errors.New("it has no adapter with a scale above 0, expected the one in the given folder")),
		"start the server with the adapter: llama-server --lora "+adapterFile, "or use the model without the adapter: omit --llm-weights")
}

// labelID returns the single token of a label. In some vocabularies it starts with a
// space.
func (s *server) labelID(ctx context.Context, label string) (int, error) {
	var parsed struct {
		Tokens []struct {
			ID    int `json:"id"`
			Piece any `json:"piece"` // a list of bytes if they are not UTF-8
		} `json:"tokens"`
	}
	const path = "tokenize"
	if err := s.postInto(ctx, path, map[string]any{"content": label, "with_pieces": true}, &parsed); err != nil {
		return 0, err
	}
	for _, t := range parsed.Tokens {
		if piece, ok := t.Piece.(string); ok && plain(piece) == label {
			return t.ID, nil
		}
	}
	return 0, s.malformed(path, fmt.Errorf("it has no token %q: the model cannot answer with this label", label))
}

// applyTemplate makes the server put the instruction into the model's template.
func (s *server) applyTemplate(ctx context.Context) (string, error) {
	var parsed struct{ Prompt string }
	const path = "apply-template"
	if err := s.postInto(ctx, path, map[string]any{"messages": []message{{"user", instruction}}}, &parsed); err != nil {
		return "", err
	}
	if !strings.Contains(parsed.Prompt, place) {
		return "", s.malformed(path, fmt.Errorf("it does not contain the message: %q", modelserver.Excerpt([]byte(parsed.Prompt))))
	}
	return parsed.Prompt, nil
}

// readInstruction makes the server read and keep the text before every prompt, alone and
// afresh. A model rounds differently depending on how much it reads at once, for a small
// model by up to 0.05 of a win rate. This way earlier requests hardly affect an answer.
func (s *server) readInstruction(ctx context.Context, template string) error {
	before, _, _ := strings.Cut(template, place)
	body := map[string]any{"model": s.options.Model, "prompt": before, "n_predict": 0, "cache_prompt": false}
	_, err := s.post(ctx, "completion", body)
	return err
}

// postInto posts a request and decodes the answer.
func (s *server) postInto(ctx context.Context, path string, body, into any) error {
	answer, err := s.post(ctx, path, body)
	if err != nil {
		return err
	}
	if err := unmarshal(answer, into); err != nil {
		return s.malformed(path, err)
	}
	return nil
}
