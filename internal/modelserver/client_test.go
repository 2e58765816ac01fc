package modelserver

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/routellm/routellm/internal/modelserver/scripted"
)

// offline returns a client whose requests a script answers, and the pauses that it reported.
func offline(script ...http.HandlerFunc) (*Client, *scripted.Server, *[]time.Duration) {
	s, h := scripted.Offline(script...)
	var pauses []time.Duration
	c := &Client{Timeout: 10 * time.Second, MaxBytes: 1 << 20, Retries: Retries, Lost: 1, Transport: h.Transport, Random: func() float64 { return 0 }}
	c.Paused = func(d time.Duration) { pauses = append(pauses, d) }
	return c, s, &pauses
}

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// in returns a header field's date so long from now.
func in(field, layout string, d time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		scripted.Answer(429, ``, field, time.Now().Add(d).UTC().Format(layout), "Anthropic-Ratelimit-Requests-Remaining", "0")(w, r)
	}
}

// TestWaits has the time between two attempts for what servers say, and whether others pause too.
func TestWaits(t *testing.T) {
	ok := scripted.Answer(200, `{}`)
	answer := scripted.Answer
	for name, c := range map[string]struct {
		first http.HandlerFunc
		wait  time.Duration
		pause bool
	}{
		"seconds":                     {answer(429, ``, "Retry-After", "30"), 30 * time.Second, true},
		"part of a second":            {answer(429, ``, "Retry-After", "1.5"), 1500 * time.Millisecond, true},
		"0 seconds":                   {answer(429, ``, "Retry-After", "0"), 0, true},
		"an hour":                     {answer(503, ``, "Retry-After", "3600"), MaxWait, true},
		"more than a duration holds":  {answer(503, ``, "Retry-After", "1e30"), MaxWait, true},
		"milliseconds":                {answer(429, ``, "Retry-After-Ms", "250", "Retry-After", "9"), 250 * time.Millisecond, true},
		"a date":                      {in("Retry-After", http.TimeFormat, 40*time.Second), 40 * time.Second, true},
		"an old form of dates":        {in("Retry-After", time.ANSIC, 40*time.Second), 40 * time.Second, true},
		"a past date":                 {in("Retry-After", http.TimeFormat, -time.Hour), 0, true},
		"no number":                   {answer(429, ``, "Retry-After", "soon"), firstWait, true},
		"a negative number":           {answer(429, ``, "Retry-After", "-5"), firstWait, true},
		"not a number":                {answer(429, ``, "Retry-After", "NaN"), firstWait, true},
		"429 alone":                   {answer(429, ``), firstWait, true},
		"500 alone":                   {answer(500, ``), firstWait, false},
		"500 with seconds":            {answer(500, ``, "Retry-After", "3"), 3 * time.Second, true},
		"529":                         {answer(529, ``), firstWait, false},
		"OpenAI's requests":           {answer(429, ``, "X-Ratelimit-Remaining-Requests", "0", "X-Ratelimit-Reset-Requests", "8.64s"), 8640 * time.Millisecond, true},
		"OpenAI's, both used up":      {answer(429, ``, "X-Ratelimit-Remaining-Requests", "0", "X-Ratelimit-Reset-Requests", "20ms", "X-Ratelimit-Remaining-Tokens", "0", "X-Ratelimit-Reset-Tokens", "0m6s"), 6 * time.Second, true},
		"a limit that is not used up": {answer(429, ``, "X-Ratelimit-Remaining-Requests", "9", "X-Ratelimit-Reset-Requests", "50s"), firstWait, true},
		"seconds of a limit":          {answer(429, ``, "X-Ratelimit-Remaining", "0", "X-Ratelimit-Reset", "7"), 7 * time.Second, true},
		"Anthropic's date":            {in("Anthropic-Ratelimit-Requests-Reset", time.RFC3339, 12*time.Second), 12 * time.Second, true},
		"dropped":                     {scripted.Drop, firstWait, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, s, pauses := offline(c.first, ok)
				start := time.Now()
				r, err := client.Do(t.Context(), http.MethodPost, s.URL, []byte(`{}`))
				if wait := time.Since(start); err != nil || wait != c.wait || r.Attempts != 2 || len(s.Requests()) != 2 || r.Latency != 0 {
					t.Errorf("waited %v, want %v: %+v, %v", wait, c.wait, r, err)
				}
				if want := map[bool][]time.Duration{true: {c.wait}}[c.pause]; !slices.Equal(*pauses, want) {
					t.Errorf("pauses %v, want %v", *pauses, want)
				}
			})
		})
	}
}

// TestResetAsATime has the times that OpenRouter and others write.
func TestResetAsATime(t *testing.T) {
	now := time.UnixMilli(1_700_000_000_000)
	for value, want := range map[string]time.Duration{
		"1700000009000": 9 * time.Second, "1700000009": 9 * time.Second, "1699999999": 0, "9e99": MaxWait, "1m30s": MaxWait, "10": 10 * time.Second,
		"2023-11-14T22:13:50Z": 30 * time.Second, "-3": -1, "x": -1, "": -1, "NaN": -1, "-3s": 0,
	} {
		if got, ok := reset(value, now); ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %v, %v, want %v", value, got, ok, want)
		}
	}
}

// TestAttempts has the number of attempts for answers that repeat.
func TestAttempts(t *testing.T) {
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		attempts int
	}{
		"200": {scripted.Answer(200, ``), 1}, "400": {scripted.Answer(400, ``), 1}, "404": {scripted.Answer(404, ``), 1},
		"408": {scripted.Answer(408, ``), 6}, "409": {scripted.Answer(409, ``), 6}, "429": {scripted.Answer(429, ``), 6}, "500": {scripted.Answer(500, ``), 6},
		"told to":                 {scripted.Answer(400, ``, "X-Should-Retry", "true"), 6},
		"told not to":             {scripted.Answer(500, ``, "X-Should-Retry", "false"), 1},
		"told to retry an answer": {scripted.Answer(200, ``, "X-Should-Retry", "true"), 1},
		"no credit left":          {scripted.Answer(429, `{"error": {"code": "insufficient_quota"}}`), 1},
		"no answer":               {hang, 2},
		"cut":                     {scripted.CutBody(`{"a":`), 2},
		"dropped":                 {scripted.Drop, 6},
		"too large":               {scripted.Answer(200, strings.Repeat("x", 1<<20+1)), 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, s, _ := offline(c.answer)
				r, err := client.Do(t.Context(), http.MethodPost, s.URL, []byte(`{}`))
				if r.Attempts != c.attempts || len(s.Requests()) != c.attempts {
					t.Errorf("%d attempts, %d requests, want %d: %v", r.Attempts, len(s.Requests()), c.attempts, err)
				}
				for _, sent := range s.Requests() {
					if sent.Body != `{}` {
						t.Errorf("sent %q", sent.Body)
					}
				}
			})
		})
	}
}

// TestBackOff has the waits if a server only fails, with the least and the most that chance adds.
func TestBackOff(t *testing.T) {
	for random, want := range map[float64]time.Duration{0: 15500 * time.Millisecond, 1: 11625 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			client, s, _ := offline(scripted.Answer(500, ``))
			client.Random = func() float64 { return random }
			start := time.Now()
			r, err := client.Do(t.Context(), http.MethodPost, s.URL, []byte(`{}`))
			if time.Since(start) != want || err != nil || r.Status != 500 {
				t.Errorf("waited %v, want %v: %v", time.Since(start), want, err)
			}
		})
	}
}

func TestCancelledWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, s, _ := offline(scripted.Answer(429, ``, "Retry-After", "50"))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		start := time.Now()
		_, err := client.Do(ctx, http.MethodPost, s.URL, []byte(`{}`))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 20*time.Second || len(s.Requests()) != 1 {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

// TestRedirects checks that a key and a POST reach only the server that they are for.
func TestRedirects(t *testing.T) {
	other := scripted.Start(t, scripted.Answer(200, `other`))
	mux := http.NewServeMux()
	to := func(where string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, where, status) }
	}
	mux.HandleFunc("/moved", to("/here", 308))
	mux.HandleFunc("/get", to("/here", 302))
	mux.HandleFunc("/away", to(other.URL, 307))
	mux.HandleFunc("/around", to("/around", 307))
	mux.HandleFunc("/here", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(r.Method + r.Header.Get("X-Api-Key")))
	})
	h := httptest.NewServer(mux)
	t.Cleanup(h.Close)
	c := &Client{Header: http.Header{"X-Api-Key": {"k"}}, Timeout: time.Minute, MaxBytes: 100}
	for path, want := range map[string]int{"/moved": 200, "/get": 302, "/away": 307, "/around": 307} {
		r, err := c.Do(t.Context(), http.MethodPost, h.URL+path, []byte(`{}`))
		if err != nil || r.Status != want || want == 200 && string(r.Body) != "POSTk" {
			t.Errorf("%s: %d %s, want %d: %v", path, r.Status, r.Body, want, err)
		}
	}
	if len(other.Requests()) != 0 {
		t.Error("the key went to another server")
	}
}

func TestErrorsInside200(t *testing.T) {
	client, s, _ := offline(scripted.Answer(200, `bad`))
	client.Status = func(status int, body []byte) int { return 418 }
	r, err := client.Do(t.Context(), http.MethodPost, s.URL, []byte(`{}`))
	if got := Refused("a", "", r).Error(); err != nil || r.Status != 418 || got != `"a" answered 200 OK with the error 418 I'm a teapot: "bad"` {
		t.Errorf("%s, %v", got, err)
	}
}
