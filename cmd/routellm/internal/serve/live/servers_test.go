package live

import (
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
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
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return s, []string{"SSL_CERT_FILE=" + path}
}

// answers answers a chat request at once.
func answers(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "no"}}], "usage": {"prompt_tokens": 8, "completion_tokens": 1, "total_tokens": 9}}`)
}

// relay passes bytes between clients and a server. After freeze it accepts the bytes of the
// connections that it has and passes none on, as some load balancers do that have forgotten
// a connection; new connections work.
type relay struct {
	net.Listener
	to string

	mu    sync.Mutex
	alive *atomic.Bool // of the connections made since the last freeze
}

func newRelay(t *testing.T, to string) *relay {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{Listener: ln, to: to}
	r.freeze()
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			go r.pass(in)
		}
	}()
	return r
}

func (r *relay) freeze() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.alive != nil {
		r.alive.Store(false)
	}
	r.alive = new(atomic.Bool)
	r.alive.Store(true)
}

// mute makes the relay accept the bytes of all connections to come, and pass none on.
func (r *relay) mute() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.alive = new(atomic.Bool)
}

func (r *relay) pass(in net.Conn) {
	r.mu.Lock()
	alive := r.alive
	r.mu.Unlock()
	out, err := net.Dial("tcp", r.to)
	if err != nil {
		in.Close()
		return
	}
	go copyWhile(alive, in, out)
	copyWhile(alive, out, in)
}

func copyWhile(alive *atomic.Bool, to, from net.Conn) {
	part := make([]byte, 4096)
	for {
		n, err := from.Read(part)
		if alive.Load() {
			_, _ = to.Write(part[:n])
		}
		if err != nil {
			to.Close()
			return
		}
	}
}
