package chat

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/internal/hint"
)

func TestParseEndpoint(t *testing.T) {
	for text, want := range map[string]Endpoint{
		"gpt-4o":                                       {Label: "gpt-4o", Model: "gpt-4o", URL: OpenAIURL, API: OpenAI},
		"big=gpt-4o":                                   {Label: "big", Model: "gpt-4o", URL: OpenAIURL, API: OpenAI},
		"big=gpt-4o@https://Proxy.example/v1/":         {Label: "big", Model: "gpt-4o", URL: "https://proxy.example/v1", API: OpenAI},
		"llama@http://127.0.0.1:8080/v1":               {Label: "llama", Model: "llama", URL: "http://127.0.0.1:8080/v1", API: OpenAI},
		"llama3.2:1b@http://[::1]:11434/v1":            {Label: "llama3.2:1b", Model: "llama3.2:1b", URL: "http://[::1]:11434/v1", API: OpenAI},
		"s=x/y:free@https://openrouter.ai/api/v1":      {Label: "s", Model: "x/y:free", URL: "https://openrouter.ai/api/v1", API: OpenAI},
		"c=claude@20240229@https://api.anthropic.com":  {Label: "c", Model: "claude@20240229", URL: "https://api.anthropic.com", API: Anthropic},
		"c=claude@anthropic+https://gateway.example/a": {Label: "c", Model: "claude", URL: "https://gateway.example/a", API: Anthropic},
		"c=claude@openai+https://api.anthropic.com/v1": {Label: "c", Model: "claude", URL: "https://api.anthropic.com/v1", API: OpenAI},
		"s=m@llamacpp+http://localhost:8080":           {Label: "s", Model: "m", URL: "http://localhost:8080", API: LlamaCPP},
		"a=d@https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21": {Label: "a", Model: "d", URL: "https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21", API: OpenAI},
		"a=m=1":         {Label: "a", Model: "m=1", URL: OpenAIURL, API: OpenAI},
		"claude@2024":   {Label: "claude@2024", Model: "claude@2024", URL: OpenAIURL, API: OpenAI},
		"größe=modèle":  {Label: "größe", Model: "modèle", URL: OpenAIURL, API: OpenAI},
		"a=my model v1": {Label: "a", Model: "my model v1", URL: OpenAIURL, API: OpenAI},
	} {
		got, err := ParseEndpoint(text)
		if err != nil || got != want {
			t.Errorf("%s:\n%+v, want\n%+v: %v", text, got, want, err)
		}
	}
}

func TestEndpointsThatAreNotUsable(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "the model's name is missing",
		"big=":                        "the model's name is missing",
		"=gpt-4o":                     "the label is empty",
		"big=@http://localhost/v1":    "the model's name is missing",
		"a,b=m":                       `the label "a,b" has a character`,
		"my model":                    `the label "my model" has a character`,
		"a\tb=m":                      "has a character",
		"a\"=m":                       "has a character",
		"*=m":                         "has a character",
		"\xff=m":                      "has a character",
		"a\u202eb=m":                  "has a character",
		strings.Repeat("x", 201):      "longer than 200",
		"m@localhost:8080/v1":         "expected http:// or https:// after the @",
		"m@sk-1@localhost:80/v1":      "expected http:// or https:// after the @",
		"b=m@u:sk-1@x.example":        "expected http:// or https:// after the @",
		"m@localhost":                 "expected http:// or https:// after the @",
		"m@ftp://x/v1":                "expected http:// or https:// after the @",
		"m@http://":                   "the URL is not complete",
		"m@http://%zz":                "the URL is not complete",
		"m@gemini+https://x/v1":       `protocol "gemini": expected openai, anthropic or llamacpp`,
		"m@https://sk-1@x/v1":         "a user name or a key before the @",
		"m@https://u:sk-1@x/v1":       "a user name or a key before the @",
		"m@https://x/v1?api_key=sk-1": `the parameter "api_key"`,
		"m@https://x/v1?key=sk-1":     `the parameter "key"`,
		"m@https://x/v1?Token=sk-1":   `the parameter "Token"`,
		"m@https://x/v1#sk-1":         "a part after #",
	} {
		_, err := ParseEndpoint(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", text, err, want)
			continue
		}
		if all := fmt.Sprint(err, hint.Of(err)); strings.Contains(all, "sk-1") {
			t.Errorf("%s: the error repeats the key: %s", text, all)
		}
	}
}

func TestNewChecks(t *testing.T) {
	good := Endpoint{Model: "m", URL: "http://localhost"}
	for want, change := range map[string]func(*Endpoint){
		"":                     func(*Endpoint) {},
		"white space":          func(e *Endpoint) { e.Key = "sk-1\nX: y" },
		"timeout -1s":          func(e *Endpoint) { e.Timeout = -time.Second },
		"the URL is not":       func(e *Endpoint) { e.URL = "localhost" },
		"the model's name":     func(e *Endpoint) { e.Model = "" },
		`protocol "x"`:         func(e *Endpoint) { e.API = "x" },
		"has a character":      func(e *Endpoint) { e.Label = "a b" },
		"a user name or a key": func(e *Endpoint) { e.URL = "http://sk-1@localhost" },
	} {
		e := good
		change(&e)
		_, err := New(e)
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "sk-1")) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestIdentity(t *testing.T) {
	seen := map[string]Endpoint{}
	for _, e := range []Endpoint{
		{Model: "m"}, {Model: "n"}, {Model: "m", URL: "http://localhost/v1"}, {Model: "m", URL: "http://localhost/v2"}, {Model: "m", API: Anthropic},
		{Model: "m", URL: "http://localhost/v1", API: LlamaCPP},
	} {
		c, err := New(e)
		if err != nil {
			t.Fatal(err)
		}
		if first, twice := seen[c.Identity()]; twice {
			t.Errorf("%+v has the identity of %+v", e, first)
		}
		seen[c.Identity()] = e
		e.Key, e.Label, e.Timeout, e.URL = "sk-1", "other", time.Second, c.Endpoint().URL+"/"
		same, err := New(e)
		if err != nil || same.Identity() != c.Identity() || same.Endpoint().Key != "" {
			t.Errorf("%q, %q: %v", same.Identity(), c.Identity(), err)
		}
	}
}
