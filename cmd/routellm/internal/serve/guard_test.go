package serve

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// handlerFor returns a handler without a server, in front of one model.
func handlerFor(t *testing.T, f *fake, keys Keys, change func(*Settings)) *Handler {
	t.Helper()
	set := settings(t, f.URL, f.URL)
	if change != nil {
		change(&set)
	}
	return NewHandler(set, keys, nil, nil)
}

// get asks a handler, with headers as NAME: VALUE.
func get(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "localhost"
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	h.ServeHTTP(w, r)
	return w
}

// TestChallenge expects a 401 to say how to authenticate, and only a 401.
func TestChallenge(t *testing.T) {
	h := handlerFor(t, newFake(t, fine), Keys{Clients: []access.Key{{Secret: "k1"}}}, nil)
	for header, want := range map[string]string{
		"X-Other: k1":              `Bearer realm="routellm"`,
		"Authorization: Basic k1":  `Bearer realm="routellm"`,
		"Authorization: Bearer k2": `Bearer realm="routellm", error="invalid_token"`,
		"X-Api-Key: k2":            `Bearer realm="routellm", error="invalid_token"`,
		"X-Api-Key: k1":            "",
	} {
		for _, path := range []string{"/v1/models", "/metrics"} {
			w := get(h, "GET", path, "", header)
			if got := w.Header().Get("WWW-Authenticate"); got != want || (w.Code == http.StatusUnauthorized) != (want != "") {
				t.Errorf("%s, %s: status %d, %q, expected %q", path, header, w.Code, got, want)
			}
		}
	}
}

// TestClientThresholds expects thresholds outside the operator's bounds to be refused, everywhere.
func TestClientThresholds(t *testing.T) {
	for allowed, want := range map[string]map[string]int{
		"true":  {"routellm": 200, "router-words-10": 200, "router-words--1e308": 200, "router-words-x": 404},
		"false": {"routellm": 200, "router-words-10": 403, "router-words--1e308": 403, "router-words-x": 404},
		"5..9":  {"routellm": 200, "router-words-10": 403, "router-words-9": 200, "router-words-4.9": 403},
	} {
		f := newFake(t, fine)
		h := handlerFor(t, f, Keys{}, func(s *Settings) {
			if err := s.ClientThresholds.Set(allowed); err != nil {
				t.Fatal(err)
			}
		})
		served := 0
		for model, status := range want {
			for _, path := range []string{"/v1/chat/completions", "/v1/route"} {
				w := get(h, "POST", path, chat(model, easy))
				if w.Code != status || status == 403 && !strings.Contains(w.Body.String(), `"threshold_not_allowed"`) {
					t.Errorf("%s, %s of %s: status %d, %s", allowed, path, model, w.Code, w.Body)
				}
			}
			if status == 200 {
				served++
			}
		}
		if f.count() != served {
			t.Errorf("%s: the model got %d requests, expected %d", allowed, f.count(), served)
		}
		if listed := strings.Contains(get(h, "GET", "/v1/models", "").Body.String(), "router-words-10"); listed != (allowed == "true") {
			t.Errorf("%s: the threshold is listed: %v", allowed, listed)
		}
	}
}

// TestMetricsElsewhere expects no metrics at the API's address if they have one of their own.
func TestMetricsElsewhere(t *testing.T) {
	keys := Keys{Clients: []access.Key{{Secret: "k1"}}, Metrics: []access.Key{{Secret: "m1"}}}
	here := handlerFor(t, newFake(t, fine), keys, nil)
	elsewhere := handlerFor(t, newFake(t, fine), keys, func(s *Settings) { s.MetricsListen = "127.0.0.1:1" })
	for _, c := range []struct {
		h      http.Handler
		key    string
		status int
	}{
		{here, "m1", 200}, {here, "k1", 401}, {here, "", 401},
		{elsewhere, "m1", 404}, {elsewhere, "k1", 404},
		{elsewhere.metricsAddresses(), "m1", 200}, {elsewhere.metricsAddresses(), "k1", 401}, {elsewhere.metricsAddresses(), "", 401},
	} {
		if w := get(c.h, "GET", "/metrics", "", "X-Api-Key: "+c.key); w.Code != c.status || strings.Contains(w.Body.String(), "routellm_in_flight") != (c.status == 200) {
			t.Errorf("key %q: status %d, expected %d", c.key, w.Code, c.status)
		}
	}
}

// TestOriginOfAnswers expects the headers of the model's server about its own address not to reach
// browsers, which would take them for this server's.
func TestOriginOfAnswers(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		for _, header := range []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Credentials: true", "Strict-Transport-Security: max-age=9", "Alt-Svc: h3", "Set-Cookie: session=of-the-gateway", "Vary: Accept"} {
			name, value, _ := strings.Cut(header, ": ")
			w.Header().Set(name, value)
		}
		_, _ = io.WriteString(w, completion)
	})
	for _, origins := range [][]string{nil, {"https://app.example"}} {
		h := handlerFor(t, f, Keys{}, func(s *Settings) { s.CORSOrigins = origins })
		w := get(h, "POST", "/v1/chat/completions", chat("routellm", easy))
		for _, name := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Strict-Transport-Security", "Alt-Svc", "Set-Cookie"} {
			if got := w.Header().Get(name); got != "" || w.Code != 200 {
				t.Errorf("origins %v: status %d, %s: %s", origins, w.Code, name, got)
			}
		}
		if len(origins) == 0 {
			continue
		}
		w = get(h, "POST", "/v1/chat/completions", chat("routellm", easy), "Origin: https://app.example", "Sec-Fetch-Site: cross-site")
		if got := w.Header().Values("Access-Control-Allow-Origin"); w.Code != 200 || len(got) != 1 || got[0] != "https://app.example" {
			t.Errorf("status %d, allowed origins %q", w.Code, got)
		}
		if vary := strings.Join(w.Header().Values("Vary"), ","); !strings.Contains(vary, "Origin") || !strings.Contains(vary, "Accept") {
			t.Errorf("Vary: %s", vary)
		}
	}
}

// TestReplacedKeys expects new keys and names of hosts to count from the next request on.
func TestReplacedKeys(t *testing.T) {
	f := newFake(t, fine)
	h := handlerFor(t, f, Keys{Clients: []access.Key{{Secret: "k1"}}}, nil)
	h.replace(settings(t, f.URL, f.URL), Keys{Clients: []access.Key{{Secret: "k2"}}, Models: map[string]string{config.Weak: "model-key"}})
	if a, b := get(h, "GET", "/v1/models", "", "Api-Key: k1"), get(h, "POST", "/v1/chat/completions", chat("routellm", easy), "Api-Key: k2"); a.Code != 401 || b.Code != 200 {
		t.Errorf("status %d for the old key, %d for the new one", a.Code, b.Code)
	}
	if r, _ := f.last(t); r.Header.Get("Authorization") != "Bearer model-key" || r.Header.Get("Api-Key") != "" {
		t.Errorf("the model got %v", r.Header)
	}
}

// TestHints expects an informational answer of the model's server not to reach the client, nor to
// take the headers of the answer away.
func TestHints(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		fine(w, r)
	})
	p := start(t, f.URL, f.URL, func(s *Settings) { s.CORSOrigins = []string{"https://app.example"} })
	hints := 0
	trace := &httptrace.ClientTrace{Got1xxResponse: func(int, textproto.MIMEHeader) error { hints++; return nil }}
	r, _ := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "POST", p.URL+"/v1/chat/completions", strings.NewReader(chat("routellm", easy)))
	r.Header.Set("Origin", "https://app.example")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if hints > 0 || res.StatusCode != 200 || res.Header.Get("Access-Control-Allow-Origin") == "" {
		t.Errorf("%d hints, status %d, %v", hints, res.StatusCode, res.Header)
	}
}
