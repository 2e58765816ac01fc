package serve

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/datasets"
)

// TestOnlyTheModelChanges sends unusual but valid JSON and compares bytes.
func TestOnlyTheModelChanges(t *testing.T) {
	strong, weak := newFake(t, fine), newFake(t, fine)
	p := start(t, strong.URL, weak.URL, nil)
	const before = "{ \"temperature\":1.0,\t\"model\"\n: "
	const after = `,"messages":[{"role":"user","content":[{"type":"text","text":"who \u0073igns"},{"type":"image_url","image_url":{"url":"data:,"}}]}],
 "tools":[{"model":"routellm"}], "response_format":{"type":"json_object"}, "seed":12345678901234567890, "x":1e3 , "big":1.10}`
	res, answer, err := p.post(t, "/v1/chat/completions?api-version=2", before+`"router-words-1.5"`+after)
	r, body := strong.last(t)
	if err != nil || res.StatusCode != 200 || answer != completion {
		t.Errorf("%v, status %d, answer %s", err, res.StatusCode, answer)
	}
	if want := before + `"big"` + after; body != want || r.URL.String() != "/v1/chat/completions?api-version=2" {
		t.Errorf("the model got %s with the body\n%s\nexpected\n%s", r.URL, body, want)
	}
	if weak.count() != 0 {
		t.Error("both models got the request")
	}
	for name, want := range map[string]string{"X-Routellm-Model": "big", "X-Routellm-Router": "words", "X-Routellm-Score": "2", "X-Of-Server": "kept"} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, expected %q", name, got, want)
		}
	}
	got := p.records(t, 1)[0]
	if got.Side != "strong" || got.Answered != "strong" || got.Model != "big" || got.AnsweredModel != "big" || got.Decision.Score != 2 || got.Cut() != 1.5 || got.Chars != 9 ||
		got.Status != 200 || got.Error != "" || *got.InputTokens != 7 || *got.OutputTokens != 5 || got.Propensity != 1 ||
		got.PromptSHA256 != datasets.SHA256Hex("who signs") || got.ID != res.Header.Get("X-Routellm-Id") || got.Endpoint != "chat" {
		t.Errorf("logged %+v", got)
	}
}

func TestSides(t *testing.T) {
	strong, weak := newFake(t, fine), newFake(t, fine)
	p := start(t, strong.URL, weak.URL, nil)
	for i, c := range []struct{ path, request, want string }{
		{"/v1/chat/completions", chat("routellm", easy), "small"},
		{"/v1/chat/completions", chat("routellm", hard), "big"},
		{"/v1/chat/completions", chat("router-words-4", easy), "big"},
		{"/v1/chat/completions", chat("router-words--1e3", easy), "big"},
		{"/v1/completions", `{"model": "routellm", "prompt": "` + hard + `"}`, "big"},
		{"/v1/completions", `{"model": "routellm", "prompt": ["` + easy + `", "` + easy + `"]}`, "small"},
		{"/v1/completions", `{"model": "routellm", "prompt": [1, 2]}`, "big"}, // no text
		{"/v1/responses", `{"model": "routellm", "input": "` + easy + `"}`, "small"},
		{"/v1/responses", `{"model": "routellm", "input": [{"role": "user", "content": [{"type": "input_text", "text": "` + easy + `"}]}, {"type": "reasoning"}]}`, "small"},
		{"/v1/chat/completions", `{"model": "routellm", "messages": [{"role": "user", "content": ""}]}`, "big"}, // no text
	} {
		res, _, _ := p.post(t, c.path, c.request)
		if got := res.Header.Get("X-Routellm-Model"); got != c.want || res.StatusCode != 200 {
			t.Errorf("case %d: %q, status %d, expected %q", i, got, res.StatusCode, c.want)
		}
	}
	p.metric(t, "no_text_total", 2)
	p.metric(t, `requests_total{decision="strong",endpoint="chat",router="words",status="200"}`, 4)
	p.metric(t, `tokens_total{direction="output",side="strong"}`, 30)
}

func TestRejected(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { s.MaxBody = 1000 })
	long := chat("routellm", strings.Repeat("x", 1000))
	for i, c := range []struct {
		path, request, want string
		status              int
	}{
		{"/v1/chat/completions", chat("gpt-4", easy), `{"error":{"message":"no model \"gpt-4\": expected routellm, router-words-10, or router-NAME-THRESHOLD, where NAME is words","type":"invalid_request_error","param":"model","code":"model_not_found"}}`, 404},
		{"/v1/chat/completions", chat("router-words-NaN", easy), `"model_not_found"`, 404},
		{"/v1/chat/completions", chat("router-words-Inf", easy), `"model_not_found"`, 404},
		{"/v1/chat/completions", chat("router-words-1_0", easy), `"model_not_found"`, 404},
		{"/v1/chat/completions", chat("router-words-0x1p3", easy), `"model_not_found"`, 404},
		{"/v1/chat/completions", chat("router-words-0X1P3", easy), `"model_not_found"`, 404},
		{"/v1/chat/completions", chat("router-words-", easy), `"model_not_found"`, 404},
		{"/v1/chat/completions", `{"messages": []}`, `"code":"model_missing"`, 400},
		{"/v1/chat/completions", `{"model": "", "messages": []}`, `the request names no model: expected \"model\" with one of routellm, router-words-10`, 400},
		{"/v1/chat/completions", `{"model": "routellm", "messages": [], "prompt": "x"}`, `\"prompt\" is no key of this request`, 400},
		{"/v1/chat/completions?model=evil", chat("routellm", easy), `"invalid_query"`, 400},
		{"/v1/chat/completions", `{"model": 4}`, `"\"model\": expected a string"`, 400},
		{"/v1/chat/completions", `{"model": "routellm", "mod\u0065l": "routellm"}`, `"\"model\" is given twice"`, 400},
		{"/v1/chat/completions", `{"model": "routellm", "Model": "evil"}`, `a key is another spelling of \"model\"`, 400},
		{"/v1/responses", `{"model": "routellm", "ınput": "x"}`, `a key is another spelling of \"input\"`, 400},
		{"/v1/chat/completions", `{"model": "routellm"`, `"the body is not valid JSON"`, 400},
		{"/v1/chat/completions", strings.Repeat("[", 900), `"the body is not valid JSON"`, 400},
		{"/v1/chat/completions", `["model"]`, `"the body is not a JSON object"`, 400},
		{"/v1/chat/completions", "", `"the body is not valid JSON"`, 400},
		{"/v1/chat/completions", long, `{"error":{"message":"the request has more than the 1000 bytes that max_body allows","type":"invalid_request_error","param":null,"code":"request_too_large"}}`, 413},
		{"/v1/embeddings", "{}", `"this server passes no embeddings on: its setting embeddings names no side"`, 404},
		{"/v1/nothing", "{}", `"no such address: POST /v1/nothing"`, 404},
	} {
		res, answer, err := p.post(t, c.path, c.request)
		if err != nil || res.StatusCode != c.status || !strings.Contains(answer, c.want) {
			t.Errorf("case %d: %v, status %d, %s, expected %d and %s", i, err, res.StatusCode, answer, c.status, c.want)
		}
	}
	res, err := p.Client().Post(p.URL+"/v1/chat/completions", "", io.MultiReader(strings.NewReader(long))) // sent in chunks, without a length
	if err != nil || res.StatusCode != 413 {
		t.Errorf("chunked: %v, %v", res, err)
	}
	if f.count() != 0 {
		t.Errorf("the model got %d requests, expected none", f.count())
	}
	p.metric(t, `rejected_total{status="413"}`, 2)
}

// TestStream expects each event to arrive before the next one is sent.
func TestStream(t *testing.T) {
	next := make(chan bool)
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, text := range []string{"a", "b", "c"} {
			event(w, chunk(text))
			<-next
		}
		event(w, lastChunk)
		event(w, "[DONE]")
	})
	p := start(t, f.URL, f.URL, nil)
	res, err := p.Client().Post(p.URL+"/v1/chat/completions", "", strings.NewReader(`{"stream": true, `+chat("routellm", easy)[1:]))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	for _, text := range []string{"a", "b", "c"} {
		if line, err := lines.ReadString('\n'); err != nil || line != "data: "+chunk(text)+"\n" {
			t.Errorf("%v, read %q", err, line)
		}
		lines.ReadString('\n')
		next <- true
	}
	rest, err := io.ReadAll(lines)
	if want := "data: " + lastChunk + "\n\ndata: [DONE]\n\n"; err != nil || string(rest) != want {
		t.Errorf("%v, rest %q", err, rest)
	}
	if r := p.records(t, 1)[0]; !r.Stream || *r.InputTokens != 4 || *r.OutputTokens != 3 || r.Error != "" {
		t.Errorf("logged %+v", r)
	}
}

// TestClientLeaves expects the upstream request to end when the client leaves, within an
// answer and before it.
func TestClientLeaves(t *testing.T) {
	for name, begin := range map[string]bool{"within": true, "before": false} {
		t.Run(name, func(t *testing.T) {
			gone, asked := make(chan bool), make(chan bool, 1)
			f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
				if begin {
					event(w, chunk("a"))
				}
				asked <- true
				<-r.Context().Done()
				close(gone)
			})
			p := start(t, f.URL, f.URL, func(s *Settings) { s.Fallback, s.BreakerFailures = true, 1 })
			ctx, leave := context.WithCancel(context.Background())
			r, _ := http.NewRequestWithContext(ctx, "POST", p.URL+"/v1/chat/completions", strings.NewReader(chat("routellm", easy)))
			go func() {
				<-asked
				if !begin {
					leave()
				}
			}()
			if res, err := http.DefaultClient.Do(r); err == nil {
				res.Body.Read(make([]byte, 1))
				leave()
				res.Body.Close()
			}
			<-gone
			got := p.records(t, 1)[0]
			if got.Error != "client_gone" || got.Fallback || begin != (got.Status == 200) || !begin && got.Status != 499 {
				t.Errorf("logged %+v", got)
			}
			p.metric(t, `breaker_open{side="weak"}`, 0)
		})
	}
}

// TestClientLeavesAtTheLastEvent expects an answer to count as complete after its last
// event, even if the model's server does not end it.
func TestClientLeavesAtTheLastEvent(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		event(w, lastChunk)
		event(w, "[DONE]")
		<-r.Context().Done()
	})
	p := start(t, f.URL, f.URL, nil)
	res, err := p.Client().Post(p.URL+"/v1/chat/completions", "", strings.NewReader(chat("routellm", easy)))
	if err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(res.Body); lines.Scan() && lines.Text() != "data: [DONE]"; {
	}
	res.Body.Close()
	if r := p.records(t, 1)[0]; r.Error != "" || r.Status != 200 || *r.OutputTokens != 3 {
		t.Errorf("logged %+v", r)
	}
}

// TestSlowClient expects the request to end if the client stops reading.
func TestSlowClient(t *testing.T) {
	t.Parallel()
	ended := make(chan bool)
	f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		for piece := make([]byte, 1<<20); r.Context().Err() == nil; {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	})
	p := start(t, f.URL, f.URL, func(s *Settings) { s.ClientTimeout = time.Second })
	res, err := p.Client().Post(p.URL+"/v1/chat/completions", "", strings.NewReader(chat("routellm", easy)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	<-ended
	if r := p.records(t, 1)[0]; r.Error != "client_gone" {
		t.Errorf("logged %+v", r)
	}
}

// TestLeisurelyClient reads more slowly than IdleTimeout, which limits only the model's
// server.
func TestLeisurelyClient(t *testing.T) {
	t.Parallel()
	whole := strings.Repeat("x", 16<<20)
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, whole) })
	p := start(t, f.URL, f.URL, func(s *Settings) { s.IdleTimeout = time.Second })
	res, err := p.Client().Post(p.URL+"/v1/chat/completions", "", strings.NewReader(chat("routellm", easy)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	time.Sleep(1500 * time.Millisecond)
	if got, err := io.ReadAll(res.Body); err != nil || len(got) != len(whole) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// TestLateEnd runs an upstream that ends its answer long after the last byte.
func TestLateEnd(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		event(w, completion)
		time.Sleep(1500 * time.Millisecond)
	})
	p := start(t, f.URL, f.URL, func(s *Settings) { s.ClientTimeout = time.Second })
	if _, answer, err := p.post(t, "/v1/chat/completions", chat("routellm", easy)); err != nil || !strings.Contains(answer, completion) {
		t.Errorf("%s, %v", answer, err)
	}
}

// TestNegativeUsage expects negative token counts to be logged as unknown.
func TestNegativeUsage(t *testing.T) {
	f := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"usage": {"prompt_tokens": -7, "completion_tokens": 5}}`)
	})
	p := start(t, f.URL, f.URL, nil)
	if _, answer, err := p.post(t, "/v1/chat/completions", chat("routellm", easy)); err != nil || !strings.Contains(answer, "-7") {
		t.Errorf("%s, %v", answer, err)
	}
	if r := p.records(t, 1)[0]; r.InputTokens != nil || r.OutputTokens != nil {
		t.Errorf("logged %+v", r)
	}
}

// TestSlowRequest expects a request that never arrives to end.
func TestSlowRequest(t *testing.T) {
	f := newFake(t, fine)
	p := start(t, f.URL, f.URL, func(s *Settings) { s.ClientTimeout = 50 * time.Millisecond })
	in, out := io.Pipe()
	defer out.Close()
	go out.Write([]byte(`{"model"`))
	res, err := p.Client().Post(p.URL+"/v1/chat/completions", "", in)
	if err == nil && res.StatusCode != http.StatusRequestTimeout {
		t.Errorf("status %d", res.StatusCode)
	}
	p.metric(t, `rejected_total{status="408"}`, 1)
}
