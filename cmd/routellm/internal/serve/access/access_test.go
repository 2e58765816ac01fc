package access

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// asked returns a request for an address under a host, with headers as NAME: VALUE.
func asked(method, host string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "/v1/models", nil)
	r.Host = host
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	return r
}

var clients = []Key{{"team-a", "k1"}}

// TestHosts expects clients without keys to be let in only under names of this machine, whatever
// the method, with and without a page.
func TestHosts(t *testing.T) {
	none, named := New(Options{}), New(Options{Hosts: []string{"Gateway.example.", "10.0.0.7", "fd00::1"}})
	for host, want := range map[string]struct{ none, named Refusal }{
		"localhost": {}, "LocalHost.": {}, "localhost.:6060": {}, "127.0.0.1": {}, "127.0.0.1.": {}, "127.9.9.9:1": {}, "[::1]": {}, "[::1]:80": {}, "::1": {}, "[::1%25lo]:80": {}, "[::1%lo]": {}, "[::ffff:127.0.0.1]": {}, "[0:0:0:0:0:0:0:1]": {},
		"gateway.example": {OtherHost, None}, "GATEWAY.example.:6060": {OtherHost, None}, "10.0.0.7:80": {OtherHost, None}, "[fd00:0::1]:80": {OtherHost, None},
		"a.gateway.example": {OtherHost, OtherHost}, "gateway.example..": {OtherHost, OtherHost},
		"": {OtherHost, OtherHost}, ".": {OtherHost, OtherHost}, "evil.example": {OtherHost, OtherHost}, "localhost.evil.example": {OtherHost, OtherHost}, "evil.localhost": {OtherHost, OtherHost}, "127.0.0.1.nip.io": {OtherHost, OtherHost},
		"0x7f.1": {OtherHost, OtherHost}, "0x7f000001": {OtherHost, OtherHost}, "2130706433": {OtherHost, OtherHost}, "127.1": {OtherHost, OtherHost}, "0177.0.0.1": {OtherHost, OtherHost},
		"0.0.0.0": {OtherHost, OtherHost}, "[::]": {OtherHost, OtherHost}, "192.168.1.5": {OtherHost, OtherHost}, "[::1]evil": {OtherHost, OtherHost}, "localhost@evil.example": {OtherHost, OtherHost}, "localhost\x00": {OtherHost, OtherHost}, "ｌocalhost": {OtherHost, OtherHost},
	} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			for _, headers := range [][]string{nil, {"X-Forwarded-Host: localhost", "Forwarded: host=localhost"}, {"Origin: http://" + host, "Sec-Fetch-Site: same-origin"}} {
				r := asked(method, host, headers...)
				if _, got := none.Admit(r); got != want.none {
					t.Errorf("%s %q, %v: %v, expected %v", method, host, headers, got, want.none)
				}
				if _, got := named.Admit(r); got != want.named {
					t.Errorf("%s %q, %v, with names: %v, expected %v", method, host, headers, got, want.named)
				}
			}
		}
		for name, p := range map[string]*Policy{"any host": New(Options{AnyHost: true}), "keys": New(Options{Clients: clients})} {
			if _, got := p.Admit(asked("GET", host, "X-Api-Key: k1")); got != None {
				t.Errorf("%q, %s: %v", host, name, got)
			}
		}
	}
}

// TestPages expects pages of other sites to be refused, unless their origin is allowed.
func TestPages(t *testing.T) {
	const app = "https://app.example"
	plain, allowed, all := New(Options{}), New(Options{Origins: []string{"https://App.example", "tauri://localhost"}}), New(Options{Origins: []string{"*"}, Clients: clients})
	for _, c := range []struct {
		headers             []string
		plain, allowed, all Refusal
	}{
		{nil, None, None, None},
		{[]string{"Origin: http://localhost"}, None, None, None},
		{[]string{"Origin: " + app}, OtherSite, None, None},
		{[]string{"Origin: " + app, "Sec-Fetch-Site: cross-site"}, OtherSite, None, None},
		{[]string{"Origin: tauri://localhost"}, None, None, None}, // net/http compares the host alone
		{[]string{"Origin: https://evil.example"}, OtherSite, OtherSite, None},
		{[]string{"Origin: https://app.example.evil.example"}, OtherSite, OtherSite, None},
		{[]string{"Origin: http://app.example", "Sec-Fetch-Site: cross-site"}, OtherSite, OtherSite, None},
		{[]string{"Origin: https://app.example:8443", "Sec-Fetch-Site: cross-site"}, OtherSite, OtherSite, None},
		{[]string{"Origin: null", "Sec-Fetch-Site: cross-site"}, OtherSite, OtherSite, None},
		{[]string{"Sec-Fetch-Site: cross-site"}, OtherSite, OtherSite, None},
	} {
		for _, x := range []struct {
			*Policy
			want Refusal
		}{{plain, c.plain}, {allowed, c.allowed}, {all, c.all}} {
			if _, got := x.Admit(asked("POST", "localhost", append(c.headers, "X-Api-Key: k1")...)); got != x.want {
				t.Errorf("%v: %v, expected %v", c.headers, got, x.want)
			}
		}
	}
}

// TestCORS asks as browsers do before and with a request.
func TestCORS(t *testing.T) {
	const app = "https://app.example"
	for _, c := range []struct {
		origins       []string
		origin, allow string
	}{
		{nil, app, ""},
		{[]string{app}, app, app},
		{[]string{"HTTPS://App.Example"}, app, app},
		{[]string{app}, "https://evil.example", ""},
		{[]string{app}, "https://app.example.evil.example", ""},
		{[]string{app}, "null", ""},
		{[]string{app}, "", ""},
		{[]string{"*"}, "https://any.example", "*"},
		{[]string{"https://*.example"}, app, ""}, // refused by CheckOrigin, and skipped
	} {
		p := New(Options{Origins: c.origins})
		w := httptest.NewRecorder()
		done := p.CORS(w, asked("OPTIONS", "localhost", "Origin: "+c.origin, "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization,content-type,x-stainless-lang"))
		if known := len(c.origins) > 0 && c.origins[0] != "https://*.example"; done != known {
			t.Errorf("%v: answered %v", c.origins, done)
		}
		h := w.Header()
		if h.Get("Access-Control-Allow-Origin") != c.allow || (h.Get("Access-Control-Allow-Headers") == "authorization,content-type,x-stainless-lang") != (c.allow != "") || h.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%v, asked by %q: %v", c.origins, c.origin, h)
		}
		w = httptest.NewRecorder()
		if p.CORS(w, asked("POST", "localhost", "Origin: "+c.origin)) {
			t.Errorf("%v: a request is taken for a question", c.origins)
		}
		h = w.Header()
		if h.Get("Access-Control-Allow-Origin") != c.allow || strings.Contains(h.Get("Access-Control-Expose-Headers"), "X-Routellm-Model") != (c.allow != "") || done && h.Get("Vary") != "Origin" {
			t.Errorf("%v, from %q: %v", c.origins, c.origin, h)
		}
		if done && p.CORS(httptest.NewRecorder(), asked("OPTIONS", "localhost", "Origin: "+c.origin)) {
			t.Errorf("%v: OPTIONS alone is taken for a question of a browser", c.origins)
		}
	}
	w := httptest.NewRecorder()
	New(Options{Origins: []string{app}}).CORS(w, asked("OPTIONS", "localhost", "Origin: "+app, "Access-Control-Request-Method: PUT"))
	if got := w.Header().Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("PUT is allowed to %q", got)
	}
}

func TestMetrics(t *testing.T) {
	without, own := New(Options{Clients: clients}), New(Options{Clients: clients, Metrics: []Key{{"", "m1"}}})
	for _, c := range []struct {
		p           *Policy
		key         string
		api, scrape Refusal
	}{
		{without, "k1", None, None}, {without, "", MissingKey, None}, {without, "m1", WrongKey, None},
		{own, "m1", None, None}, {own, "", MissingKey, MissingKey}, {own, "k1", WrongKey, WrongKey},
	} {
		r := asked("GET", "10.0.0.7:9090", "Authorization: Bearer "+c.key)
		if api, scrape := c.p.AdmitMetrics(r), c.p.AdmitScrape(r); api != c.api || scrape != c.scrape {
			t.Errorf("%q: %v and %v, expected %v and %v", c.key, api, scrape, c.api, c.scrape)
		}
	}
	if _, why := own.Admit(asked("GET", "localhost", "Authorization: Bearer m1")); why != WrongKey {
		t.Errorf("the key for the metrics opens the API: %v", why)
	}
	if why := New(Options{Metrics: clients}).AdmitMetrics(asked("GET", "evil.example", "X-Api-Key: k1")); why != OtherHost {
		t.Errorf("DNS rebinding: %v", why)
	}
}

func TestCheckOrigin(t *testing.T) {
	for text, ok := range map[string]bool{
		"*": true, "https://app.example": true, "http://localhost:3000": true, "https://app.example:8443": true, "chrome-extension://abcdef": true, "http://[::1]:3000": true, "capacitor://localhost": true,
		"": false, "null": false, "app.example": false, "https://": false, "https://app.example/": false, "https://app.example/a": false, "https://*.example": false, "https://u@app.example": false,
		"https://app.example:443": false, "http://app.example:80": false, "https://app.example?x": false, "https://app.example#x": false, "*.example": false, "https://a b": false,
	} {
		if err := CheckOrigin(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestCheckHost(t *testing.T) {
	for text, ok := range map[string]bool{
		"gateway.example": true, "Gateway.example.": true, "10.0.0.7": true, "fd00::1": true, "[fd00::1]": true, "host": true,
		"": false, "gateway.example:6060": false, "http://gateway.example": false, "*.example": false, "a/b": false, "10.0.0.7:80": false, "[fd00::1]:80": false, "a b": false,
	} {
		if err := CheckHost(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
