package live

import (
	"net/http"
	"strings"
	"testing"
)

// TestFrozenConnection freezes the only connection to an upstream with HTTP/2. Pings find out
// within 15 seconds, and the next request gets a new connection.
func TestFrozenConnection(t *testing.T) {
	needLive(t)
	s, env := secureUpstream(t, answers)
	r := newRelay(t, s.Listener.Addr().String())
	at := "https://" + r.Addr().String() + "/v1"
	p := serve(t, env, "--router", "length", "--threshold", "30", "--strong", "big@"+at, "--weak", "small@"+at)
	ask := func() int {
		res, _ := p.post(t, "/v1/chat/completions", `{"model": "routellm", "messages": [{"role": "user", "content": "may a tenant sublet"}]}`)
		return res.StatusCode
	}
	if got := ask(); got != http.StatusOK {
		t.Fatalf("status %d:\n%s", got, p.output())
	}
	r.freeze()
	ask()
	if got := ask(); got != http.StatusOK {
		t.Errorf("status %d after the dead connection:\n%s", got, p.output())
	}
	if strings.Contains(p.output(), "circuit breaker") {
		t.Errorf("a breaker has opened:\n%s", p.output())
	}
}
