package serve

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// says returns a handler that answers with a status and a text.
func says(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// streams returns a handler whose stream begins with an event.
func streams(data string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		event(w, data)
	}
}

func (p *proxied) ready(t *testing.T) (status int, answer string) {
	t.Helper()
	res, answer := p.do(t, "GET", "/ready", "")
	return res.StatusCode, answer
}

// TestRefusals has weak servers that refuse every request, for which the client must not be
// blamed.
func TestRefusals(t *testing.T) {
	const own = "upstream's own words"
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		code    string
		status  string // in the metric
	}{
		"dead key":       {says(401, `{"error": {"message": "`+own+`"}}`), "upstream_credentials", "401"},
		"no credit":      {says(402, own), "upstream_credentials", "402"},
		"not allowed":    {says(403, own), "upstream_credentials", "403"},
		"Gemini's key":   {says(400, `[{"error": {"code": 400, "message": "API key not valid. `+own+`", "status": "INVALID_ARGUMENT"}}]`), "upstream_credentials", "400"},
		"no model":       {says(404, `{"error": {"message": "`+own+`", "code": "model_not_found"}}`), "upstream_model_not_found", "404"},
		"no address":     {says(404, own), "upstream_model_not_found", "404"},
		"invalid model":  {says(400, `{"error": {"message": "tiny is not a valid model ID, `+own+`", "code": 400}}`), "upstream_model_not_found", "400"},
		"redirect":       {says(307, own), "upstream_redirect", "3xx"},
		"key, in stream": {streams(`{"error": {"code": 401, "message": "` + own + `"}}`), "upstream_credentials", "401"},
	} {
		for _, fallback := range []bool{false, true} {
			t.Run(fmt.Sprint(name, " fallback ", fallback), func(t *testing.T) {
				t.Parallel()
				var well atomic.Bool
				strong := newFake(t, fine)
				weak := newFake(t, func(w http.ResponseWriter, r *http.Request) {
					if well.Load() {
						fine(w, r)
						return
					}
					c.handler(w, r)
				})
				p := start(t, strong.URL, weak.URL, func(s *Settings) { s.Fallback, s.BreakerFailures, s.BreakerVolume = fallback, 2, 2 })
				for range 3 { // the breaker stays closed
					res, answer, _ := p.post(t, "/v1/chat/completions", chat("routellm", easy))
					if fallback {
						if res.StatusCode != 200 || answer != completion {
							t.Errorf("status %d, %s", res.StatusCode, answer)
						}
						continue
					}
					if res.StatusCode != 502 || !strings.Contains(answer, `"code":"`+c.code+`"`) || strings.Contains(answer, own) ||
						res.Header.Get("X-Should-Retry") != "false" || res.Header.Get("Location") != "" {
						t.Errorf("status %d, %s, %v", res.StatusCode, answer, res.Header)
					}
				}
				if r := p.records(t, 3)[0]; r.Error != c.code || r.Fallback != fallback {
					t.Errorf("logged %+v", r)
				}
				p.metric(t, `upstream_refusals_total{side="weak",status="`+c.status+`"}`, 3)
				p.metric(t, `upstream_errors_total{kind="`+c.code+`",side="weak"}`, 3)
				said := p.log.String()
				if strings.Count(said, `msg="model refuses every request" side=weak`) != 1 || strings.Contains(said, own) {
					t.Errorf("the server's log: %s", said)
				}
				status, ready := p.ready(t)
				if status != 200 || !strings.Contains(ready, `{"side":"weak","breaker":"closed","refusal":{"code":"`+c.code+`"`) || !strings.Contains(ready, `{"side":"strong","breaker":"closed"}`) {
					t.Errorf("ready: %d, %s", status, ready)
				}
				well.Store(true)
				p.post(t, "/v1/chat/completions", chat("routellm", easy))
				if _, ready := p.ready(t); strings.Contains(ready, "refusal") {
					t.Errorf("ready after an answer: %s", ready)
				}
			})
		}
	}
}

// TestNoSideLeft expects /ready to say 503 while both servers refuse their keys, but not for less
// refusals than open a breaker, and only until the cooldown ends.
func TestNoSideLeft(t *testing.T) {
	dead := newFake(t, says(401, ""))
	p := start(t, dead.URL, dead.URL, func(s *Settings) { s.BreakerFailures, s.BreakerCooldown, s.Fallback = 2, time.Hour, true })
	p.post(t, "/v1/chat/completions", chat("routellm", easy))
	if status, _ := p.ready(t); status != 200 {
		t.Errorf("ready after one refusal each: %d", status)
	}
	p.post(t, "/v1/chat/completions", chat("routellm", easy))
	if status, answer := p.ready(t); status != 503 || !strings.Contains(answer, "no model can answer") {
		t.Errorf("ready after two refusals each: %d, %s", status, answer)
	}
}

// TestPassedOn has errors that are the client's to see, unchanged.
func TestPassedOn(t *testing.T) {
	for name, c := range map[string]struct {
		path    string
		status  int
		body    string
		own     bool // the client's key goes to the models
		refused bool
	}{
		"its own key":         {status: 401, body: "no such key", own: true},
		"its own credit":      {status: 402, body: "no credit", own: true},
		"its own rights":      {status: 403, body: "not for you", own: true},
		"flagged":             {status: 403, body: `{"error": {"message": "your input was flagged", "code": 403}}`},
		"its conversation":    {status: 404, body: `{"error": {"message": "Conversation with id 'conv_1' not found.", "param": null, "code": null}}`},
		"a wrong parameter":   {status: 400, body: `{"error": {"message": "temperature must be at most 2", "code": null}}`},
		"too many requests":   {status: 429, body: `{"error": {"message": "slow down", "code": "rate_limit_exceeded"}}`},
		"no quota":            {status: 429, body: `{"error": {"message": "pay", "code": "insufficient_quota"}}`, refused: true},
		"its own quota":       {status: 429, body: `{"error": {"message": "pay", "code": "insufficient_quota"}}`, own: true},
		"a long error":        {status: 422, body: strings.Repeat("x", 200_000)},
		"a long server error": {status: 500, body: strings.Repeat("x", 200_000)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, says(c.status, c.body))
			p := start(t, f.URL, f.URL, func(s *Settings) { s.ForwardClientKey = c.own })
			res, answer, err := p.post(t, "/v1/chat/completions", chat("routellm", easy))
			if err != nil || res.StatusCode != c.status || answer != c.body || res.Header.Get("Location") == "" {
				t.Errorf("%v, status %d, %.200s", err, res.StatusCode, answer)
			}
			if _, ready := p.ready(t); strings.Contains(ready, "refusal") != c.refused {
				t.Errorf("ready: %s", ready)
			}
		})
	}
}

// TestUnfit has requests that the weak model cannot serve.
func TestUnfit(t *testing.T) {
	image := `{"model": "routellm", "messages": [{"role": "user", "content": [{"type": "text", "text": "what is this"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}]}]}`
	tool := `{"model": "routellm", "messages": [{"role": "user", "content": "what time is it"}], "tools": [{"type": "function", "function": {"name": "clock"}}]}`
	for name, c := range map[string]struct {
		request string
		status  int
		body    string
		kind    string
	}{
		"long":              {chat("routellm", easy), 400, `{"error": {"message": "too long", "code": "context_length_exceeded"}}`, "context_length"},
		"long for vLLM":     {chat("routellm", easy), 400, `{"object": "error", "message": "This model's maximum context length is 8192 tokens", "code": 400}`, "context_length"},
		"long for a proxy":  {chat("routellm", easy), 413, "<html>", "context_length"},
		"image":             {image, 400, `{"error": {"message": "this model does not support image inputs"}}`, "unsupported_input"},
		"image, llama.cpp":  {image, 500, `{"error": {"code": 500, "message": "image input is not supported - hint: mmproj", "type": "server_error"}}`, "unsupported_input"},
		"tools, llama.cpp":  {tool, 500, `{"error": {"code": 500, "message": "tools param requires --jinja flag", "type": "server_error"}}`, "unsupported_input"},
		"long, in a stream": {chat("routellm", easy), 200, "data: {\"error\": {\"code\": 400, \"message\": \"exceeds the context size\"}}\n\n", "context_length"},
	} {
		handler := says(c.status, c.body)
		if c.status == 200 {
			handler = streams(strings.TrimSuffix(strings.TrimPrefix(c.body, "data: "), "\n\n"))
		}
		for _, other := range []string{"none", "answers", "fails"} {
			t.Run(name+", other "+other, func(t *testing.T) {
				t.Parallel()
				strong, weak := newFake(t, fine), newFake(t, handler)
				if other == "fails" {
					strong = newFake(t, fails)
				}
				p := start(t, strong.URL, weak.URL, func(s *Settings) {
					s.Fallback, s.BreakerFailures, s.BreakerVolume = other != "none", 1, 1
				})
				for range 3 {
					res, answer, _ := p.post(t, "/v1/chat/completions", c.request)
					want, body := c.status, c.body
					if other == "answers" {
						want, body = 200, completion
					}
					if res.StatusCode != want || answer != body || (res.Header.Get("X-Should-Retry") == "false") != (want >= 400) {
						t.Errorf("status %d, %s, %v", res.StatusCode, answer, res.Header)
					}
				}
				if weak.count() != 3 {
					t.Errorf("the weak model got %d requests, expected 3: the breaker is open", weak.count())
				}
				if r := p.records(t, 3)[0]; r.Error != c.kind || r.Fallback != (other != "none") {
					t.Errorf("logged %+v", r)
				}
				p.metric(t, `upstream_errors_total{kind="`+c.kind+`",side="weak"}`, 3)
				if strings.Contains(p.log.String(), `msg="model failed" side=weak`) {
					t.Errorf("the server's log: %s", p.log)
				}
			})
		}
	}
}

// TestIllness expects statuses that say that the server cannot answer anyone to open the breaker,
// and others not, unless they are most of many.
func TestIllness(t *testing.T) {
	for status, opens := range map[int]bool{502: true, 503: true, 504: true, 522: true, 529: true, 500: false, 501: false, 507: false, 400: false, 409: false, 429: false} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			f := newFake(t, says(status, ""))
			p := start(t, f.URL, f.URL, func(s *Settings) { s.BreakerFailures, s.BreakerCooldown = 3, time.Hour })
			for range 4 {
				res, _, _ := p.post(t, "/v1/chat/completions", chat("routellm", easy))
				if res.StatusCode == status && (res.Header.Get("X-Should-Retry") == "false") != (status == 504) {
					t.Errorf("header %v", res.Header)
				}
			}
			if (f.count() == 3) != opens {
				t.Errorf("the model got %d of 4 requests", f.count())
			}
		})
	}
}

// TestRateOf500 expects status 500 to open the breaker once it is the answer to half of many
// requests.
func TestRateOf500(t *testing.T) {
	f := newFake(t, says(500, ""))
	p := start(t, f.URL, f.URL, func(s *Settings) { s.BreakerCooldown = time.Hour })
	for range 30 {
		p.post(t, "/v1/chat/completions", chat("routellm", easy))
	}
	if f.count() != 20 {
		t.Errorf("the model got %d of 30 requests, expected 20", f.count())
	}
}
