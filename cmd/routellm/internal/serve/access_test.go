package serve

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte("# clients\nfirst-key\n\nsecond-key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { s.APIKeyFile = path })
	for given, want := range map[string]int{"": 401, "Bearer ": 401, "Bearer third": 401, "Bearer first-key": 200, "Bearer second-key": 200, "bearer second-key": 200, "first-key": 401, "Basic first-key": 401, "Bearer first-key ": 401, "Bearer # clients": 401} {
		for _, at := range []string{"POST /v1/chat/completions", "GET /v1/models", "GET /metrics", "POST /v1/route"} {
			method, path, _ := strings.Cut(at, " ")
			r, _ := http.NewRequest(method, p.URL+path, strings.NewReader(chat("routellm", easy)))
			r.Header.Set("Authorization", given)
			res, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if given == "Bearer first-key " {
				want = 200 // net/http trims the space
			}
			if res.StatusCode != want {
				t.Errorf("%s with %q: status %d, expected %d", at, given, res.StatusCode, want)
			}
		}
	}
	for _, path := range []string{"/health", "/ready"} {
		if res, err := p.Client().Get(p.URL + path); err != nil || res.StatusCode != 200 {
			t.Errorf("%s: %v, %v", path, res, err)
		}
	}
	all := p.log.String()
	raw, _ := os.ReadFile(p.path)
	if strings.Contains(all+string(raw), "key") {
		t.Errorf("the event log or the decision log contains a key:\n%s\n%s", all, raw)
	}
}

// TestForwardedHeaders expects the client's key to reach the model only with
// ForwardClientKey.
func TestForwardedHeaders(t *testing.T) {
	t.Setenv("TEST_SERVE_KEY", "of-the-model")
	for name, c := range map[string]struct {
		change func(*Settings)
		want   string
	}{
		"none":    {nil, ""},
		"own":     {func(s *Settings) { s.Weak.KeyEnv = "TEST_SERVE_KEY" }, "Bearer of-the-model"},
		"forward": {func(s *Settings) { s.ForwardClientKey = true }, "Bearer of-the-client"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, fine)
			p := start(t, f.URL, f.URL, c.change)
			r, _ := http.NewRequest("POST", p.URL+"/v1/chat/completions", strings.NewReader(chat("routellm", easy)))
			for key, value := range map[string]string{"Authorization": "Bearer of-the-client", "X-Api-Key": "k", "Cookie": "c=1", "OpenAI-Beta": "x", "X-Forwarded-For": "10.0.0.1", "Accept-Encoding": "gzip"} {
				r.Header.Set(key, value)
			}
			res, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			got, _ := f.last(t)
			if h := got.Header; h.Get("Authorization") != c.want || h.Get("OpenAI-Beta") != "x" || h.Get("X-Forwarded-For") != "" || h.Get("Accept-Encoding") != "identity" {
				t.Errorf("the model got the headers %v", h)
			}
			if kept := got.Header.Get("X-Api-Key")+got.Header.Get("Cookie") != ""; kept != (name == "forward") {
				t.Errorf("the model got the headers %v", got.Header)
			}
		})
	}
}

// TestUpgrade expects the client's offer of another protocol to be dropped, even if it is
// malformed.
func TestUpgrade(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, nil)
	for _, offer := range []string{"h2c", "websocket", "caf\u00e9"} {
		r, _ := http.NewRequest("POST", p.URL+"/v1/chat/completions", strings.NewReader(chat("routellm", easy)))
		r.Header.Set("Connection", "Upgrade, HTTP2-Settings")
		r.Header.Set("Upgrade", offer)
		r.Header.Set("HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA")
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 200 || res.Header.Get("X-Routellm-Model") != "small" {
			t.Errorf("%s: status %d, %v", offer, res.StatusCode, res.Header)
			continue
		}
		if got, _ := f.last(t); got.Header.Get("Upgrade")+got.Header.Get("Connection")+got.Header.Get("HTTP2-Settings") != "" {
			t.Errorf("%s: the model got the headers %v", offer, got.Header)
		}
	}
}

// TestOtherSites expects a request from another site's page to be refused.
func TestOtherSites(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, nil)
	r, _ := http.NewRequest("POST", p.URL+"/v1/chat/completions", strings.NewReader(chat("routellm", easy)))
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != 403 || f.count() != 0 {
		t.Errorf("%v, %v, the model got %d requests", res, err, f.count())
	}
}

// TestOtherNames expects DNS rebinding to be refused, unless Insecure lets everyone in.
func TestOtherNames(t *testing.T) {
	f := newFake(t, fine)
	none, open := start(t, f.URL, f.URL, nil), start(t, f.URL, f.URL, func(s *Settings) { s.Insecure = true })
	ask := func(p *proxied, host, origin string) int {
		r, _ := http.NewRequest("POST", p.URL+"/v1/chat/completions", strings.NewReader(chat("routellm", easy)))
		r.Host = host
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	for host, want := range map[string]int{"evil.example": 403, "evil.example:6060": 403, "localhost.evil.example": 403, "localhost": 200, "LocalHost:6060": 200, "127.0.0.1:6060": 200, "[::1]:6060": 200, "[::1]": 200} {
		if got := ask(none, host, "http://"+host); got != want {
			t.Errorf("%s: status %d, expected %d", host, got, want)
		}
		if got := ask(none, host, ""); got != want {
			t.Errorf("%s, no page: status %d, expected %d", host, got, want)
		}
		if got := ask(open, host, "http://"+host); got != 200 {
			t.Errorf("%s, insecure: status %d", host, got)
		}
	}
}
