package causal

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

	"github.com/routellm/routellm/internal/modelserver/scripted"
)

// offline returns a router whose requests a script answers.
func offline(t *testing.T, o Options, script ...http.HandlerFunc) (*Router, *scripted.Server) {
	t.Helper()
	s, client := scripted.Offline(script...)
	o.Endpoint, o.Model = s.URL+"/v1", "m"
	r := newRouter(t, o)
	r.answers.(*server).client.Transport = client.Transport
	return r, s
}

func TestRefusals(t *testing.T) {
	const chat, tried = `sample "p1": "http://model/v1/chat/completions" answered `, "such requests are tried 6 times, with waits of at most 1m0s"
	for name, c := range map[string]struct {
		api      string
		answer   http.HandlerFunc
		requests int
		err      string
		hints    []string
	}{
		"401": {Chat, scripted.Answer(401, `{"error":{"message":"bad key sk-1, sorry"}}`), 1, chat + `401 Unauthorized: "bad key (the key), sorry"`,
			[]string{"check OPENAI_API_KEY: the key is missing, wrong or not for this model"}},
		"403": {Chat, scripted.Answer(403, ``), 1, chat + `403 Forbidden`, []string{"check OPENAI_API_KEY: the key is missing, wrong or not for this model"}},
		"404": {Chat, scripted.Answer(404, `{"error":"no such model"}`), 1, chat + `404 Not Found: "{\"error\":\"no such model\"}"`,
			[]string{`check that the server has the model "m"`, "most addresses end in /v1"}},
		"404, llama.cpp": {LlamaCPP, scripted.Answer(404, ``), 1, `sample "p1": "http://model/tokenize" answered 404 Not Found`,
			[]string{`the API "llamacpp" needs a recent version of llama.cpp's own server`}},
		"400": {Completions, scripted.Answer(400, `{"error":{"message":"logprobs: at most 5"}}`), 1, `sample "p1": "http://model/v1/completions" answered 400 Bad Request: "logprobs: at most 5"`,
			[]string{"the prompt may be too long for the model", "some servers report at most 5 tokens, others at most 20"}},
		"429":           {Chat, scripted.Answer(429, ``), 6, chat + `429 Too Many Requests`, []string{tried + ": run it again later"}},
		"429, an hour":  {Chat, scripted.Answer(429, ``, "Retry-After", "3600"), 6, chat + `429 Too Many Requests`, []string{`the server says to retry after "3600"`, tried}},
		"500":           {Chat, scripted.Answer(500, strings.Repeat("x", 400)), 6, chat + `500 Internal Server Error: "` + strings.Repeat("x", 300) + `..."`, []string{tried + ": see the server's log"}},
		"503 llama.cpp": {LlamaCPP, scripted.Answer(503, `{"error":{"message":"Loading model"}}`), 6, `sample "p1": "http://model/tokenize" answered 503 Service Unavailable: "Loading model"`, []string{tried + ": see the server's log"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, s := offline(t, Options{API: c.api, Key: "sk-1"}, c.answer)
				_, err := r.Scores(context.Background(), prompts("a"))
				if err == nil || err.Error() != c.err || len(s.Requests()) != c.requests {
					t.Errorf("after %d requests, want %d: error\n%v, want\n%v", len(s.Requests()), c.requests, err, c.err)
				}
				if got := strings.Join(hint.Of(err), "\n"); got != strings.Join(c.hints, "\n") {
					t.Errorf("hints\n%s, want\n%s", got, strings.Join(c.hints, "\n"))
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
		"429 with seconds": {[]http.HandlerFunc{scripted.Answer(429, ``, "Retry-After", "30")}, 30 * time.Second, 30 * time.Second},
		"429 without":      {[]http.HandlerFunc{scripted.Answer(429, ``)}, 375 * time.Millisecond, 500 * time.Millisecond},
		"500, then 502":    {[]http.HandlerFunc{scripted.Answer(500, ``), scripted.Answer(502, ``)}, 1125 * time.Millisecond, 1500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, s := offline(t, Options{}, append(c.script, scripted.Answer(200, content))...)
				start := time.Now()
				_, err := r.Scores(context.Background(), prompts("a"))
				if wait := time.Since(start); err != nil || len(s.Requests()) != len(c.script)+1 || wait < c.min || wait > c.max {
					t.Errorf("%d requests in %v, want %v to %v: %v", len(s.Requests()), wait, c.min, c.max, err)
				}
			})
		})
	}
}

func TestNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s := offline(t, Options{Timeout: 7 * time.Second}, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		start := time.Now()
		_, err := r.Scores(context.Background(), prompts("a"))
		if err == nil || err.Error() != `sample "p1": no answer from "http://model/v1/chat/completions" within 7s` || len(hint.Of(err)) != 1 {
			t.Errorf("error %v", err)
		}
		if time.Since(start) != 7*time.Second || len(s.Requests()) != 1 {
			t.Errorf("%d requests in %v", len(s.Requests()), time.Since(start))
		}
	})
}

// TestAFailedStartIsTriedAgain covers the requests that llama.cpp's server gets once.
func TestAFailedStartIsTriedAgain(t *testing.T) {
	r, s := offline(t, Options{API: LlamaCPP}, llama, scripted.Answer(401, ``), llama)
	if _, err := r.Scores(context.Background(), prompts("a")); err == nil || len(s.Requests()) != 2 {
		t.Errorf("error %v after %d requests", err, len(s.Requests()))
	}
	for _, requests := range []int{2 + 8, 2 + 8 + 1} {
		if got, err := r.Scores(context.Background(), prompts("a")); err != nil || got[0] != 0.75 || len(s.Requests()) != requests {
			t.Errorf("%v, %v after %d requests, want %d", got, err, len(s.Requests()), requests)
		}
	}
}

func TestRequestsAtOnce(t *testing.T) {
	for want, o := range map[int64]Options{4: {}, 2: {Concurrency: 2}} {
		synctest.Test(t, func(t *testing.T) {
			var now, most atomic.Int64
			r, s := offline(t, o, func(w http.ResponseWriter, r *http.Request) {
				if n := now.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Second)
				now.Add(-1)
				scripted.Answer(200, content)(w, r)
			})
			var wait sync.WaitGroup
			for range 3 {
				wait.Go(func() {
					if _, err := r.Scores(context.Background(), numbered(8)); err != nil {
						t.Error(err)
					}
				})
			}
			wait.Wait()
			if most.Load() != want || len(s.Requests()) != 24 {
				t.Errorf("%d at once, want %d; %d in all", most.Load(), want, len(s.Requests()))
			}
		})
	}
}
