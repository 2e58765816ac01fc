package chat

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/modelserver"
)

const (
	openAIImage    = `{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}`
	anthropicImage = `{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}`
	linked         = `{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}`
	anthropicLink  = `{"type":"image","source":{"type":"url","url":"https://x.example/a.png"}}`
	textPart       = `{"type":"text","text":"What is <this>?"}`
)

// TestParts checks that contents of more than text reach each API in its own form.
func TestParts(t *testing.T) {
	for name, c := range map[string]struct {
		api         API
		given, sent string // sent is part of the body, or of the error
		fails       bool
	}{
		"OpenAI to OpenAI":       {OpenAI, openAIImage + "," + textPart, openAIImage + "," + textPart, false},
		"Anthropic to OpenAI":    {OpenAI, anthropicImage + "," + textPart, openAIImage + "," + textPart, false},
		"a link to OpenAI":       {OpenAI, anthropicLink, linked, false},
		"sound to OpenAI":        {OpenAI, `{"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}`, `{"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}`, false},
		"llama.cpp":              {LlamaCPP, openAIImage, openAIImage, false},
		"OpenAI to Anthropic":    {Anthropic, textPart + "," + openAIImage, textPart + "," + anthropicImage, false},
		"Anthropic to Anthropic": {Anthropic, anthropicImage, anthropicImage, false},
		"a link to Anthropic":    {Anthropic, linked, anthropicLink, false},
		"a URL alone":            {Anthropic, `{"type":"image_url","image_url":"https://x.example/a.png"}`, anthropicLink, false},
		"a document":             {Anthropic, `{"type":"document","source":{"type":"text","data":"x"}}`, `{"type":"document","source":{"type":"text","data":"x"}}`, false},
		"sound to Anthropic":     {Anthropic, `{"type":"input_audio"}`, `message 1: a part of type "input_audio": Anthropic's API takes`, true},
		"no list":                {OpenAI, `]`, "message 1: its content is not a list of parts", true},
		"texts":                  {OpenAI, `"a"`, "message 1: its content is not a list of parts", true},
	} {
		r := Request{Messages: []Message{{Role: "user", Parts: []byte("[" + c.given + "]")}}}
		body, err := protocols[c.api].body(Endpoint{Model: "m"}, r, firstDialect(c.api, ""))
		got := ""
		if err != nil {
			got = err.Error()
		} else if sent, err := modelserver.JSON(body); err == nil {
			got = string(sent)
		}
		if (err != nil) != c.fails || !strings.Contains(got, c.sent) {
			t.Errorf("%s: %s, want %s", name, got, c.sent)
		}
	}
}

// TestConversations checks where each API gets the system prompts, and what it refuses unasked.
func TestConversations(t *testing.T) {
	r := Request{Settings: Settings{System: "one"}, Messages: []Message{
		{Role: "system", Content: "two"}, {Role: "user", Content: "a"}, {Role: "assistant", Content: "b"}, {Role: "user", Content: "c"}}}
	for api, want := range map[API]string{
		OpenAI:    `"messages":[{"role":"system","content":"one"},{"role":"system","content":"two"},{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}`,
		LlamaCPP:  `{"role":"user","content":"c"}],"cache_prompt":false}`,
		Anthropic: `"max_tokens":4096,"system":"one\n\ntwo","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}`,
	} {
		body, err := protocols[api].body(Endpoint{Model: "m"}, r, firstDialect(api, ""))
		if err != nil {
			t.Fatal(err)
		}
		if sent, err := modelserver.JSON(body); err != nil || !strings.Contains(string(sent), want) {
			t.Errorf("%s: %s, want %s", api, sent, want)
		}
	}
	for want, m := range map[string]Message{
		`message 1: role "tool"`: {Role: "tool", Content: "x"}, "message 1: a system prompt of parts": {Role: "system", Parts: []byte(`[]`)},
	} {
		client, s := scriptedClient(t, Endpoint{API: Anthropic}, nil)
		_, err := client.Ask(t.Context(), Request{Messages: []Message{m}})
		if kind(err) != "refused 0" || !strings.HasPrefix(err.Error(), want) || len(s.Requests()) != 0 {
			t.Errorf("%s: %v", kind(err), err)
		}
	}
}

// TestHeaders checks the field that holds the key.
func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		api         API
		host, field string
		want        string
	}{
		{OpenAI, "x.example", "Authorization", "Bearer k"}, {LlamaCPP, "x.example", "Authorization", "Bearer k"},
		{OpenAI, "x.openai.azure.com", "Api-Key", "k"}, {Anthropic, "api.anthropic.com", "X-Api-Key", "k"}, {Anthropic, "x", "Anthropic-Version", "2023-06-01"},
	} {
		h := protocols[c.api].header(c.host, "k")
		if h.Get(c.field) != c.want || (h.Get("Authorization") != "") != (c.field == "Authorization") {
			t.Errorf("%s at %s: %v", c.api, c.host, h)
		}
		if none := protocols[c.api].header(c.host, ""); none.Get("Authorization")+none.Get("Api-Key")+none.Get("X-Api-Key") != "" {
			t.Errorf("%s without a key: %v", c.api, none)
		}
	}
}

// TestPaths checks the addresses of requests.
func TestPaths(t *testing.T) {
	for text, want := range map[string]string{
		"m@http://x/v1":            "http://x/v1/chat/completions",
		"m@http://x":               "http://x/chat/completions",
		"m@http://x/v1?version=2":  "http://x/v1/chat/completions?version=2",
		"m@llamacpp+http://x":      "http://x/v1/chat/completions",
		"m@llamacpp+http://x/v1/":  "http://x/v1/chat/completions",
		"m@anthropic+http://x":     "http://x/v1/messages",
		"m@anthropic+http://x/v1":  "http://x/v1/messages",
		"m@anthropic+http://x/a/b": "http://x/a/b/v1/messages",
	} {
		e, err := ParseEndpoint(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := New(e)
		if err != nil || c.url.String() != want {
			t.Errorf("%s: %v, want %s: %v", text, c.url, want, err)
		}
	}
}
