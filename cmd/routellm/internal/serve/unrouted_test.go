package serve

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// TestEmbeddings expects requests without routing to go unchanged to the side that is set, and
// to no other.
func TestEmbeddings(t *testing.T) {
	strong := newFake(t, fine)
	weak := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "moderations") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	t.Setenv("TEST_KEY", "secret")
	p := start(t, strong.URL, weak.URL, func(s *Settings) {
		s.Embeddings, s.Moderations, s.Fallback, s.Explore, s.Weak.KeyEnv = config.Weak, config.Weak, true, 1, "TEST_KEY"
	})
	const request = `{ "model": "text-embedding-3-small", "input": ["who signs", "the lease"], "x": 1.0 }`
	res, _ := p.do(t, "POST", "/v1/embeddings", request, "Authorization: Bearer client")
	if r, got := weak.last(t); res.StatusCode != 200 || got != request || r.URL.Path != "/v1/embeddings" || r.Header.Get("Authorization") != "Bearer secret" {
		t.Errorf("status %d, the model got %s, %s, %v", res.StatusCode, r.URL, got, r.Header)
	}
	if res.Header.Get("X-Routellm-Model") != "" || res.Header.Get("X-Routellm-Id") != "" {
		t.Errorf("headers of a decision: %v", res.Header)
	}
	if res, _ := p.do(t, "POST", "/moderations", `{"input": "x"}`); res.StatusCode != 503 || strong.count() != 0 {
		t.Errorf("status %d, and the other model got %d requests", res.StatusCode, strong.count())
	}
	for _, wrong := range []string{"{", "[]", `{"model": "a", "Model": "b"}`} {
		if res, answer := p.do(t, "POST", "/v1/embeddings", wrong); res.StatusCode != 400 {
			t.Errorf("%s: status %d, %s", wrong, res.StatusCode, answer)
		}
	}
	p.metric(t, `passed_total{endpoint="embeddings",side="weak",status="200"}`, 1)
	p.metric(t, `passed_total{endpoint="moderations",side="weak",status="503"}`, 1)
	p.records(t, 0)
}

func TestNotConfigured(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, nil)
	for path, setting := range map[string]string{"/v1/embeddings": "embeddings", "/v1/moderations": "moderations"} {
		if res, answer := p.do(t, "POST", path, `{"model": "m"}`); res.StatusCode != 404 || !strings.Contains(answer, "its setting "+setting+" names no side") || !strings.Contains(answer, "endpoint_not_configured") {
			t.Errorf("%s: status %d, %s", path, res.StatusCode, answer)
		}
	}
	for _, c := range []string{"GET /v1/responses/resp_1", "DELETE /v1/responses/resp_1", "POST /v1/responses/resp_1/cancel", "GET /responses/..%2Fmodels", "GET /v1/responses/a%20b/input_items"} {
		method, path, _ := strings.Cut(c, " ")
		if res, answer := p.do(t, method, path, ""); res.StatusCode != 404 || !strings.Contains(answer, `"param":"id","code":"response_not_found"`) {
			t.Errorf("%s: status %d, %s", c, res.StatusCode, answer)
		}
	}
	if f.count() != 0 {
		t.Errorf("the model got %d requests", f.count())
	}
}

// TestStoredResponses expects requests for a response to go to the model that made it, for the
// client that has asked for it.
func TestStoredResponses(t *testing.T) {
	strong := newFake(t, answering(`{"id": "resp_s", "object": "response", "usage": {"input_tokens": 1, "output_tokens": 1}}`))
	weak := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		event(w, `{"type":"response.created","response":{"id":"resp_w"}}`)
		event(w, `{"type":"response.completed","response":{"id":"resp_w","usage":{"input_tokens":2,"output_tokens":2}}}`)
	})
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte("one\ntwo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, strong.URL, weak.URL, func(s *Settings) { s.APIKeyFile, s.Fallback = path, true })
	one, two := "Authorization: Bearer one", "Authorization: Bearer two"
	p.do(t, "POST", "/v1/responses", `{"model": "routellm", "input": "`+hard+`"}`, one)
	p.do(t, "POST", "/v1/responses", `{"model": "routellm", "stream": true, "input": "`+easy+`"}`, one)
	for id, f := range map[string]*fake{"resp_s": strong, "resp_w": weak} {
		for _, c := range []string{"GET /v1/responses/" + id + "?include=x", "GET /v1/responses/" + id + "/input_items", "POST /v1/responses/" + id + "/cancel", "DELETE /responses/" + id} {
			method, path, _ := strings.Cut(c, " ")
			if res, answer := p.do(t, method, path, "", two); res.StatusCode != 404 || !strings.Contains(answer, "response_not_found") {
				t.Errorf("%s of another client: status %d, %s", c, res.StatusCode, answer)
			}
			before := f.count()
			res, answer := p.do(t, method, path, "", one)
			if r, got := f.last(t); f.count() != before+1 || res.StatusCode != 200 || got != "" || r.Method != method || strings.TrimPrefix(r.URL.String(), "/v1") != strings.TrimPrefix(path, "/v1") || r.ContentLength != 0 {
				t.Errorf("%s: status %d, %s; the model got %s %s, %q", c, res.StatusCode, answer, r.Method, r.URL, got)
			}
		}
	}
	p.records(t, 2)
}

// TestDirect expects a client that names a model to get this one or an error.
func TestDirect(t *testing.T) {
	strong := newFake(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	weak := newFake(t, answering(message))
	p := start(t, strong.URL, weak.URL, func(s *Settings) {
		s.DirectModels, s.Fallback, s.Explore, s.Weak.MaxChars = true, true, 1, 3
		s.Weak.Aliases, s.Weak.APIs = []string{"tiny", "org/tiny"}, []string{config.OpenAI, config.Anthropic}
	})
	for _, c := range []struct {
		path, model string
		status      int
		by          string
	}{
		{"/v1/chat/completions", "small", 200, "small"},
		{"/v1/chat/completions", "org/tiny", 200, "small"},
		{"/v1/messages", "tiny", 200, "small"},
		{"/v1/chat/completions", "big", 503, "big"},
		{"/v1/messages", "big", 501, ""},
		{"/v1/chat/completions", "Small", 404, ""},
	} {
		res, answer := p.do(t, "POST", c.path, messages(c.model, hard))
		if res.StatusCode != c.status || res.Header.Get("X-Routellm-Model") != c.by || res.Header.Get("X-Routellm-Score") != "" || res.Header["X-Routellm-Router"] != nil {
			t.Errorf("%+v: status %d, %v, %s", c, res.StatusCode, res.Header, answer)
		}
		if c.by == "small" {
			if _, got := weak.last(t); !strings.Contains(got, `"model": "small"`) {
				t.Errorf("%+v: the model got %s", c, got)
			}
		}
	}
	for _, r := range p.records(t, 4) {
		if r.Reason != "direct" || r.Propensity != 1 || r.Explored || r.Decision.Score.Exists() || r.Router != "" || r.Fallback {
			t.Errorf("logged %+v", r)
		}
	}
	if _, answer := p.do(t, "POST", "/v1/route", chat("tiny", hard)); !strings.Contains(answer, `"router":"","model":"small","decision":"weak","score":null,"threshold":null,"microseconds":0`) {
		t.Errorf("route: %s", answer)
	}
	if _, answer := p.do(t, "GET", "/v1/models", ""); strings.Count(answer, `"object":"model"`) != 6 || !strings.Contains(answer, `"id":"org/tiny"`) {
		t.Errorf("models: %s", answer)
	}
}

// TestOneModel expects the models of this server, listed or not, and no others.
func TestOneModel(t *testing.T) {
	p := start(t, "http://h", "http://h", func(s *Settings) { s.DirectModels, s.Weak.Aliases = true, []string{"org/tiny"} })
	for id, status := range map[string]int{"routellm": 200, "router-words-3": 200, "big": 200, "org/tiny": 200, "org%2Ftiny": 200, "none": 404, "router-x-3": 404} {
		res, answer := p.do(t, "GET", "/v1/models/"+id, "")
		if res.StatusCode != status || status == 200 && answer != `{"id":"`+strings.Replace(id, "%2F", "/", 1)+`","object":"model","created":0,"owned_by":"routellm"}`+"\n" || status == 404 && !strings.Contains(answer, `"model_not_found"`) {
			t.Errorf("%s: status %d, %s", id, res.StatusCode, answer)
		}
	}
	_, answer := p.do(t, "GET", "/v1/models", "", "Anthropic-Version: 2023-06-01")
	if !strings.Contains(answer, `"type":"model","display_name":"routellm","created_at":"1970-01-01T00:00:00Z"`) || !strings.Contains(answer, `"first_id":"routellm","has_more":false,"last_id":"org/tiny"`) {
		t.Errorf("for Anthropic's client: %s", answer)
	}
	p = start(t, "http://h", "http://h", nil)
	if res, answer := p.do(t, "GET", "/v1/models/big", ""); res.StatusCode != 404 || strings.Contains(answer, "small") {
		t.Errorf("without direct_models: status %d, %s", res.StatusCode, answer)
	}
}

// TestKeyHeaders expects each upstream to get its key as it wants it, and none of the client's.
func TestKeyHeaders(t *testing.T) {
	strong, weak := newFake(t, fine), newFake(t, fine)
	t.Setenv("TEST_STRONG_KEY", "s")
	t.Setenv("TEST_WEAK_KEY", "w")
	p := start(t, strong.URL, weak.URL, func(s *Settings) {
		s.Strong.KeyEnv, s.Strong.KeyHeader, s.Strong.Query = "TEST_STRONG_KEY", "api-key", "api-version=2024-10-21"
		s.Weak.KeyEnv, s.Weak.KeyHeader = "TEST_WEAK_KEY", "x-own-key"
	})
	client := []string{"Authorization: Bearer c", "Api-Key: c", "X-Api-Key: c", "X-Own-Key: c"}
	p.do(t, "POST", "/v1/chat/completions?API-Version=1&x=y", chat("routellm", hard), client...)
	if r, _ := strong.last(t); r.Header.Get("Api-Key") != "s" || r.Header.Get("Authorization")+r.Header.Get("X-Api-Key")+r.Header.Get("X-Own-Key") != "" || r.URL.RawQuery != "x=y&api-version=2024-10-21" {
		t.Errorf("strong got %s, %v", r.URL, r.Header)
	}
	p.do(t, "POST", "/v1/chat/completions", chat("routellm", easy), client...)
	if r, _ := weak.last(t); r.Header.Get("X-Own-Key") != "w" || r.Header.Get("Authorization")+r.Header.Get("X-Api-Key")+r.Header.Get("Api-Key") != "" || r.URL.RawQuery != "" {
		t.Errorf("weak got %s, %v", r.URL, r.Header)
	}
	p = start(t, strong.URL, weak.URL, func(s *Settings) { s.Strong.KeyHeader, s.ForwardClientKey = "x-own-key", true })
	p.do(t, "POST", "/v1/chat/completions", chat("routellm", hard), client...)
	if r, _ := strong.last(t); r.Header.Get("X-Own-Key") != "c" {
		t.Errorf("forwarded: strong got %v", r.Header)
	}
}
