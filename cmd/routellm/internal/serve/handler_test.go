package serve

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// TestHandler uses the handler as a program of its own would: no flags, no listening
// socket, and keys given as values.
func TestHandler(t *testing.T) {
	f := newFake(t, fine)
	at, err := url.Parse(f.URL + "/v1")
	if err != nil {
		t.Fatal(err)
	}
	set := Settings{Config: config.Default(), Routers: []Router{words}}
	set.Threshold, set.Strong.KeyEnv = 10, "TEST_SERVE_NO_SUCH_VARIABLE"
	set.Strong.Model, set.Weak.Model = config.Model{Name: "big", URL: at}, config.Model{Name: "small", URL: at}
	h := NewHandler(set, Keys{Models: map[string]string{config.Strong: "strong-key", config.Weak: "weak-key"}, Clients: []access.Key{{Secret: "client-key"}}}, nil, nil)
	ask := func(text, key string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/v1/chat/completions", strings.NewReader(chat("routellm", text)))
		r.Header.Set("Authorization", "Bearer "+key)
		h.ServeHTTP(w, r)
		return w
	}
	if w := ask(easy, "other-key"); w.Code != http.StatusUnauthorized || f.count() != 0 {
		t.Errorf("wrong key: status %d, the model got %d requests", w.Code, f.count())
	}
	for text, want := range map[string]struct{ model, key string }{easy: {"small", "weak-key"}, hard: {"big", "strong-key"}} {
		w := ask(text, "client-key")
		if w.Code != http.StatusOK || w.Body.String() != completion || w.Header().Get("X-Routellm-Model") != want.model {
			t.Errorf("%q: status %d, %s, model %q, expected %q", text, w.Code, w.Body, w.Header().Get("X-Routellm-Model"), want.model)
		}
		if r, _ := f.last(t); r.Header.Get("Authorization") != "Bearer "+want.key {
			t.Errorf("%q: the model's server got %q, expected the key %q", text, r.Header.Get("Authorization"), want.key)
		}
	}
}
