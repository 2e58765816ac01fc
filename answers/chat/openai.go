package chat

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/routellm/routellm/internal/modelserver"
)

// openAI is OpenAI's chat API.
type openAI struct{}

func (openAI) path(base *url.URL) *url.URL { return base.JoinPath("chat/completions") }

func (openAI) header(host, key string) http.Header {
	if key == "" || !strings.HasSuffix(host, ".azure.com") {
		return modelserver.Bearer(key)
	}
	h := modelserver.Bearer("")
	h.Set("Api-Key", key)
	return h
}

// openAIBody is the body of a request.
type openAIBody struct {
	Model               string          `json:"model"`
	Messages            []openAIMessage `json:"messages"`
	Temperature         *float64        `json:"temperature,omitempty"`
	MaxTokens           *int            `json:"max_tokens,omitempty"`
	MaxCompletionTokens *int            `json:"max_completion_tokens,omitempty"`
	Seed                *int64          `json:"seed,omitempty"`
	Logprobs            bool            `json:"logprobs,omitempty"`
	TopLogprobs         int             `json:"top_logprobs,omitempty"`
	CachePrompt         *bool           `json:"cache_prompt,omitempty"` // llama.cpp's
}

type openAIMessage struct {
	Role    string `json:"role"`
	Content any    `json:"content"`
}

func (openAI) body(e Endpoint, r Request, d dialect) (any, error) { return newOpenAIBody(e, r, d) }

func newOpenAIBody(e Endpoint, r Request, d dialect) (b openAIBody, err error) {
	s := r.Settings
	b = openAIBody{Model: e.Model, Temperature: s.Temperature}
	if b.Messages, err = openAIMessages(r); err != nil {
		return b, err
	}
	if d.completionTokens {
		b.MaxCompletionTokens = s.MaxTokens
	} else {
		b.MaxTokens = s.MaxTokens
	}
	if !d.noSeed {
		b.Seed = s.Seed
	}
	if n := min(s.TopLogprobs, d.topLogprobs); n > 0 {
		b.Logprobs, b.TopLogprobs = true, n
	}
	return b, nil
}

// openAIMessages returns the messages, the system prompt first.
func openAIMessages(r Request) ([]openAIMessage, error) {
	var out []openAIMessage
	if r.Settings.System != "" {
		out = append(out, openAIMessage{"system", r.Settings.System})
	}
	for i, m := range r.Messages {
		if len(m.Parts) == 0 {
			out = append(out, openAIMessage{m.Role, m.Content})
			continue
		}
		parts, err := openAIParts(m.Parts)
		if err != nil {
			return nil, wrongMessage(i, err)
		}
		out = append(out, openAIMessage{m.Role, parts})
	}
	return out, nil
}

func (openAI) decode(r modelserver.Reply) (Answer, error) { return decodeOpenAI(r) }

// llamaCPP is OpenAI's chat API as llama.cpp's server speaks it.
type llamaCPP struct{ openAI }

// path adds /v1 if it is missing: no other address of llama.cpp's server is meant.
func (llamaCPP) path(base *url.URL) *url.URL {
	if !strings.HasSuffix(base.Path, "/v1") {
		base = base.JoinPath("v1")
	}
	return base.JoinPath("chat/completions")
}

// body asks the server not to reuse what it kept of earlier prompts, so that answers repeat:
// rounding depends on how much is read at once.
func (llamaCPP) body(e Endpoint, r Request, d dialect) (any, error) {
	b, err := newOpenAIBody(e, r, d)
	b.CachePrompt = new(bool)
	return b, err
}
