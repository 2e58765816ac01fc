package serve

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Handlers of model servers that fail in different ways.
var (
	silent = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	pauses = func(w http.ResponseWriter, r *http.Request) {
		event(w, chunk("a"))
		<-r.Context().Done()
	}
	mute = func(w http.ResponseWriter, r *http.Request) { // sends a header and no body
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	cuts = func(w http.ResponseWriter, _ *http.Request) {
		event(w, chunk("a"))
		panic(http.ErrAbortHandler)
	}
	breaks = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	fails  = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Reason", "model not loaded")
		http.Error(w, "upstream's own words", http.StatusServiceUnavailable)
	}
	limits = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "17")
		http.Error(w, "slow down", http.StatusTooManyRequests)
	}
)

// closed returns an address that refuses connections.
func closed(t testing.TB) string {
	t.Helper()
	s := httptest.NewServer(nil)
	s.Close()
	return s.URL
}

// TestFaults runs a failing weak server, without and with fallback.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc // nil refuses connections
		status  int
		answer  string
		kind    string
		late    bool // fails after the first byte, when no fallback is possible
	}{
		{"refused", nil, 502, `{"error":{"message":"the model's server could not be reached","type":"server_error","param":null,"code":"connect"}}`, "connect", false},
		{"silent", silent, 504, `"header_timeout"`, "header_timeout", false},
		{"mute", mute, 504, `"idle_timeout"`, "idle_timeout", false},
		{"breaks", breaks, 502, `"cut"`, "cut", false},
		{"503", fails, 503, "upstream's own words\n", "server_error", false},
		{"429", limits, 429, "slow down\n", "rate_limited", false},
		{"pauses", pauses, 200, "data: " + chunk("a"), "idle_timeout", true},
		{"cuts", cuts, 200, "data: " + chunk("a"), "cut", true},
	} {
		for _, fallback := range []bool{false, true} {
			name := c.name
			if fallback {
				name += " with fallback"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				strong, weak := newFake(t, fine), closed(t)
				if c.handler != nil {
					weak = newFake(t, c.handler).URL
				}
				p := start(t, strong.URL, weak, func(s *Settings) {
					s.Fallback, s.HeaderTimeout, s.IdleTimeout = fallback, time.Minute, time.Minute
					switch c.kind { // shorten only the time limit under test
					case "header_timeout":
						s.HeaderTimeout = time.Second
					case "idle_timeout":
						s.IdleTimeout = time.Second
					}
				})
				res, answer, err := p.post(t, "/v1/chat/completions", chat("routellm", easy))
				r := p.records(t, 1)[0]
				if r.Side != "weak" || r.Error != c.kind {
					t.Errorf("logged %+v", r)
				}
				p.metric(t, `upstream_errors_total{kind="`+c.kind+`",side="weak"}`, 1)
				if said := p.log.String(); strings.Contains(said, `msg="model failed" side=weak error=`) != (c.kind != "rate_limited") ||
					strings.Contains(said, "connection refused") != (c.kind == "connect") {
					t.Errorf("the server's log: %s", said)
				}
				if fallback && !c.late {
					if err != nil || res.StatusCode != 200 || answer != completion || res.Header.Get("X-Routellm-Model") != "big" {
						t.Errorf("%v, status %d, %s, %v", err, res.StatusCode, answer, res.Header)
					}
					if !r.Fallback || r.Answered != "strong" || r.AnsweredModel != "big" || r.Status != 200 {
						t.Errorf("logged %+v", r)
					}
					p.metric(t, `fallbacks_total{from="weak"}`, 1)
					return
				}
				if (err != nil) != c.late || res.StatusCode != c.status || !strings.Contains(answer, c.answer) || res.Header.Get("X-Routellm-Model") != "small" {
					t.Errorf("%v, status %d, %s, %v", err, res.StatusCode, answer, res.Header)
				}
				if c.status == 429 && res.Header.Get("Retry-After") != "17" || c.status == 503 && res.Header.Get("X-Reason") == "" {
					t.Errorf("header %v", res.Header)
				}
				if (res.Header.Get("X-Should-Retry") == "false") != (c.status == 504) {
					t.Errorf("header %v", res.Header)
				}
				if r.Fallback || r.Status != c.status || strong.count() > 0 {
					t.Errorf("logged %+v; the strong model got %d requests", r, strong.count())
				}
			})
		}
	}
}

// TestBothFail expects the first model's answer, and one request to each model.
func TestBothFail(t *testing.T) {
	for name, c := range map[string]struct {
		weak, strong http.HandlerFunc
		status       int
		model        string

		first, second string // kinds of failure
	}{
		"limited first": {limits, fails, 429, "small", "rate_limited", "server_error"},
		"broken first":  {breaks, limits, 429, "big", "cut", "rate_limited"}, // the first gave no answer
		"both broken":   {breaks, breaks, 502, "small", "cut", "cut"},
	} {
		t.Run(name, func(t *testing.T) {
			strong, weak := newFake(t, c.strong), newFake(t, c.weak)
			p := start(t, strong.URL, weak.URL, func(s *Settings) { s.Fallback = true })
			res, _, err := p.post(t, "/v1/chat/completions", chat("routellm", easy))
			if err != nil || res.StatusCode != c.status || res.Header.Get("X-Routellm-Model") != c.model || strong.count() != 1 || weak.count() != 1 {
				t.Errorf("%v, status %d, %v; the strong model got %d requests, the weak one %d", err, res.StatusCode, res.Header, strong.count(), weak.count())
			}
			if r := p.records(t, 1)[0]; !r.Fallback || r.Status != c.status {
				t.Errorf("logged %+v", r)
			}
			p.metric(t, `upstream_errors_total{kind="`+c.first+`",side="weak"}`, 1)
			p.metric(t, `upstream_errors_total{kind="`+c.second+`",side="strong"}`, 1)
		})
	}
}

// TestBreaker expects the circuit breaker to open after consecutive failures, to keep
// requests away, and to close again.
func TestBreaker(t *testing.T) {
	broken := make(chan bool, 1)
	broken <- true
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case b := <-broken:
			broken <- b
			fails(w, r)
		default:
			fine(w, r)
		}
	})
	p := start(t, closed(t), f.URL, func(s *Settings) { s.BreakerFailures, s.BreakerCooldown = 3, 2*time.Second })
	ask := func() (*http.Response, string) {
		res, answer, _ := p.post(t, "/v1/chat/completions", chat("routellm", easy))
		return res, answer
	}
	for range 3 {
		ask()
	}
	res, answer := ask()
	if f.count() != 3 || res.StatusCode != 503 || !strings.Contains(answer, `"breaker_open"`) || res.Header.Get("Retry-After") != "3" {
		t.Errorf("the model got %d requests, expected 3; status %d, %s", f.count(), res.StatusCode, answer)
	}
	if !strings.Contains(p.log.String(), `msg="circuit breaker" side=weak state=open`) {
		t.Errorf("the server's log: %s", p.log)
	}
	if res, err := p.Client().Get(p.URL + "/ready"); err != nil || res.StatusCode != 200 {
		t.Errorf("ready: %v, %v", res, err) // the strong model may still answer
	}
	<-broken
	for res.StatusCode != 200 {
		time.Sleep(20 * time.Millisecond)
		res, _ = ask()
	}
	p.metric(t, `breaker_open{side="weak"}`, 0)
}

// TestTrial expects the first byte of a long answer to close the breaker for everyone.
func TestTrial(t *testing.T) {
	let := make(chan bool)
	var broken, asked atomic.Bool
	broken.Store(true)
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case broken.Load():
			fails(w, r)
		case asked.CompareAndSwap(false, true):
			event(w, chunk("a"))
			<-let
		default:
			fine(w, r)
		}
	})
	defer close(let)
	p := start(t, closed(t), f.URL, func(s *Settings) { s.BreakerFailures, s.BreakerTrials, s.BreakerCooldown = 1, 1, 50*time.Millisecond })
	p.post(t, "/v1/chat/completions", chat("routellm", easy))
	broken.Store(false)
	for status := 0; status != 200; time.Sleep(10 * time.Millisecond) {
		res, err := p.Client().Post(p.URL+"/v1/chat/completions", "application/json", strings.NewReader(chat("routellm", easy)))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		status = res.StatusCode
	}
	for range 2 {
		if res, _, err := p.post(t, "/v1/chat/completions", chat("routellm", easy)); err != nil || res.StatusCode != 200 {
			t.Errorf("%v, %v", res, err)
		}
	}
	p.metric(t, `breaker_open{side="weak"}`, 0)
}

func TestRateLimitsDoNotOpenTheBreaker(t *testing.T) {
	f := newFake(t, limits)
	p := start(t, f.URL, f.URL, func(s *Settings) { s.BreakerFailures = 2 })
	for range 5 {
		p.post(t, "/v1/chat/completions", chat("routellm", easy))
	}
	if f.count() != 5 {
		t.Errorf("the model got %d requests, expected 5", f.count())
	}
}

// TestNotReady expects 503 from /ready while no model can be reached.
func TestNotReady(t *testing.T) {
	p := start(t, closed(t), closed(t), func(s *Settings) { s.BreakerFailures, s.Fallback = 1, true })
	p.post(t, "/v1/chat/completions", chat("routellm", easy))
	res, err := p.Client().Get(p.URL + "/ready")
	if err != nil || res.StatusCode != 503 {
		t.Errorf("ready: %v, %v", res, err)
	}
	if res, err := p.Client().Get(p.URL + "/health"); err != nil || res.StatusCode != 200 {
		t.Errorf("health: %v, %v", res, err)
	}
}

// TestRouterFails expects the default side for each way in which a router can fail, and no
// part of the prompt in the log.
func TestRouterFails(t *testing.T) {
	for name, score := range map[string]func(context.Context, string, string) (float64, error){
		"error":   func(_ context.Context, _, text string) (float64, error) { return 0, errors.New("cannot read " + text) },
		"panic":   func(_ context.Context, _, text string) (float64, error) { panic(text) },
		"NaN":     func(context.Context, string, string) (float64, error) { var zero float64; return zero / zero, nil },
		"timeout": func(ctx context.Context, _, _ string) (float64, error) { <-ctx.Done(); return 0, ctx.Err() },
		"deaf":    func(context.Context, string, string) (float64, error) { select {} },
	} {
		t.Run(name, func(t *testing.T) {
			strong, weak := newFake(t, fine), newFake(t, fine)
			p := start(t, strong.URL, weak.URL, func(s *Settings) {
				s.Routers = []Router{{Name: "words", Score: only(score)}}
				s.DefaultSide, s.DecisionTimeout, s.Explore = "weak", 50*time.Millisecond, 1
			})
			res, _, _ := p.post(t, "/v1/chat/completions", chat("routellm", hard))
			if res.StatusCode != 200 || res.Header.Get("X-Routellm-Model") != "small" || res.Header.Get("X-Routellm-Score") != "" {
				t.Errorf("status %d, %v", res.StatusCode, res.Header)
			}
			if r := p.records(t, 1)[0]; r.Decision.Score.Exists() || r.Side != "weak" || r.Propensity != 1 || r.Explored {
				t.Errorf("logged %+v", r)
			}
			p.metric(t, "router_errors_total", 1)
			if said := p.log.String(); strings.Contains(said, "prime") || !strings.Contains(said, `msg="router failed" router=words timeout=`) {
				t.Errorf("the server's log: %s", said)
			}
		})
	}
}

// TestNothingIsSaid runs an upstream whose malformed answer must not end up in an error
// message.
func TestNothingIsSaid(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			conn.Read(make([]byte, 4096))
			io.WriteString(conn, "HTTP/1.1 the-secret-answer\r\n\r\n")
			conn.Close()
		}
	}()
	at := "http://" + ln.Addr().String()
	p := start(t, at, at, nil)
	_, answer, _ := p.post(t, "/v1/chat/completions", chat("routellm", easy))
	p.records(t, 1)
	if all := answer + p.log.String(); strings.Contains(all, "secret") || !strings.Contains(answer, `"cut"`) {
		t.Errorf("the answer and the log: %s", all)
	}
}
