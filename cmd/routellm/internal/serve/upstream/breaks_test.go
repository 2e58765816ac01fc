package upstream

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/breaker"
)

// TestTooLargeForServer breaks connections before the request has been read, as servers do for which
// it is too large: only small requests, which arrive as a whole, show that the server is ill.
func TestTooLargeForServer(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			_ = c.(*net.TCPConn).SetLinger(0)
			_, _ = c.Read(make([]byte, 100))
			c.Close()
		}
	}()
	for size, state := range map[int]breaker.State{16 << 20: breaker.Closed, 100: breaker.Open} {
		u := newTest(t, "http://"+ln.Addr().String())
		r := request("/v1/chat/completions")
		r.Content = func(string) body.Content { return body.Content{strings.Repeat("a", size)} }
		s := Set{All: []*Upstream{u}}
		if _, err := s.Send(r, 0); KindOf(err) != Cut {
			t.Errorf("%d bytes: %v, expected a cut", size, err)
		}
		if got, _ := u.breaker.State(); got != state {
			t.Errorf("%d bytes: the breaker is %s, expected %s", size, got, state)
		}
	}
}

// TestErrorsWithStatus200 expects errors in answers with status 200 to count as failures, and no
// other answer.
func TestErrorsWithStatus200(t *testing.T) {
	for answer, kind := range map[string]Kind{
		`{"error":{"message":"boom","code":502}}`:      ServerError,
		`{"error": "boom"}`:                            ServerError,
		`{"error":{"message":"slow down","code":429}}`: RateLimited,
		`{"error":null,"choices":[]}`:                  None,
		`{"errors":[]}`:                                None,
		`{"id":"c","error":null}`:                      None,
		` {"error":{}}`:                                None,
		`{"error":` + strings.Repeat(" ", 2*maxPeek) + `{"code": 500}}`: None,
		`{"er`: None,
		``:     None,
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, answer)
		}))
		set := Set{All: []*Upstream{newTest(t, s.URL)}}
		a, err := set.Send(request("/v1/chat/completions"), 0)
		if err != nil || kindOf(a) != kind {
			t.Errorf("%.50s: failure %q (%v), expected %q", answer, kindOf(a), err, kind)
		} else if got, err := io.ReadAll(a.Response.Body); err != nil || string(got) != answer {
			t.Errorf("%.50s: the client gets %.50s (%v)", answer, got, err)
		}
		s.Close()
	}
}

// TestDrippingBeginning expects an answer that drips without an event or an end to be passed on
// after the limit for its beginning.
func TestDrippingBeginning(t *testing.T) {
	for kind, status := range map[string]int{"text/event-stream": http.StatusOK, "application/json": http.StatusBadGateway} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, "d")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(10 * time.Millisecond)
			}
		}))
		u := newTest(t, s.URL)
		u.Header = 300 * time.Millisecond
		res, err := send(t, u, "/v1/chat/completions")
		if err != nil || res.StatusCode != status {
			t.Fatalf("%s: %v", kind, err)
		}
		res.Body.Close()
		s.Close()
	}
}

// TestLargeAnswerHeader expects headers of megabytes to be a failure.
func TestLargeAnswerHeader(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Large", strings.Repeat("a", 2*maxAnswerHeader))
	}))
	defer s.Close()
	if _, err := send(t, newTest(t, s.URL), "/v1/chat/completions"); KindOf(err) != Cut {
		t.Errorf("%v, expected a cut", err)
	}
}

// TestGoneDuringFallback expects a client that leaves while the second server is asked to have left,
// whatever the first has said.
func TestGoneDuringFallback(t *testing.T) {
	first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer first.Close()
	r := request("/v1/chat/completions")
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	second := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		leave()
		<-r.Context().Done()
	}))
	defer second.Close()
	r.Request = r.Request.WithContext(ctx)
	r.Takes = func(int) bool { return true }
	s := Set{All: []*Upstream{newTest(t, first.URL), newTest(t, second.URL)}, Fallback: true}
	if a, err := s.Send(r, 0); KindOf(err) != ClientGone || a.Response != nil {
		t.Errorf("%v, expected %s", err, ClientGone)
	}
}

// kindOf returns the kind of the first failure.
func kindOf(a Answer) Kind {
	if len(a.Failures) == 0 {
		return None
	}
	return KindOf(a.Failures[0].Err)
}
