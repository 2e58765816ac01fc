package chattest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// api is a protocol.
type api interface {
	key(http.Header) string
	parse(map[string]json.RawMessage) (Request, error)
	check(Request) error
	format(Request, Answer) any
	failure(kind, parameter, message string, status int) any
}

func apiOf(path string) api {
	switch {
	case strings.HasSuffix(path, "/chat/completions"):
		return openAIAPI{}
	case strings.HasSuffix(path, "/v1/messages"):
		return anthropicAPI{}
	}
	return nil
}

type openAIAPI struct{}

func (openAIAPI) key(h http.Header) string {
	return strings.TrimPrefix(h.Get("Authorization"), "Bearer ")
}

func (openAIAPI) parse(body map[string]json.RawMessage) (r Request, err error) {
	r.System, r.Messages, err = messages(body["messages"])
	return r, errors.Join(err, field(body, "model", &r.Model), field(body, "temperature", &r.Temperature), field(body, "seed", &r.Seed),
		field(body, "max_tokens", &r.MaxTokens), field(body, "max_completion_tokens", &r.MaxTokens),
		field(body, "logprobs", &r.Logprobs), field(body, "top_logprobs", &r.TopLogprobs))
}

func (openAIAPI) check(r Request) error {
	switch {
	case r.TopLogprobs > 20 || r.TopLogprobs < 0:
		return fmt.Errorf("top_logprobs: %d is not between 0 and 20", r.TopLogprobs)
	case r.TopLogprobs > 0 && !r.Logprobs:
		return errors.New("top_logprobs: only allowed with logprobs")
	case r.Temperature != nil && !(*r.Temperature >= 0 && *r.Temperature <= 2):
		return fmt.Errorf("temperature: %v is not between 0 and 2", *r.Temperature)
	}
	return nil
}

// object is a JSON object.
type object = map[string]any

func (openAIAPI) format(r Request, a Answer) any {
	message := object{"role": "assistant", "content": a.Text, "refusal": nil}
	if a.Refusal != "" {
		message["content"], message["refusal"] = nil, a.Refusal
	}
	choice := object{"index": 0, "message": message, "finish_reason": a.Finish, "logprobs": nil}
	if r.Logprobs {
		choice["logprobs"] = object{"content": openAITokens(a.Tokens), "refusal": nil}
	}
	usage := object{
		"prompt_tokens": a.Input, "completion_tokens": a.Output, "total_tokens": a.Input + a.Output,
		"prompt_tokens_details":     object{"cached_tokens": a.Cached},
		"completion_tokens_details": object{"reasoning_tokens": a.Reasoning},
	}
	if a.CostUSD != nil {
		usage["cost"] = *a.CostUSD
	}
	return object{
		"id": fmt.Sprintf("chatcmpl-%d", r.Number), "object": "chat.completion", "created": 1700000000, "model": r.Model,
		"choices": []any{choice}, "usage": usage, "service_tier": "default",
	}
}

func openAITokens(tokens []Token) []any {
	one := func(text string, logprob float64) object {
		bytes := []int{}
		for i := range len(text) {
			bytes = append(bytes, int(text[i]))
		}
		return object{"token": strings.ToValidUTF8(text, "\uFFFD"), "bytes": bytes, "logprob": logprob}
	}
	out := []any{}
	for _, t := range tokens {
		o, top := one(t.Text, t.Logprob), []any{}
		for _, a := range t.Top {
			top = append(top, one(a.Text, a.Logprob))
		}
		o["top_logprobs"] = top
		out = append(out, o)
	}
	return out
}

func (openAIAPI) failure(kind, parameter, message string, status int) any {
	e := object{"message": message, "type": kind, "param": nil, "code": nil}
	if parameter != "" {
		e["param"], e["code"], e["type"] = parameter, kind, "invalid_request_error"
	}
	if status == http.StatusNotFound {
		e["code"], e["type"] = kind, "invalid_request_error"
	}
	return object{"error": e}
}

type anthropicAPI struct{}

// key reads both fields that clients of Anthropic use; the API prefers the former.
func (anthropicAPI) key(h http.Header) string {
	return cmp.Or(h.Get("X-Api-Key"), openAIAPI{}.key(h))
}

func (anthropicAPI) parse(body map[string]json.RawMessage) (r Request, err error) {
	stray, list, err := messages(body["messages"])
	r.Messages = list
	if raw, ok := body["system"]; ok && err == nil {
		r.System, err = contentText(raw)
	}
	if stray != "" {
		err = errors.New("messages: role system is not allowed, use the field system")
	}
	return r, errors.Join(err, field(body, "model", &r.Model), field(body, "temperature", &r.Temperature), field(body, "max_tokens", &r.MaxTokens))
}

// check refuses what Anthropic's API refuses.
func (anthropicAPI) check(r Request) error {
	if r.Header.Get("Anthropic-Version") == "" {
		return errors.New("anthropic-version: header is required")
	}
	if r.MaxTokens == nil {
		return errors.New("max_tokens: Field required")
	}
	if r.Temperature != nil && r.Header.Get("Anthropic-Version") >= "2026-10-21" {
		return errors.New("temperature: Extra inputs are not permitted")
	}
	if r.Temperature != nil && !(*r.Temperature >= 0 && *r.Temperature <= 1) {
		return fmt.Errorf("temperature: range: 0..1, found %v", *r.Temperature)
	}
	for _, name := range []string{"seed", "logprobs", "top_logprobs", "max_completion_tokens", "frequency_penalty"} {
		if _, sent := r.Body[name]; sent {
			return fmt.Errorf("%s: Extra inputs are not permitted", name)
		}
	}
	for _, m := range r.Messages {
		if m.Text == "" {
			return errors.New("messages: text content blocks must be non-empty")
		}
	}
	return nil
}

var stopReasons = map[string]string{"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal", "tool_calls": "tool_use"}

func (anthropicAPI) format(r Request, a Answer) any {
	reason := a.Finish
	if word, ok := stopReasons[reason]; ok {
		reason = word
	}
	if a.Refusal != "" {
		a.Text, reason = a.Refusal, "refusal"
	}
	return object{
		"id": fmt.Sprintf("msg_%d", r.Number), "type": "message", "role": "assistant", "model": r.Model,
		"content": []any{object{"type": "text", "text": a.Text}}, "stop_reason": reason, "stop_sequence": nil,
		"usage": object{"input_tokens": a.Input - a.Cached, "cache_creation_input_tokens": 0, "cache_read_input_tokens": a.Cached, "output_tokens": a.Output},
	}
}

func (anthropicAPI) failure(kind, _, message string, _ int) any {
	return object{"type": "error", "error": object{"type": kind, "message": message}}
}

func writeError(w http.ResponseWriter, a api, status int, kind, parameter, message string) {
	writeJSON(w, status, a.failure(kind, parameter, message, status))
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
