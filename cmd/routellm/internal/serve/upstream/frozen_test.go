package upstream

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/servetest"
)

// behind returns an upstream behind a relay, whose limit for an answer is given.
func behind(t *testing.T, s *httptest.Server, header time.Duration) (*Upstream, *servetest.Relay) {
	t.Helper()
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	r := servetest.NewRelay(t, u.Host)
	u.Host = r.Addr().String()
	up := New(Options{URL: u, Connect: 5 * time.Second, Header: header, Idle: header, Failures: 1000, Cooldown: time.Minute})
	t.Cleanup(up.Close)
	return up, r
}

func answerOK(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(w, r.Proto)
}

// checkAnswer sends a request and reads the answer, which is the protocol.
func checkAnswer(t *testing.T, u *Upstream, want string) {
	t.Helper()
	res, err := send(t, u, "/v1/x")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got, err := io.ReadAll(res.Body); err != nil || string(got) != want {
		t.Errorf("answer %q, %v, expected %q", got, err, want)
	}
}

// TestFrozenHTTP2 expects pings to find the dead connection long before the limit for an answer
// does, and the next request to go over a new one.
func TestFrozenHTTP2(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(answerOK))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	u, r := behind(t, s, time.Minute)
	if c := u.transport.HTTP2; c.SendPingTimeout != pingAfter || c.PingTimeout != pingWait {
		t.Errorf("pings after %v, expected after %v", c.SendPingTimeout, pingAfter)
	}
	u.transport.HTTP2 = quickPings
	trust(u, s)
	checkAnswer(t, u, "HTTP/2.0")
	r.Freeze()
	if _, err := send(t, u, "/v1/x"); KindOf(err) != Cut {
		t.Errorf("on the dead connection: %v, expected %s", err, Cut)
	}
	checkAnswer(t, u, "HTTP/2.0")
}

// TestFrozenHTTP1 expects one request to be lost, and not one per connection that died with the
// first.
func TestFrozenHTTP1(t *testing.T) {
	both := make(chan bool)
	var together atomic.Bool
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if together.Load() {
			both <- true // until the other request is there, on a connection of its own
		}
		answerOK(w, r)
	}))
	t.Cleanup(s.Close)
	u, r := behind(t, s, 2*time.Second)
	together.Store(true)
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() { checkAnswer(t, u, "HTTP/1.1") })
	}
	<-both
	<-both
	wait.Wait()
	together.Store(false)
	r.Freeze()
	if _, err := send(t, u, "/v1/x"); KindOf(err) != SlowHeader {
		t.Errorf("on the dead connection: %v, expected %s", err, SlowHeader)
	}
	checkAnswer(t, u, "HTTP/1.1")
}
