package upstream

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
)

func newTest(t *testing.T, at string) *Upstream {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Name: "strong", Model: "m", URL: u, Key: "k", Connect: time.Minute, Header: time.Minute, Idle: time.Minute, Failures: 1, Cooldown: time.Minute})
}

func request(path string) Request {
	return Request{
		Request: httptest.NewRequest("POST", path, strings.NewReader("of the client")), Generates: true,
		Content: func(model string) body.Content { return body.Content{model} },
		Extent:  func() body.Extent { return body.Extent{Images: true} },
	}
}

func send(t *testing.T, u *Upstream, path string) (*http.Response, error) {
	t.Helper()
	s := Set{All: []*Upstream{u}}
	a, err := s.Send(request(path), 0)
	return a.Response, err
}

// TestAddress expects the request's path after the base URL, with /v1 replaced.
func TestAddress(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		io.WriteString(w, r.URL.String()+" "+r.Header.Get("Authorization")+" "+string(raw))
	}))
	defer s.Close()
	for base, want := range map[string]string{"": "/chat/completions?a=b", "/v1": "/v1/chat/completions?a=b", "/deep/v2": "/deep/v2/chat/completions?a=b"} {
		res, err := send(t, newTest(t, s.URL+base), "/v1/chat/completions?a=b")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		if err != nil || string(got) != want+" Bearer k m" {
			t.Errorf("%q: %v, got %s", base, err, got)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestCertificate expects a server with an untrusted certificate to be refused, with the
// reason.
func TestCertificate(t *testing.T) {
	s := httptest.NewUnstartedServer(nil)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	u := newTest(t, s.URL)
	_, err := send(t, u, "/v1/x")
	if KindOf(err) != Refused || !strings.Contains(err.Error(), "connect: tls: failed to verify certificate") {
		t.Errorf("error %v", err)
	}
	if _, err := send(t, u, "/v1/x"); KindOf(err) != BreakerOpen || err.Error() != "breaker_open" || !u.Open() {
		t.Errorf("error %v", err)
	}
}

// TestIdleConnection expects idle connections to be closed before common servers close
// them.
func TestIdleConnection(t *testing.T) {
	if got := newTest(t, "http://127.0.0.1:1").transport.IdleConnTimeout; got <= 0 || got >= 5*time.Second {
		t.Errorf("idle connections are kept for %v, expected less than the 5s of uvicorn and Node", got)
	}
}

// TestEmptyAnswer expects an answer without a body not to count as a failure.
func TestEmptyAnswer(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer s.Close()
	res, err := send(t, newTest(t, s.URL), "/v1/x")
	if err != nil || res.StatusCode != http.StatusNoContent {
		t.Fatal(res, err)
	}
	if n, err := res.Body.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("%d bytes, %v", n, err)
	}
	res.Body.Close()
}
