// Package scripted is a model server for tests whose answers are written beforehand. Call
// [Start] or [Offline].
package scripted

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/iotest"
)

// Request is a request that the server received.
type Request struct{ Path, Key, Body string }

// Server answers requests with a script: one entry per request, the last one for all
// further requests.
type Server struct {
	URL string

	mu       sync.Mutex
	requests []Request
	script   []http.HandlerFunc
}

// Start runs a server until the test ends.
func Start(t *testing.T, script ...http.HandlerFunc) *Server {
	s := &Server{script: script}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

// Offline returns a server and a client that reaches it without a network, so that a test
// can use its own clock.
func Offline(script ...http.HandlerFunc) (*Server, *http.Client) {
	s := &Server{URL: "http://model", script: script}
	return s, &http.Client{Transport: direct{s}}
}

type direct struct{ *Server }

// RoundTrip answers at once. A handler that panics with http.ErrAbortHandler breaks the connection.
func (d direct) RoundTrip(r *http.Request) (res *http.Response, err error) {
	w := httptest.NewRecorder()
	defer func() {
		if broken := recover(); broken == http.ErrAbortHandler && w.Flushed {
			res = w.Result()
			res.Body = io.NopCloser(io.MultiReader(res.Body, iotest.ErrReader(io.ErrUnexpectedEOF)))
		} else if broken == http.ErrAbortHandler {
			err = io.EOF
		} else if broken != nil {
			panic(broken)
		}
	}()
	d.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

// ServeHTTP answers a request. The body of a POST must be JSON.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil && r.Method == http.MethodPost {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.URL.Path, r.Header.Get("Authorization"), string(body)})
	n := len(s.requests)
	s.mu.Unlock()
	r.Header.Set("Body", string(body))
	s.script[min(n, len(s.script))-1](w, r)
}

// Body returns the body of a request that a script answers.
func Body(r *http.Request) string { return r.Header.Get("Body") }

// Requests returns the requests received so far, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Forget forgets the requests received so far and starts the script again.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// Answer returns a handler that answers with a status, a body and header fields, given as
// alternating names and values.
func Answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// Cut returns a handler that ends the connection after part of an answer.
func Cut(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		fmt.Fprint(c, answer)
		_ = c.Close()
	}
}

// Drop ends the connection without an answer.
func Drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// CutBody returns a handler that ends the connection after status 200 and part of a body.
func CutBody(part string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, part)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}
