package chat

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"

	"github.com/routellm/routellm/internal/modelserver"
)

const (
	// anthropicVersion is the version of the API that this package speaks. Version 2026-10-21 refuses
	// a temperature for every model, older ones only for newer models.
	anthropicVersion = "2023-06-01"
	// AnthropicMaxTokens is sent to Anthropic's API, which demands a limit, if the settings have
	// none. Every model takes it.
	AnthropicMaxTokens = 4096
)

// anthropic is Anthropic's messages API.
type anthropic struct{}

// path adds /v1 if it is missing: Anthropic's own clients are given the address without it.
func (anthropic) path(base *url.URL) *url.URL {
	if !strings.HasSuffix(base.Path, "/v1") {
		base = base.JoinPath("v1")
	}
	return base.JoinPath("messages")
}

func (anthropic) header(_, key string) http.Header {
	h := modelserver.Bearer("")
	h.Set("Anthropic-Version", anthropicVersion)
	if key != "" {
		h.Set("X-Api-Key", key)
	}
	return h
}

type anthropicBody struct {
	Model       string          `json:"model"`
	MaxTokens   int             `json:"max_tokens"`
	System      string          `json:"system,omitempty"`
	Messages    []openAIMessage `json:"messages"`
	Temperature *float64        `json:"temperature,omitempty"`
}

func (anthropic) body(e Endpoint, r Request, _ dialect) (any, error) {
	b := anthropicBody{Model: e.Model, MaxTokens: AnthropicMaxTokens, Temperature: r.Settings.Temperature}
	if r.Settings.MaxTokens != nil {
		b.MaxTokens = *r.Settings.MaxTokens
	}
	system := []string{}
	if r.Settings.System != "" {
		system = append(system, r.Settings.System)
	}
	for i, m := range r.Messages {
		var content any = m.Content
		var err error
		switch {
		case m.Role == "system" || m.Role == "developer":
			if len(m.Parts) > 0 {
				return nil, wrongMessage(i, errors.New("a system prompt of parts: expected a text for Anthropic's API"))
			}
			system = append(system, m.Content)
			continue
		case m.Role != "user" && m.Role != "assistant":
			return nil, wrongMessage(i, fmt.Errorf("role %q: Anthropic's API has user and assistant", m.Role))
		case len(m.Parts) > 0:
			if content, err = anthropicParts(m.Parts); err != nil {
				return nil, wrongMessage(i, err)
			}
		}
		b.Messages = append(b.Messages, openAIMessage{m.Role, content})
	}
	b.System = strings.Join(system, "\n\n")
	return b, nil
}

func (anthropic) decode(r modelserver.Reply) (Answer, error) {
	var parsed struct {
		Model   string  `json:"model"`
		Stop    *string `json:"stop_reason"`
		Content *[]struct {
			Type string `json:"type"`
			Text string `json:"text"`
		} `json:"content"`
		Usage struct {
			Input   *float64 `json:"input_tokens"`
			Written *float64 `json:"cache_creation_input_tokens"`
			Cached  *float64 `json:"cache_read_input_tokens"`
			Output  *float64 `json:"output_tokens"`
		} `json:"usage"`
	}
	if err := unmarshal(r.Body, &parsed); err != nil {
		return Answer{}, err
	}
	if parsed.Content == nil {
		return Answer{}, fmt.Errorf("it has no content: %q", modelserver.Excerpt(r.Body))
	}
	a := Answer{Model: parsed.Model, Finish: finishOf(parsed.Stop), CostUSD: math.NaN()}
	for _, block := range *parsed.Content {
		if block.Type == "text" {
			a.Text += block.Text
		}
	}
	u := parsed.Usage
	a.InputTokens, a.OutputTokens, a.CachedTokens = count(u.Input), count(u.Output), count(u.Cached)
	// The input is what was neither in the cache nor written to it.
	for _, more := range []float64{a.CachedTokens, count(u.Written)} {
		if !math.IsNaN(more) {
			a.InputTokens += more
		}
	}
	return a, nil
}
