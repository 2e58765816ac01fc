package serve

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/prices"
	"github.com/routellm/routellm/results"
	"github.com/routellm/routellm/routers"
)

// unsure scores an answer by its mean log-probability, the other way round, or 0.5 if that is not
// known. The tests' threshold is 1.
var unsure = Router{Name: "unsure", Needs: routers.AnswerNeeds{Text: true, Logprobs: true, Entropy: true}, Judge: func(_ context.Context, _, _ string, a routers.Answer) (float64, error) {
	if math.IsNaN(a.LogprobMean) {
		return 0.5, nil
	}
	return -a.LogprobMean, nil
}}

// shortest scores an answer by its text alone, as unsure scores those of certain and torn.
var shortest = Router{Name: "shortest", Needs: routers.AnswerNeeds{Text: true}, Judge: func(_ context.Context, _, _ string, a routers.Answer) (float64, error) {
	return map[string]float64{"from small": 0.1, "from small?": 3}[a.Text], nil
}}

// cascade makes a server ask the weak model first.
func cascade(s *Settings) {
	s.Routers, s.Threshold = []Router{unsure}, 1
	s.ModelPrices = prices.Table{"big": {Input: 100, Output: 100, Cached: 100}, "small": {Input: 1, Output: 1, Cached: 1}}
}

// model is what a scripted model's server answers.
type model struct {
	text    string
	logprob float64 // of each of its two tokens
	tools   bool
}

// ServeHTTP answers in the form that the request asks for: with log-probabilities and with token counts
// only if it does.
func (m model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Stream   bool
		Logprobs any
		Top      int             `json:"top_logprobs"`
		Options  map[string]bool `json:"stream_options"`
	}
	raw, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(raw, &asked)
	content, logprobs, finish := fmt.Sprintf("%q", m.text), "null", "stop"
	if asked.Logprobs != nil && asked.Logprobs != false {
		logprobs = fmt.Sprintf(`{"content":[{"token":"a","logprob":%v,"top_logprobs":[%s]},{"token":"b","logprob":%v,"top_logprobs":[]}]}`,
			m.logprob, strings.Repeat(`{"token":"x","logprob":-3},`, max(asked.Top-1, 0))+`{"token":"y","logprob":-3}`, m.logprob)
	}
	calls := ""
	if m.tools {
		content, finish, calls = "null", "tool_calls", `,"tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]`
	}
	const usage = `{"prompt_tokens":10,"completion_tokens":2}`
	switch {
	case strings.HasSuffix(r.URL.Path, "/messages") && asked.Stream:
		w.Header().Set("Content-Type", "text/event-stream")
		for _, data := range []string{`{"type":"message_start","message":{"usage":{"input_tokens":10,"output_tokens":1}}}`, `{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`,
			`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":` + content + `}}`, `{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}`, `{"type":"message_stop"}`} {
			event(w, data)
		}
	case strings.HasSuffix(r.URL.Path, "/messages"):
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"type":"message","content":[{"type":"text","text":%s}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":2}}`, content)
	case asked.Stream:
		w.Header().Set("Content-Type", "text/event-stream")
		event(w, fmt.Sprintf(`{"choices":[{"index":0,"delta":{"content":%s%s},"text":%s,"logprobs":%s,"finish_reason":null}]}`, content, calls, content, logprobs))
		event(w, fmt.Sprintf(`{"choices":[{"index":0,"delta":{},"text":"","logprobs":null,"finish_reason":%q}]}`, finish))
		if asked.Options["include_usage"] {
			event(w, `{"choices":[],"usage":`+usage+`}`)
		}
		event(w, "[DONE]")
	default:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"choices":[{"index":0,"finish_reason":%q,"message":{"role":"assistant","content":%s%s},"text":%s,"logprobs":%s}],"usage":%s}`, finish, content, calls, content, logprobs, usage)
	}
}

// newModel starts the server of a scripted model.
func newModel(t testing.TB, m model) *fake {
	return newFake(t, m.again)
}

// again answers a request whose body has been read, as newFake does, and put back.
func (m model) again(w http.ResponseWriter, r *http.Request) { m.ServeHTTP(w, r) }

var (
	big     = model{text: "from big", logprob: -0.1}
	certain = model{text: "from small", logprob: -0.1}
	torn    = model{text: "from small?", logprob: -3}
)

// asks is a request to an endpoint.
type asks struct{ path, body string }

// endpoints has a request to each endpoint of which answers are held back, plain and as a stream.
func endpoints() (out []asks) {
	for _, stream := range []string{"", `,"stream":true`} {
		out = append(out, asks{"/v1/chat/completions", `{"model":"routellm","messages":[{"role":"user","content":"hi"}]` + stream + `}`},
			asks{"/v1/completions", `{"model":"routellm","prompt":"hi"` + stream + `}`},
			asks{"/v1/messages", `{"model":"routellm","max_tokens":9,"messages":[{"role":"user","content":"hi"}]` + stream + `}`})
	}
	return out
}

func bothAPIs(s *Settings) { // the servers speak both APIs
	cascade(s)
	s.Strong.APIs, s.Weak.APIs = []string{"openai", "anthropic"}, []string{"openai", "anthropic"}
}

// TestCascade asks at each endpoint, with a weak model that is sure of its answer and with one that is
// not. At Anthropic's address, which has no log-probabilities, the router reads the text.
func TestCascade(t *testing.T) {
	for _, m := range []model{certain, torn} {
		for _, ask := range endpoints() {
			strong, weak := newModel(t, big), newModel(t, m)
			p := start(t, strong.URL, weak.URL, func(s *Settings) {
				if bothAPIs(s); ask.path == "/v1/messages" {
					s.Routers = []Router{shortest}
				}
			})
			res, answer, err := p.post(t, ask.path, ask.body)
			wants, outcome, score, calls, cost := "from small", "accepted", 0.1, 0, 12.0
			if m == torn {
				wants, outcome, score, calls, cost = "from big", "rejected", 3.0, 1, 1212
			}
			if err != nil || res.StatusCode != 200 || strings.Count(answer, `"`+wants+`"`) < 1 || strings.Contains(answer, "from") && !strings.Contains(answer, wants) || res.Header.Get("X-Routellm-Cascade") != outcome {
				t.Errorf("%v: %v, %s, %v", ask, err, answer, res.Header)
			}
			if wants == "from small" && (strings.Contains(answer, "logprob\"") || strings.Contains(ask.body, "stream") && ask.path != "/v1/messages" && strings.Contains(answer, "usage")) {
				t.Errorf("%v: the answer has what the client did not ask for: %s", ask, answer)
			}
			r := p.records(t, 1)[0]
			if string(r.Cascade.Outcome) != outcome || float64(r.Score) != score || weak.count() != 1 || strong.count() != calls || len(r.Cascade.Calls) != 1 {
				t.Errorf("%v: %+v, cascade %+v", ask, r, r.Cascade)
			}
			if call := r.Cascade.Calls[0]; call.InputTokens == nil || *call.InputTokens != 10 || *call.OutputTokens != 2 || call.CostUSD == nil {
				t.Errorf("%v: call %+v", ask, call)
			}
			if stream := strings.Contains(ask.body, "stream"); calls == 0 || !stream || ask.path == "/v1/messages" { // nobody asked the strong model for the counts
				if r.CostUSD == nil || math.Abs(*r.CostUSD*1e6-cost) > 1e-6 {
					t.Errorf("%v: cost %v, want %v", ask, r.CostUSD, cost)
				}
			} else if r.CostUSD != nil {
				t.Errorf("%v: cost %v, want none", ask, *r.CostUSD)
			}
			p.metric(t, `cascade_seconds_count{outcome="`+outcome+`"}`, 1)
			p.metric(t, `tokens_total{direction="output",side="weak"}`, 2)
		}
	}
}

// TestCascadeRequest looks at what the weak model is asked.
func TestCascadeRequest(t *testing.T) {
	for _, c := range []struct {
		path, client, weak string
		logprobs           int // alternatives that the client gets; -1 for no log-probabilities
	}{
		{"/v1/chat/completions", `{"model":"routellm","messages":[{"role":"user","content":"hi"}]}`, `{"logprobs":true,"top_logprobs":5,"model":"small","messages":[{"role":"user","content":"hi"}]}`, -1},
		{"/v1/chat/completions", `{"model":"routellm","top_logprobs":2,"logprobs":true,"messages":[{"role":"user","content":"hi"}]}`, `{"model":"small","top_logprobs":5,"logprobs":true,"messages":[{"role":"user","content":"hi"}]}`, 2},
		{"/v1/chat/completions", `{"model":"routellm","top_logprobs":7,"logprobs":true,"messages":[{"role":"user","content":"hi"}]}`, `{"model":"small","top_logprobs":7,"logprobs":true,"messages":[{"role":"user","content":"hi"}]}`, 7},
		{"/v1/completions", `{"model":"routellm","prompt":"hi"}`, `{"logprobs":5,"model":"small","prompt":"hi"}`, -1},
		{"/v1/completions", `{"model":"routellm","logprobs":6,"prompt":"hi"}`, `{"model":"small","logprobs":6,"prompt":"hi"}`, 1},
		{"/v1/chat/completions", `{"model":"routellm","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}`,
			`{"logprobs":true,"top_logprobs":5,"model":"small","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}`, -1},
	} {
		weak := newModel(t, certain)
		p := start(t, closed(t), weak.URL, cascade)
		_, answer, _ := p.post(t, c.path, c.client)
		if _, got := weak.last(t); got != c.weak {
			t.Errorf("%s: asked %s, want %s", c.client, got, c.weak)
		}
		if got := strings.Count(answer, `{"token":"x"`) + strings.Count(answer, `{"token":"y"`); c.logprobs >= 0 && got != c.logprobs || (c.logprobs < 0) != !strings.Contains(answer, `"content":[`) {
			t.Errorf("%s: %d alternatives in %s", c.client, got, answer)
		}
		if strings.Contains(c.client, "include_usage") && !strings.Contains(answer, "prompt_tokens") {
			t.Errorf("the client does not get the token counts that it asked for: %s", answer)
		}
	}
}

// TestNotCascaded has requests whose answers are not held back, or are not judged.
func TestNotCascaded(t *testing.T) {
	const messages = `"messages":[{"role":"user","content":"hi"}]`
	for _, c := range []struct {
		name, path, body, answered, reason, outcome string
		change                                      func(*Settings)
	}{
		{"several answers", "/v1/chat/completions", `{"model":"routellm","n":2,` + messages + `}`, "big", "unjudged", "", nil},
		{"several answers, weak by default", "/v1/chat/completions", `{"model":"routellm","n":2,` + messages + `}`, "small", "unjudged", "", func(s *Settings) { s.DefaultSide = "weak" }},
		{"several prompts", "/v1/completions", `{"model":"routellm","prompt":["a","b"]}`, "big", "unjudged", "", nil},
		{"an echo", "/v1/completions", `{"model":"routellm","echo":true,"prompt":"a"}`, "big", "unjudged", "", nil},
		{"sound", "/v1/chat/completions", `{"model":"routellm","modalities":["audio"],` + messages + `}`, "big", "unjudged", "", nil},
		{"a key twice", "/v1/chat/completions", `{"model":"routellm","logprobs":true,"logprobs":false,` + messages + `}`, "big", "unjudged", "", nil},
		{"few alternatives of the client", "/v1/completions", `{"model":"routellm","logprobs":2,"prompt":"a"}`, "big", "unjudged", "", nil},
		{"messages without log-probabilities", "/v1/messages", `{"model":"routellm",` + messages + `}`, "big", "unjudged", "", bothAPIs},
		{"completions without the model's own word", "/v1/completions", `{"model":"routellm","prompt":"a"}`, "big", "unjudged", "", func(s *Settings) { s.Routers[0].Needs.PTrue = true }},
		{"responses", "/v1/responses", `{"model":"routellm","input":"hi"}`, "big", "unjudged", "", nil},
		{"no text", "/v1/chat/completions", `{"model":"routellm","messages":[]}`, "big", "default", "", nil},
		{"images for the strong model alone", "/v1/chat/completions", turns([]any{map[string]any{"type": "text", "text": "hi"}, image[0]}), "big", "images", "", func(s *Settings) { s.Weak.Images = false }},
		{"images for the weak model alone", "/v1/chat/completions", turns([]any{map[string]any{"type": "text", "text": "hi"}, image[0]}), "small", "unjudged", "", func(s *Settings) { s.Strong.Images = false }},
		{"images", "/v1/chat/completions", turns([]any{map[string]any{"type": "text", "text": "hi"}, image[0]}), "small", "score", "accepted", nil},
		{"tools", "/v1/chat/completions", `{"model":"routellm","tools":[{"type":"function","function":{"name":"f"}}],` + messages + `}`, "small", "score", "accepted", nil},
		{"a model by name", "/v1/chat/completions", `{"model":"big",` + messages + `}`, "big", "direct", "", func(s *Settings) { s.DirectModels = true }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := start(t, newModel(t, big).URL, newModel(t, certain).URL, func(s *Settings) {
				cascade(s)
				if c.change != nil {
					c.change(s)
				}
			})
			res, answer, _ := p.post(t, c.path, c.body)
			r := p.records(t, 1)[0]
			outcome := ""
			if r.Cascade != nil {
				outcome = string(r.Cascade.Outcome)
			}
			if res.StatusCode != 200 || r.AnsweredModel != c.answered || string(r.Reason) != c.reason || outcome != c.outcome || res.Header.Get("X-Routellm-Cascade") != c.outcome {
				t.Errorf("%s\nlogged %+v, cascade %q", answer, r, outcome)
			}
		})
	}
}

// TestCascadeUnrouted passes on what no cascade judges: embeddings to their side, and requests for token
// counts to the weak model, which would be asked first.
func TestCascadeUnrouted(t *testing.T) {
	strong, weak := newFake(t, fine), newFake(t, fine)
	p := start(t, strong.URL, weak.URL, func(s *Settings) {
		bothAPIs(s)
		s.Embeddings = "strong"
	})
	for _, ask := range []asks{{"/v1/embeddings", `{"model":"e","input":"hi"}`}, {"/v1/messages/count_tokens", `{"model":"routellm","messages":[{"role":"user","content":"hi"}]}`}, {"/v1/responses/input_tokens", `{"model":"routellm","input":"hi"}`}} {
		if res, answer, _ := p.post(t, ask.path, ask.body); res.StatusCode != 200 || res.Header.Get("X-Routellm-Cascade") != "" {
			t.Errorf("%s: status %d, %s", ask.path, res.StatusCode, answer)
		}
	}
	if strong.count() != 1 || weak.count() != 2 {
		t.Errorf("%d and %d requests", strong.count(), weak.count())
	}
}

// TestCascadeTools passes an answer that calls tools.
func TestCascadeTools(t *testing.T) {
	for _, stream := range []string{"", `,"stream":true`} {
		strong := newModel(t, big)
		p := start(t, strong.URL, newModel(t, model{tools: true, logprob: -9}).URL, cascade)
		res, answer, _ := p.post(t, "/v1/chat/completions", `{"model":"routellm","messages":[{"role":"user","content":"hi"}]`+stream+`}`)
		if r := p.records(t, 1)[0]; !strings.Contains(answer, `"name":"f"`) || r.Cascade.Outcome != decisionlog.Passed || r.Cascade.Why != "tools" || r.Reason != "unjudged" || r.Score.Exists() || strong.count() > 0 || res.Header.Get("X-Routellm-Cascade") != "passed" {
			t.Errorf("%s\n%+v, %+v", answer, r, r.Cascade)
		}
	}
}

// zipped answers with gzip, which nobody asked for.
func zips(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	certain.ServeHTTP(zipWriter{w, z}, r)
	z.Close()
}

type zipWriter struct {
	http.ResponseWriter
	z *gzip.Writer
}

func (z zipWriter) Write(b []byte) (int, error) { return z.z.Write(b) }

// TestWeakFails has weak models whose answers no client may see.
func TestWeakFails(t *testing.T) {
	text := func(contentType, answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			io.WriteString(w, answer)
		}
	}
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc // nil refuses connections
		request string
		why     string
		change  func(*Settings)
	}{
		{"refused", nil, "", "connect", nil},
		{"503", fails, "", "server_error", nil},
		{"429", limits, "", "rate_limited", nil},
		{"400", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, `{"error":{"message":"no"}}`, 400) }, "", "answer_status", nil},
		{"silent", silent, "", "cascade_timeout", func(s *Settings) { s.CascadeTimeout = 100 * time.Millisecond }},
		{"mute", mute, "", "cascade_timeout", func(s *Settings) { s.CascadeTimeout = 100 * time.Millisecond }},
		{"pauses", pauses, "", "cascade_timeout", func(s *Settings) { s.CascadeTimeout = 300 * time.Millisecond }},
		{"pauses for long", pauses, "", "idle_timeout", func(s *Settings) { s.IdleTimeout = 100 * time.Millisecond }},
		{"half a stream", cuts, `,"stream":true`, "cut", nil},
		{"a stream without end", text("text/event-stream", "data: "+chunk("a")+"\n\n"), `,"stream":true`, "answer_incomplete", nil},
		{"half an object", text("application/json", completion[:40]), "", "answer_unreadable", nil},
		{"a page", text("text/html", "<html>hello</html>"), "", "answer_unreadable", nil},
		{"an error", text("application/json", `{"error":{"message":"x"}}`), "", "server_error", nil},
		{"a late error", text("text/event-stream", "data: "+chunk("a")+"\n\ndata: {\"error\":{}}\n\n"), `,"stream":true`, "answer_unreadable", nil},
		{"nothing", text("application/json", ""), "", "answer_unreadable", nil},
		{"no text", model{text: " "}.again, "", "answer_empty", nil},
		{"huge", model{text: strings.Repeat("x", 5000), logprob: -.1}.again, "", "answer_too_large", func(s *Settings) { s.CascadeMaxAnswer = 4000 }},
		{"more than all memory", model{text: strings.Repeat("x", 5000), logprob: -.1}.again, "", "answer_too_large", func(s *Settings) { s.MaxBodies = 4000 }},
		{"other compression", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			certain.ServeHTTP(w, r)
		}, "", "answer_unreadable", nil},
		{"wrong compression", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			certain.ServeHTTP(w, r)
		}, "", "answer_unreadable", nil},
		{"no JSON", certain.again, `,"response_format":{"type":"json_object"}`, "answer_not_json", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			strong, weak := newModel(t, big), closed(t)
			if c.handler != nil {
				weak = newFake(t, c.handler).URL
			}
			p := start(t, strong.URL, weak, func(s *Settings) {
				if cascade(s); c.change != nil {
					c.change(s)
				}
			})
			res, answer, err := p.post(t, "/v1/chat/completions", `{"model":"routellm","messages":[{"role":"user","content":"hi"}]`+c.request+`}`)
			r := p.records(t, 1)[0]
			if err != nil || res.StatusCode != 200 || !strings.Contains(answer, "from big") || strings.Contains(answer, "small") || res.Header.Get("X-Routellm-Cascade") != "weak_failed" || res.Header.Get("X-Routellm-Model") != "big" {
				t.Errorf("%v, %s, %v", err, answer, res.Header)
			}
			if r.Cascade.Outcome != decisionlog.WeakFailed || r.Cascade.Why != c.why || r.Error != c.why || !r.Fallback || r.Answered != "strong" || r.Side != "weak" || r.Reason != "unjudged" || r.Cascade.Calls[0].Error != c.why && c.why != "answer_not_json" {
				t.Errorf("logged %+v, cascade %+v", r, r.Cascade)
			}
			p.metric(t, `fallbacks_total{from="weak"}`, 1)
			p.metric(t, `body_bytes`, 0)
		})
	}
}

// TestWeakZipped reads an answer that is compressed.
func TestWeakZipped(t *testing.T) {
	p := start(t, closed(t), newFake(t, zips).URL, cascade)
	res, answer, err := p.post(t, "/v1/chat/completions", chat("routellm", "hi"))
	if err != nil || !strings.Contains(answer, "from small") || res.Header.Get("Content-Encoding") != "" || res.Header.Get("X-Routellm-Cascade") != "accepted" {
		t.Errorf("%v, %q, %v", err, answer, res.Header)
	}
}

// TestStrongFails gives the client the weak model's answer although it was rejected, never a part of
// both.
func TestStrongFails(t *testing.T) {
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		kind    string
	}{
		{"refused", nil, "connect"},
		{"503", fails, "server_error"},
		{"429", limits, "rate_limited"},
		{"400", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", 400) }, "answer_status"},
		{"breaks", breaks, "cut"},
	} {
		for _, fallback := range []bool{false, true} {
			strong, weak := closed(t), newModel(t, torn)
			if c.handler != nil {
				strong = newFake(t, c.handler).URL
			}
			p := start(t, strong, weak.URL, func(s *Settings) { cascade(s); s.Fallback = fallback })
			res, answer, err := p.post(t, "/v1/chat/completions", chat("routellm", "hi"))
			r := p.records(t, 1)[0]
			if err != nil || res.StatusCode != 200 || !strings.Contains(answer, "from small") || res.Header.Get("X-Routellm-Cascade") != "strong_failed" || res.Header.Get("X-Routellm-Model") != "small" {
				t.Errorf("%s: %v, %s, %v", c.name, err, answer, res.Header)
			}
			if r.Cascade.Outcome != decisionlog.StrongFailed || r.Error != c.kind || !r.Fallback || r.Side != "strong" || r.Answered != "weak" || float64(r.Score) != 3 || weak.count() != 1 || *r.CostUSD*1e6 != 12 {
				t.Errorf("%s: logged %+v, cascade %+v", c.name, r, r.Cascade)
			}
		}
	}
}

// TestBothFail gives the client what the strong model says.
func TestCascadeBothFail(t *testing.T) {
	p := start(t, newFake(t, limits).URL, newFake(t, fails).URL, cascade)
	res, answer, _ := p.post(t, "/v1/chat/completions", chat("routellm", "hi"))
	if r := p.records(t, 1)[0]; res.StatusCode != 429 || answer != "slow down\n" || res.Header.Get("Retry-After") != "17" || r.Cascade.Outcome != decisionlog.WeakFailed || r.Answered != "strong" || r.Error != "server_error" {
		t.Errorf("status %d, %s, %+v", res.StatusCode, answer, r)
	}
	p = start(t, closed(t), closed(t), cascade)
	res, answer, _ = p.post(t, "/v1/chat/completions", chat("routellm", "hi"))
	if res.StatusCode != 502 || !strings.Contains(answer, `"connect"`) || res.Header.Get("X-Routellm-Cascade") != "weak_failed" {
		t.Errorf("status %d, %s, %v", res.StatusCode, answer, res.Header)
	}
}

// TestStrongBreaksOff leaves half an answer of the strong model as it is: the weak model's does not
// go on after it.
func TestStrongBreaksOff(t *testing.T) {
	p := start(t, newFake(t, cuts).URL, newModel(t, torn).URL, cascade)
	_, answer, err := p.post(t, "/v1/chat/completions", `{"model":"routellm","stream":true,"messages":[{"role":"user","content":"hi"}]}`)
	if err == nil || strings.Contains(answer, "small") || !strings.Contains(answer, chunk("a")) {
		t.Errorf("%v, %s", err, answer)
	}
	if r := p.records(t, 1)[0]; r.Error != "cut" || r.Cascade.Outcome != decisionlog.Rejected {
		t.Errorf("%+v", r)
	}
}

// TestCascadeRouterFails takes the default side.
func TestCascadeRouterFails(t *testing.T) {
	for side, want := range map[string]decisionlog.Outcome{"weak": decisionlog.Passed, "strong": decisionlog.Rejected} {
		p := start(t, newModel(t, big).URL, newModel(t, certain).URL, func(s *Settings) {
			cascade(s)
			s.DefaultSide = side
			s.Routers[0].Judge = func(context.Context, string, string, routers.Answer) (float64, error) { return 0, errors.New("secret") }
		})
		_, _, _ = p.post(t, "/v1/chat/completions", chat("routellm", "hi"))
		if r := p.records(t, 1)[0]; r.Cascade.Outcome != want || r.Cascade.Why != "router" || string(r.Answered) != side || r.Reason != "default" || r.Score.Exists() {
			t.Errorf("%s: %+v, %+v", side, r, r.Cascade)
		}
		if strings.Contains(p.log.String(), "secret") {
			t.Error("the event log has the router's error")
		}
	}
}

// TestCascadeClientLeaves ends the request to each model as soon as the client has left.
func TestCascadeClientLeaves(t *testing.T) {
	for name, weak := range map[string]http.HandlerFunc{"weak": nil, "strong": torn.again} {
		asked, over := make(chan bool, 1), make(chan bool, 1)
		hangs := func(_ http.ResponseWriter, r *http.Request) {
			asked <- true
			<-r.Context().Done()
			over <- true
		}
		if weak == nil {
			weak = hangs
		}
		p := start(t, newFake(t, hangs).URL, newFake(t, weak).URL, cascade)
		ctx, leave := context.WithCancel(context.Background())
		go func() { <-asked; leave() }()
		r, _ := http.NewRequestWithContext(ctx, "POST", p.URL+"/v1/chat/completions", strings.NewReader(chat("routellm", "hi")))
		if _, err := p.Client().Do(r); err == nil {
			t.Error("an answer")
		}
		<-over
		if r := p.records(t, 1)[0]; r.Error != "client_gone" || r.Status != 499 || r.Cascade.Outcome != map[string]decisionlog.Outcome{"weak": decisionlog.Abandoned, "strong": decisionlog.Rejected}[name] {
			t.Errorf("%s: %+v", name, r)
		}
		p.metric(t, "body_bytes", 0)
	}
}

// TestCascadeBreaker spares requests a weak model that does not answer.
func TestCascadeBreaker(t *testing.T) {
	p := start(t, newModel(t, big).URL, newFake(t, silent).URL, func(s *Settings) {
		cascade(s)
		s.CascadeTimeout, s.BreakerFailures = 50*time.Millisecond, 2
	})
	for range 3 {
		if _, answer, _ := p.post(t, "/v1/chat/completions", chat("routellm", "hi")); !strings.Contains(answer, "from big") {
			t.Error(answer)
		}
	}
	if r := p.records(t, 3); r[1].Cascade.Why != "cascade_timeout" || r[2].Cascade.Why != "breaker_open" {
		t.Errorf("%+v, %+v", r[1].Cascade, r[2].Cascade)
	}
}

// TestRefuses asks a server that refuses what a cascade adds to requests with less, and from then on
// only so. Requests whose answers cannot be judged then go to the default side.
func TestRefuses(t *testing.T) {
	for refused, c := range map[string]struct {
		requests int // that the weak model gets
		answers  []string
	}{
		"logprobs":       {3 + 3, []string{"from big", "from small", "from big"}},
		"stream_options": {3 + 2 + 1, []string{"from big", "from small", "from small"}},
		"both":           {3 + 3, []string{"from big", "from small", "from big"}},
		"nothing":        {3 + 1 + 1, []string{"from big", "from small", "from small"}},
	} {
		picky := newFake(t, func(w http.ResponseWriter, r *http.Request) {
			raw, _ := io.ReadAll(r.Body)
			said := string(raw)
			both := refused == "both" && (strings.Contains(said, "logprobs") || strings.Contains(said, "stream_options"))
			if strings.Contains(said, refused) || strings.Contains(said, "wrong") || both {
				http.Error(w, `{"error":{"message":"what?"}}`, 400)
				return
			}
			r.Body = io.NopCloser(strings.NewReader(said))
			certain.ServeHTTP(w, r)
		})
		p := start(t, newModel(t, big).URL, picky.URL, cascade)
		for i, said := range []string{"wrong", "hi", "hi"} {
			_, answer, _ := p.post(t, "/v1/chat/completions", `{"model":"routellm","stream":true,"messages":[{"role":"user","content":"`+said+`"}]}`)
			if !strings.Contains(answer, c.answers[i]) {
				t.Errorf("%s, request %d: %s", refused, i+1, answer)
			}
		}
		if told := strings.Count(p.log.String(), "server refuses what the cascade asks for"); picky.count() != c.requests || told != map[bool]int{true: 0, false: 1}[refused == "nothing"] {
			t.Errorf("%s: %d requests; %s", refused, picky.count(), p.log.String())
		}
	}
}

// TestNoLogprobs warns of a server that leaves log-probabilities out without a word.
func TestNoLogprobs(t *testing.T) {
	weak := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader("{}"))
		certain.ServeHTTP(w, r)
	})
	p := start(t, closed(t), weak.URL, cascade)
	p.post(t, "/v1/chat/completions", chat("routellm", "hi"))
	if !strings.Contains(p.log.String(), "has no log-probabilities, which the cascade needs") {
		t.Error(p.log.String())
	}
}

// answersOf counts the requests for answers, and those for the model's own word.
func answersOf(f *fake) (samples, truths int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, b := range f.bodies {
		if strings.Contains(b, "True or False") {
			truths++
		} else {
			samples++
		}
	}
	return samples, truths
}

// TestSamples asks the weak model for further answers, and for its own word on its answer.
func TestSamples(t *testing.T) {
	var got routers.Answer
	var failing atomic.Bool
	weak := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(raw))
		m := certain
		switch {
		case strings.Contains(string(raw), "True or False"):
			m.text = "True"
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"choices":[{"index":0,"finish_reason":"length","message":{"content":"True"},"logprobs":{"content":[{"token":"True","logprob":-0.2,"top_logprobs":[{"token":"True","logprob":-0.5},{"token":"False","logprob":-0.5}]}]}}],"usage":{"prompt_tokens":20,"completion_tokens":1}}`)
			return
		case failing.Load() && strings.Contains(string(raw), `"seed":1`):
			http.Error(w, "no", 500)
			return
		case strings.Contains(string(raw), `"seed":2`):
			m.text = "FROM  small." // which says the same
		case strings.Contains(string(raw), `"seed":3`):
			m.text = "something else"
		}
		m.ServeHTTP(w, r)
	})
	p := start(t, closed(t), weak.URL, func(s *Settings) {
		cascade(s)
		s.Routers[0].Needs.Samples, s.Routers[0].Needs.PTrue = 3, true
		s.Routers[0].Judge = func(_ context.Context, _, _ string, a routers.Answer) (float64, error) { got = a; return 0, nil }
	})
	for i, c := range []struct {
		fails     bool
		agreement float64
		cost      float64
	}{{false, 2. / 3, 4*12 + 21}, {true, 1. / 2, 3*12 + 21}} {
		failing.Store(c.fails)
		_, answer, err := p.post(t, "/v1/chat/completions", `{"model":"routellm","seed":7,"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"} ] }`)
		if err != nil || !strings.Contains(answer, "from small") || strings.Contains(answer, "something") {
			t.Errorf("%v, %s", err, answer)
		}
		if samples, truths := answersOf(weak); samples != 4*(i+1) || truths != i+1 {
			t.Errorf("%d requests for answers, %d for the model's word", samples, truths)
		}
		if math.Abs(got.Agreement-c.agreement) > 1e-12 || math.Abs(got.PTrue-0.5) > 1e-12 || got.Tokens != 2 || got.Text != "from small" {
			t.Errorf("%+v", got)
		}
		r := p.records(t, i+1)[i]
		if len(r.Cascade.Calls) != 5 || r.Cascade.Calls[4].Purpose != decisionlog.ForTruth || r.Cascade.Calls[1].Purpose != decisionlog.ForSample || r.CostUSD == nil || math.Abs(*r.CostUSD*1e6-c.cost) > 1e-9 {
			t.Errorf("cost %v, %+v", r.CostUSD, r.Cascade)
		}
		if r.Cascade.Signals["agreement"] != got.Agreement || r.Cascade.Signals["p_true"] != got.PTrue {
			t.Errorf("signals %v", r.Cascade.Signals)
		}
		p.metric(t, "body_bytes", 0)
	}
	_, truth := weak.last(t)
	want := `{"model":"small","max_tokens":1,"temperature":0,"logprobs":true,"top_logprobs":20,"messages":[{"role":"user","content":"hi"} ,{"role":"assistant","content":"from small"},{"role":"user","content":"Is your answer above correct? Reply with one word, True or False."}]}`
	if truth != want {
		t.Errorf("asked %s, want %s", truth, want)
	}
}

// TestSamplesAreDropped does not wait for further answers where the first one has failed.
func TestSamplesAreDropped(t *testing.T) {
	weak := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if raw, _ := io.ReadAll(r.Body); strings.Contains(string(raw), `"seed":1`) {
			<-r.Context().Done()
			return
		}
		http.Error(w, "no", 500)
	})
	p := start(t, newModel(t, big).URL, weak.URL, func(s *Settings) { cascade(s); s.Routers[0].Needs.Samples = 1 })
	_, answer, _ := p.post(t, "/v1/chat/completions", `{"model":"routellm","seed":7,"messages":[{"role":"user","content":"hi"}]}`)
	if r := p.records(t, 1)[0]; !strings.Contains(answer, "from big") || r.Cascade.Calls[1].Error != "dropped" || r.Cascade.Why != "server_error" {
		t.Errorf("%s, %+v", answer, r.Cascade)
	}
}

// TestCascadeConversations keeps the side that judged answers have led to.
func TestCascadeConversations(t *testing.T) {
	var doubt atomic.Int64 // of the weak model
	weak := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		model{text: "from small", logprob: -float64(doubt.Load())}.ServeHTTP(w, r)
	})
	p := start(t, newModel(t, big).URL, weak.URL, func(s *Settings) { cascade(s); s.Sticky, s.StickyMargin = "conversation", 2 })
	for i, c := range []struct {
		doubt    int64
		said     []any
		answered string
		reason   results.Reason
	}{
		{0, []any{"hi"}, "small", "score"},
		{2, []any{"hi", "yes", "and then"}, "small", "sticky"}, // above the threshold, but not by the margin
		{4, []any{"hi", "yes", "and then", "so", "why"}, "big", "escalated"},
		{0, []any{"hi", "yes", "and then", "so", "why", "for", "bye"}, "big", "sticky"},
		{9, []any{"another"}, "big", "score"},
	} {
		doubt.Store(c.doubt)
		p.post(t, "/v1/chat/completions", turns(c.said...))
		r := p.records(t, i+1)[i]
		if r.AnsweredModel != c.answered || r.Reason != c.reason || (r.Cascade == nil) != (i == 3) {
			t.Errorf("turn %d: %+v, cascade %+v", i+1, r, r.Cascade)
		}
	}
	if weak.count() != 4 {
		t.Errorf("the weak model got %d requests", weak.count())
	}
}

// TestCascadeExplores draws the side of a share of the requests, once the score is known.
func TestCascadeExplores(t *testing.T) {
	p := start(t, newModel(t, big).URL, newModel(t, certain).URL, func(s *Settings) { cascade(s); s.Explore = 1 })
	const n = 20
	for range n {
		p.post(t, "/v1/chat/completions", chat("routellm", "hi"))
	}
	sides := map[results.Side]int{}
	for _, r := range p.records(t, n) {
		if sides[r.Answered]++; !r.Explored || r.Propensity != 0.5 || float64(r.Score) != 0.1 || r.Reason != "explore" || (r.Cascade.Outcome == decisionlog.Rejected) != (r.Answered == "strong") {
			t.Errorf("%+v, %+v", r, r.Cascade)
		}
	}
	if len(sides) != 2 {
		t.Errorf("sides %v", sides)
	}
}

// TestCascadeRoute tells that the weak model would be asked first, and asks nobody.
func TestCascadeRoute(t *testing.T) {
	p := start(t, closed(t), closed(t), cascade)
	_, answer, _ := p.post(t, "/v1/route", `{"prompt":"hi"}`)
	if want := `{"router":"unsure","model":"small","decision":"weak","score":null,"threshold":1,"microseconds":0}` + "\n"; answer != want {
		t.Errorf("%s", answer)
	}
}

// TestCascadeClientThresholds takes the threshold that a client asks for.
func TestCascadeClientThresholds(t *testing.T) {
	p := start(t, newModel(t, big).URL, newModel(t, certain).URL, cascade)
	for model, want := range map[string]string{"router-unsure-0.05": "from big", "router-unsure-0.2": "from small"} {
		if _, answer, _ := p.post(t, "/v1/chat/completions", chat(model, "hi")); !strings.Contains(answer, want) {
			t.Errorf("%s: %s", model, answer)
		}
	}
}
