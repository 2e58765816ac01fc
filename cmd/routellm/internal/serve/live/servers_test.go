package live

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
)

// upstream starts a model's server that answers with a handler.
func upstream(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	needLive(t)
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

// secureUpstream starts a model's server with TLS and HTTP/2, and returns the environment with
// which the program trusts its certificate.
func secureUpstream(t *testing.T, handler http.HandlerFunc) (s *httptest.Server, env []string) {
	t.Helper()
	needLive(t)
	s = httptest.NewUnstartedServer(handler)
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	path := filepath.Join(t.TempDir(), "certificate.pem")
	write(t, path, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	return s, []string{"SSL_CERT_FILE=" + path}
}

// answers answers a chat request at once.
func answers(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "no"}}], "usage": {"prompt_tokens": 8, "completion_tokens": 1, "total_tokens": 9}}`)
}

// question is a request of 87 bytes.
const question = `{"model": "routellm", "messages": [{"role": "user", "content": "may a tenant sublet"}]}`

// llama is the script that serves a real model.
var llama = filepath.Join("..", "..", "..", "..", "..", "scripts", "serve_smollm2.py")

// modelsAt returns the flags for a program in front of two models at one address.
func modelsAt(at string, flags ...string) []string {
	return append([]string{"--router", "length", "--threshold", "30", "--strong", "big@" + at + "/v1", "--weak", "small@" + at + "/v1"}, flags...)
}

// toWeak returns the flags of a server whose router asks the weak model.
func toWeak(strong, weak string, more ...string) []string {
	return append([]string{"--router", "length", "--threshold", "1e9", "--strong", "big@" + strong + "/v1", "--weak", "small@" + weak + "/v1"}, more...)
}

// seen keeps what a model's server gets.
type seen struct {
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func (s *seen) answer(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.requests, s.bodies = append(s.requests, r), append(s.bodies, string(raw))
	s.mu.Unlock()
	w.Header().Set("Access-Control-Allow-Origin", "https://of-the-model.example")
	answers(w, r)
}

func (s *seen) last(t *testing.T) *http.Request {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == 0 {
		t.Fatal("the model got no request")
	}
	return s.requests[len(s.requests)-1]
}

func (s *seen) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}
