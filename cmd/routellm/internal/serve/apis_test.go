package serve

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/servetest"
)

const message = `{"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [{"type": "text", "text": "the landlord"}], "stop_reason": "end_turn", "usage": {"input_tokens": 5, "cache_read_input_tokens": 20, "output_tokens": 3}}`

// messages returns a request of Anthropic's API.
func messages(model, text string) string {
	return strings.Replace(chat(model, text), "{", `{"max_tokens": 8, "system": "answer in one word", `, 1)
}

// answering returns a handler that answers with a JSON text.
func answering(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, text)
	}
}

func both(s *Settings) {
	s.Strong.APIs, s.Weak.APIs = []string{config.OpenAI, config.Anthropic}, []string{config.OpenAI, config.Anthropic}
}

// do sends a request with headers, each NAME: VALUE, and returns the answer with its whole body.
func (p *proxied) do(t testing.TB, method, path, request string, headers ...string) (*http.Response, string) {
	t.Helper()
	return servetest.Do(t, p.Client(), method, p.URL+path, request, headers...)
}

// TestMessages expects a request of Anthropic's API to be routed by its messages, with its
// headers.
func TestMessages(t *testing.T) {
	strong, weak := newFake(t, answering(message)), newFake(t, answering(message))
	p := start(t, strong.URL, weak.URL, both)
	for text, f := range map[string]*fake{easy: weak, hard: strong} {
		request := messages("routellm", text)
		res, answer := p.do(t, "POST", "/v1/messages?beta=true", request, "Anthropic-Version: 2023-06-01", "Anthropic-Beta: x-1", "X-Api-Key: client")
		r, got := f.last(t)
		if res.StatusCode != 200 || answer != message {
			t.Errorf("status %d, %s", res.StatusCode, answer)
		}
		if want := strings.Replace(request, `"routellm"`, `"`+res.Header.Get("X-Routellm-Model")+`"`, 1); got != want || r.URL.String() != "/v1/messages?beta=true" {
			t.Errorf("the model got %s with %s", r.URL, got)
		}
		if r.Header.Get("Anthropic-Version") != "2023-06-01" || r.Header.Get("Anthropic-Beta") != "x-1" || r.Header.Get("X-Api-Key") != "" {
			t.Errorf("the model got the headers %v", r.Header)
		}
	}
	for _, r := range p.records(t, 2) {
		if r.Endpoint != "messages" || r.Reason != "score" || *r.InputTokens != 25 || *r.OutputTokens != 3 || r.Error != "" {
			t.Errorf("logged %+v", r)
		}
	}
}

// TestMessagesToWhomSpeaksThem expects requests to go only to upstreams that speak their API.
func TestMessagesToWhomSpeaksThem(t *testing.T) {
	for _, c := range []struct {
		apis   [2][]string
		path   string
		status int
		by     string
	}{
		{[2][]string{{config.OpenAI, config.Anthropic}, {config.OpenAI}}, "/v1/messages", 200, "big"},
		{[2][]string{{config.OpenAI}, {config.Anthropic}}, "/v1/messages", 200, "small"},
		{[2][]string{{config.OpenAI}, {config.Anthropic}}, "/v1/messages/count_tokens", 200, "small"},
		{[2][]string{{config.OpenAI}, {config.OpenAI}}, "/v1/messages", 501, ""},
		{[2][]string{{config.OpenAI}, {config.OpenAI}}, "/messages/count_tokens/", 501, ""},
		{[2][]string{{config.OpenAI}, {config.Anthropic}}, "/v1/chat/completions", 200, "big"},
		{[2][]string{{config.Anthropic}, {config.OpenAI}}, "/v1/chat/completions", 200, "small"},
		{[2][]string{{config.Anthropic}, {config.Anthropic}}, "/v1/chat/completions", 501, ""},
		{[2][]string{{config.Anthropic}, {config.Anthropic}}, "/v1/responses/input_tokens", 501, ""},
	} {
		f := newFake(t, answering(message))
		p := start(t, f.URL, f.URL, func(s *Settings) { s.Strong.APIs, s.Weak.APIs, s.Explore = c.apis[0], c.apis[1], 1 })
		for _, text := range []string{easy, hard} {
			request := messages("routellm", text)
			if strings.Contains(c.path, "responses") {
				request = `{"model": "routellm", "input": "` + text + `"}`
			}
			res, answer := p.do(t, "POST", c.path, request)
			if res.StatusCode != c.status || res.Header.Get("X-Routellm-Model") != c.by {
				t.Errorf("%+v: status %d by %q: %s", c, res.StatusCode, res.Header.Get("X-Routellm-Model"), answer)
			}
			if form := `{"type":"error","error":{"type":"api_error","message":"the model's server does not speak`; c.status == 501 && strings.Contains(c.path, "messages") != strings.HasPrefix(answer, form) {
				t.Errorf("%+v: %s", c, answer)
			}
		}
		if c.status == 200 && !strings.Contains(c.path, "tokens") {
			for _, r := range p.records(t, 2) {
				if r.Propensity != 1 || r.Explored || r.Reason != "score" && r.Reason != "api" {
					t.Errorf("%+v: logged %+v", c, r)
				}
			}
		}
		p.metric(t, `breaker_open{side="weak"}`, 0)
	}
}

// TestMessagesSpeakerThatIsTooSmall expects the model that speaks the API to say that a request is
// too long for it, where the other one does not speak the API.
func TestMessagesSpeakerThatIsTooSmall(t *testing.T) {
	f := newFake(t, answering(message))
	p := start(t, f.URL, f.URL, func(s *Settings) { s.Strong.APIs, s.Strong.MaxChars = []string{config.Anthropic}, 3 })
	for _, text := range []string{easy, hard} {
		if res, answer := p.do(t, "POST", "/v1/messages", messages("routellm", text)); res.Header.Get("X-Routellm-Model") != "big" {
			t.Errorf("%s: %v", answer, res.Header)
		}
	}
}

// TestMessagesFallback expects the other model to be asked only if it speaks the API.
func TestMessagesFallback(t *testing.T) {
	bad := newFake(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	good := newFake(t, answering(message))
	for _, speaks := range []bool{true, false} {
		p := start(t, bad.URL, good.URL, func(s *Settings) {
			if both(s); !speaks {
				s.Weak.APIs = []string{config.OpenAI}
			}
			s.Fallback = true
		})
		res, answer := p.do(t, "POST", "/v1/messages", messages("routellm", hard))
		if speaks != (res.StatusCode == 200) || speaks != (good.count() == 1) && speaks {
			t.Errorf("other speaks %v: status %d, %s", speaks, res.StatusCode, answer)
		}
	}
	if good.count() != 1 {
		t.Errorf("the other model got %d requests, expected 1", good.count())
	}
}

// TestMessagesStream expects each event of a stream as it comes, and a client that leaves at the
// last one to have the whole answer.
func TestMessagesStream(t *testing.T) {
	next := make(chan bool)
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, e := range []string{
			`message_start {"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":25,"cache_creation_input_tokens":5,"output_tokens":1}}}`,
			`content_block_delta {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"no"}}`,
			`message_delta {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}`,
			`message_stop {"type":"message_stop"}`,
		} {
			name, data, _ := strings.Cut(e, " ")
			io.WriteString(w, "event: "+name+"\n")
			event(w, data)
			<-next
		}
		<-r.Context().Done()
	})
	p := start(t, f.URL, f.URL, both)
	res, err := p.Client().Post(p.URL+"/v1/messages", "", strings.NewReader(strings.Replace(messages("routellm", easy), "{", `{"stream": true, `, 1)))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(res.Body)
	for _, want := range []string{"message_start", "content_block_delta", "message_delta", "message_stop"} {
		if line, err := lines.ReadString('\n'); err != nil || line != "event: "+want+"\n" {
			t.Errorf("%v, read %q, expected %s", err, line, want)
		}
		lines.ReadString('\n')
		lines.ReadString('\n')
		next <- true
	}
	res.Body.Close()
	if r := p.records(t, 1)[0]; r.Error != "" || !r.Stream || *r.InputTokens != 30 || *r.OutputTokens != 15 {
		t.Errorf("logged %+v", r)
	}
}

// TestAnthropicErrors expects the errors of Anthropic's API in its form, whoever makes them.
func TestAnthropicErrors(t *testing.T) {
	f := newFake(t, answering(message))
	away := newFake(t, nil)
	away.Close()
	p := start(t, away.URL, f.URL, func(s *Settings) { both(s); s.MaxBody = 1000 })
	for _, c := range []struct {
		method, path, request string
		status                int
		want, code            string
	}{
		{"POST", "/v1/messages", messages("none", easy), 404, "not_found_error", "model_not_found"},
		{"POST", "/messages", "{", 400, "invalid_request_error", "invalid_body"},
		{"POST", "/v1/messages", `{"model": "routellm", "messages": [], "System": ""}`, 400, "invalid_request_error", "invalid_body"},
		{"POST", "/v1/messages", messages("routellm", strings.Repeat("x", 1000)), 413, "request_too_large", "request_too_large"},
		{"POST", "/v1/messages", messages("routellm", hard), 502, "api_error", "connect"},
		{"GET", "/v1/messages", "", 405, "invalid_request_error", "method_not_allowed"},
		{"POST", "/v1/messages/batches", "{}", 404, "not_found_error", "not_found"},
		{"POST", "/v1/v1/messages", "{}", 404, "not_found_error", "not_found"},
		{"GET", "/v1/models/none", "", 404, "not_found_error", "model_not_found"},
	} {
		res, answer := p.do(t, c.method, c.path, c.request, "Anthropic-Version: 2023-06-01")
		var e anthropicError
		if err := json.Unmarshal([]byte(answer), &e); err != nil || res.StatusCode != c.status || e.Type != "error" || e.Error.Type != c.want || e.Error.Code != c.code || e.Error.Message == "" {
			t.Errorf("%s %s: status %d, %s, expected %+v", c.method, c.path, res.StatusCode, answer, c)
		}
	}
}

// TestTokenCounts expects requests that count tokens to go where their text would be answered,
// and not to be logged as decisions.
func TestTokenCounts(t *testing.T) {
	strong, weak := newFake(t, answering(`{"input_tokens": 9}`)), newFake(t, answering(`{"input_tokens": 9}`))
	p := start(t, strong.URL, weak.URL, func(s *Settings) { both(s); s.Explore = 1 })
	for path, request := range map[string]string{
		"/v1/messages/count_tokens":  messages("routellm", hard),
		"/v1/responses/input_tokens": `{"model": "routellm", "input": "` + hard + `"}`,
	} {
		for range 5 {
			if res, answer := p.do(t, "POST", path, request); res.StatusCode != 200 || res.Header.Get("X-Routellm-Model") != "big" || answer != `{"input_tokens": 9}` {
				t.Errorf("%s: status %d, %s", path, res.StatusCode, answer)
			}
		}
		if r, got := strong.last(t); r.URL.Path != path || !strings.Contains(got, `"model": "big"`) {
			t.Errorf("the model got %s, %s", r.URL, got)
		}
	}
	p.metric(t, `passed_total{endpoint="message_tokens",side="strong",status="200"}`, 5)
	p.metric(t, `passed_total{endpoint="response_tokens",side="strong",status="200"}`, 5)
	p.records(t, 0)
}

// TestAnthropicKeys expects a client's key as Anthropic's clients send it, and a refusal in their
// form.
func TestAnthropicKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte("right\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := newFake(t, answering(message))
	p := start(t, f.URL, f.URL, func(s *Settings) { both(s); s.APIKeyFile = path })
	for key, status := range map[string]int{"right": 200, "wrong": 401, "": 401} {
		res, answer := p.do(t, "POST", "/v1/messages", messages("routellm", easy), "X-Api-Key: "+key)
		if res.StatusCode != status || status == 401 && !strings.HasPrefix(answer, `{"type":"error","error":{"type":"authentication_error",`) {
			t.Errorf("key %q: status %d, %s", key, res.StatusCode, answer)
		}
	}
	if r, _ := f.last(t); r.Header.Get("X-Api-Key") != "" {
		t.Errorf("the model got the client's key")
	}
}
