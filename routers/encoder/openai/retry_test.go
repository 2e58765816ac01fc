package openai

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/routellm/routellm/internal/hint"

	"github.com/routellm/routellm/internal/modelserver"
	"github.com/routellm/routellm/internal/modelserver/scripted"
)

// offline returns an encoder whose requests a script answers.
func offline(t *testing.T, o Options, script ...http.HandlerFunc) (*Encoder, *scripted.Server) {
	t.Helper()
	s, client := scripted.Offline(script...)
	o.BaseURL = s.URL + "/v1"
	e := newEncoder(t, o)
	e.client.Transport = client.Transport
	return e, s
}

// waited returns the time that a call took by the test's clock.
func waited(e *Encoder, texts ...string) (time.Duration, error) {
	start := time.Now()
	_, err := e.Encode(context.Background(), texts)
	return time.Since(start), err
}

func TestRefusals(t *testing.T) {
	const tried = "such requests are tried 6 times, with waits of at most 1m0s"
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		requests int
		err      string
		hints    []string
	}{
		"401": {scripted.Answer(401, `{"error":{"message":"bad key sk-1, sorry"}}`), 1, `"http://model/v1/embeddings" answered 401 Unauthorized: "bad key (the key), sorry"`,
			[]string{"check OPENAI_API_KEY: the key is missing, wrong or not for this model"}},
		"403": {scripted.Answer(403, ``), 1, `"http://model/v1/embeddings" answered 403 Forbidden`,
			[]string{"check OPENAI_API_KEY: the key is missing, wrong or not for this model"}},
		"404": {scripted.Answer(404, `{"error":"no such thing"}`), 1, `"http://model/v1/embeddings" answered 404 Not Found: "{\"error\":\"no such thing\"}"`,
			[]string{`check that the server has the model "m"`, "most addresses end in /v1"}},
		"400": {scripted.Answer(400, `{"error":{"message":"too long"}}`), 1, `prompt 1 (first of a batch of 2): "http://model/v1/embeddings" answered 400 Bad Request: "too long"`,
			[]string{"a prompt may be too long for the model"}},
		"429": {scripted.Answer(429, `{"error":{"message":"slow down"}}`), 6, `"http://model/v1/embeddings" answered 429 Too Many Requests: "slow down"`,
			[]string{tried + ": run it again later"}},
		"429, no credit": {scripted.Answer(429, `{"error":{"code":"insufficient_quota"}}`), 1, `"http://model/v1/embeddings" answered 429 Too Many Requests: "{\"error\":{\"code\":\"insufficient_quota\"}}"`,
			[]string{"the account has no credit left: waiting does not help"}},
		"429, an hour": {scripted.Answer(429, ``, "Retry-After", "3600"), 6, `"http://model/v1/embeddings" answered 429 Too Many Requests`,
			[]string{`the server says to retry after "3600"`, tried}},
		"429, a far date": {scripted.Answer(429, ``, "Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT"), 6, `"http://model/v1/embeddings" answered 429 Too Many Requests`,
			[]string{`the server says to retry after "Fri, 31 Dec 2100 23:59:59 GMT"`, tried}},
		"500": {scripted.Answer(500, `boom`), 6, `prompt 1 (first of a batch of 2): "http://model/v1/embeddings" answered 500 Internal Server Error: "boom"`,
			[]string{tried + ": see the server's log"}},
		"503": {scripted.Answer(503, ``), 6, `prompt 1 (first of a batch of 2): "http://model/v1/embeddings" answered 503 Service Unavailable`,
			[]string{tried + ": see the server's log"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e, s := offline(t, Options{Model: "m", Key: "sk-1"}, c.answer)
				wait, err := waited(e, "a", "b")
				if err == nil || err.Error() != c.err || len(s.Requests()) != c.requests {
					t.Errorf("after %d requests, want %d: error\n%v, want\n%v", len(s.Requests()), c.requests, err, c.err)
				}
				if got := strings.Join(hint.Of(err), "\n"); got != strings.Join(c.hints, "\n") {
					t.Errorf("hints\n%s, want\n%s", got, strings.Join(c.hints, "\n"))
				}
				long := strings.Contains(name, ", a")
				if long && wait != modelserver.Retries*modelserver.MaxWait {
					t.Errorf("waited %v, want %v", wait, modelserver.Retries*modelserver.MaxWait)
				}
				// 0.5 + 1 + 2 + 4 + 8 seconds, each shortened by up to a
				// quarter.
				if c.requests == 6 && !long && (wait > 15500*time.Millisecond || wait < 11600*time.Millisecond) || c.requests == 1 && wait != 0 {
					t.Errorf("waited %v", wait)
				}
			})
		})
	}
}

func TestRetriesThatSucceed(t *testing.T) {
	for name, c := range map[string]struct {
		script   []http.HandlerFunc
		min, max time.Duration
	}{
		"429 with seconds":   {[]http.HandlerFunc{scripted.Answer(429, ``, "Retry-After", "30"), embed}, 30 * time.Second, 30 * time.Second},
		"429 at the limit":   {[]http.HandlerFunc{scripted.Answer(429, ``, "Retry-After", "60"), embed}, time.Minute, time.Minute},
		"429 with a date":    {[]http.HandlerFunc{dated(40 * time.Second), embed}, 40 * time.Second, 40 * time.Second},
		"429 at a past date": {[]http.HandlerFunc{dated(-time.Hour), embed}, 0, 0},
		"429 without":        {[]http.HandlerFunc{scripted.Answer(429, ``), embed}, 375 * time.Millisecond, 500 * time.Millisecond},
		"500, then 502":      {[]http.HandlerFunc{scripted.Answer(500, ``), scripted.Answer(502, ``), embed}, 1125 * time.Millisecond, 1500 * time.Millisecond},
		"always for a minute": {[]http.HandlerFunc{
			scripted.Answer(503, ``, "Retry-After", "60"), scripted.Answer(503, ``, "Retry-After", "60"), scripted.Answer(503, ``, "Retry-After", "60"),
			scripted.Answer(503, ``, "Retry-After", "60"), scripted.Answer(503, ``, "Retry-After", "60"), embed}, 5 * time.Minute, 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e, s := offline(t, Options{}, c.script...)
				wait, err := waited(e, "a")
				if err != nil || len(s.Requests()) != len(c.script) || wait < c.min || wait > c.max {
					t.Errorf("%d requests in %v, want %d in %v to %v: %v", len(s.Requests()), wait, len(c.script), c.min, c.max, err)
				}
			})
		})
	}
}

func dated(wait time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		scripted.Answer(429, ``, "Retry-After", time.Now().Add(wait).UTC().Format(http.TimeFormat))(w, r)
	}
}

func TestNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, s := offline(t, Options{}, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		wait, err := waited(e, "a")
		if err == nil || err.Error() != `no answer from "http://model/v1/embeddings" within 2m0s` || len(hint.Of(err)) != 1 {
			t.Errorf("error %v", err)
		}
		if wait != timeout || len(s.Requests()) != 1 {
			t.Errorf("%d requests in %v", len(s.Requests()), wait)
		}
	})
}

func TestCancelledWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, s := offline(t, Options{}, scripted.Answer(429, ``, "Retry-After", "50"))
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		start := time.Now()
		_, err := e.Encode(ctx, []string{"a"})
		if time.Since(start) != 20*time.Second || len(s.Requests()) != 1 || err == nil ||
			err.Error() != `asking "http://model/v1/embeddings": context deadline exceeded` {
			t.Errorf("error %v after %v and %d requests", err, time.Since(start), len(s.Requests()))
		}
	})
}

func TestAtMostFourRequestsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		e, s := offline(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(time.Second)
			now.Add(-1)
			scripted.Answer(200, `{"data":[{"index":0,"embedding":[1]}]}`)(w, r)
		})
		start, long := time.Now(), strings.Repeat("x", maxBytes)
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() {
				if _, err := e.Encode(context.Background(), []string{long, long, long, long}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if most.Load() != 4 || len(s.Requests()) != 12 || time.Since(start) != 3*time.Second {
			t.Errorf("%d at once, %d in all, %v", most.Load(), len(s.Requests()), time.Since(start))
		}
	})
}
