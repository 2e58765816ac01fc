package live

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/servetest"
)

// cascadeAt returns the flags of a cascade in front of two models.
func cascadeAt(t *testing.T, strong, weak string, more ...string) []string {
	return append([]string{"--cascade", servetest.Cascade(t), "--threshold", "0.5", "--strong", "big@" + strong + "/v1", "--weak", "small@" + weak + "/v1"}, more...)
}

// says answers a chat request with a name, plain or as a stream. It is not certain of questions that
// have "hard" in them.
func says(name string, w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	logprobs := "null"
	if strings.Contains(string(raw), `"logprobs":true`) {
		doubt := 0.05
		if strings.Contains(string(raw), "hard") {
			doubt = 3
		}
		logprobs = fmt.Sprintf(`{"content":[{"token":"a","logprob":%v,"bytes":null,"top_logprobs":[]},{"token":"b","logprob":%v,"bytes":null,"top_logprobs":[]}]}`, -doubt, -doubt)
	}
	const usage = `{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}`
	if !strings.Contains(string(raw), `"stream":true`) && !strings.Contains(string(raw), `"stream": true`) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"%s %s"},"logprobs":%s}],"usage":%s}`, name, name, logprobs, usage)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	send := func(choices, usage string) {
		fmt.Fprintf(w, `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[%s],"usage":%s}`+"\n\n", choices, usage)
		w.(http.Flusher).Flush()
	}
	send(fmt.Sprintf(`{"index":0,"delta":{"role":"assistant","content":"%s "},"logprobs":%s,"finish_reason":null}`, name, logprobs), "null")
	send(fmt.Sprintf(`{"index":0,"delta":{"content":"%s"},"finish_reason":null}`, name), "null")
	send(`{"index":0,"delta":{},"finish_reason":"stop"}`, "null")
	if strings.Contains(string(raw), "include_usage") {
		send("", usage)
	}
	fmt.Fprint(w, "data: [DONE]\n\n")
}

func saying(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { says(name, w, r) }
}

// posed returns a request with a question.
func posed(question, more string) string {
	return fmt.Sprintf(`{"model":"routellm","messages":[{"role":"user","content":%q}]%s}`, question, more)
}

// TestCascadeClients lets OpenAI's client ask a cascade.
func TestCascadeClients(t *testing.T) {
	p := serve(t, nil, cascadeAt(t, upstream(t, saying("big")).URL, upstream(t, saying("small")).URL)...)
	runClients(t, p, "cascade")
	for _, r := range p.logged(t, 5) {
		if r.Error != "" || r.Cascade == nil || r.Cascade.Calls[0].InputTokens == nil || !r.Score.Exists() {
			t.Errorf("logged %+v, cascade %+v", r, r.Cascade)
		}
	}
}

// TestCascadeNeverTorn asks at once with weak and strong models that fail in many ways: whoever gets
// an answer gets one model's, whole.
func TestCascadeNeverTorn(t *testing.T) {
	faulty := func(name string) http.HandlerFunc {
		var n atomic.Int64
		return func(w http.ResponseWriter, r *http.Request) {
			switch n.Add(1) % 7 {
			case 0:
				panic(http.ErrAbortHandler)
			case 1:
				http.Error(w, "overloaded", http.StatusServiceUnavailable)
			case 2:
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `{"choices":[{"index":0,"message":{"content":"%s`, name)
			case 3:
				w.Header().Set("Content-Type", "text/event-stream")
				fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n", name)
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			default:
				says(name, w, r)
			}
		}
	}
	p := serve(t, nil, cascadeAt(t, upstream(t, saying("big")).URL, upstream(t, faulty("small")).URL, "--breaker-failures", "1000000", "--breaker-rate", "0")...)
	const n = 300
	var wait sync.WaitGroup
	var small atomic.Int64
	for i := range n {
		question, more := "easy", ""
		if i%3 == 0 {
			question = "hard"
		}
		if i%2 == 0 {
			more = `,"stream":true`
		}
		wait.Go(func() {
			res, text := p.post(t, "/v1/chat/completions", posed(question, more))
			got := strings.Count(text, "big") + 10*strings.Count(text, "small")
			if res.StatusCode != 200 || got != 2 && got != 20 || more != "" && !strings.HasSuffix(text, "data: [DONE]\n\n") || more == "" && !json.Valid([]byte(text)) {
				t.Errorf("status %d: %s", res.StatusCode, text)
			}
			if got == 20 {
				small.Add(1)
			}
			if got == 20 && question == "hard" || got == 20 != (res.Header.Get("X-Routellm-Model") == "small") {
				t.Errorf("%s: %v, %s", question, res.Header, text)
			}
		})
	}
	wait.Wait()
	if small.Load() == 0 {
		t.Error("no answer of the weak model")
	}
	outcomes := map[decisionlog.Outcome]int{}
	for _, r := range p.logged(t, n) {
		outcomes[r.Cascade.Outcome]++
	}
	if len(outcomes) != 3 {
		t.Errorf("outcomes %v", outcomes)
	}
	if _, text := p.get(t, "/metrics"); !strings.Contains(text, "\nroutellm_body_bytes 0\n") {
		t.Error("memory is not given back")
	}
}

// TestCascadeDrain stops the program while an answer is held back: the client still gets it.
func TestCascadeDrain(t *testing.T) {
	asked, let := make(chan bool, 1), make(chan bool)
	weak := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- true
		<-let
		says("small", w, r)
	})
	p := serve(t, nil, cascadeAt(t, upstream(t, saying("big")).URL, weak.URL)...)
	answer := make(chan string, 1)
	go func() {
		res, err := http.Post(p.url+"/v1/chat/completions", "application/json", strings.NewReader(posed("easy", "")))
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		answer <- string(raw)
	}()
	<-asked
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.says(t, "draining", 1)
	close(let)
	if got := <-answer; !strings.Contains(got, "small small") {
		t.Errorf("%s", got)
	}
	if r := p.logged(t, 1)[0]; r.Status != 200 || r.Cascade.Outcome != decisionlog.Accepted {
		t.Errorf("%+v", r)
	}
}

// TestCascadeKill kills the program while an answer is held back: the client gets nothing of it, and
// the models' requests end.
func TestCascadeKill(t *testing.T) {
	asked, over := make(chan bool, 1), make(chan bool, 1)
	weak := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"small\"}}]}\n\n")
		w.(http.Flusher).Flush()
		asked <- true
		<-r.Context().Done()
		over <- true
	})
	p := serve(t, nil, cascadeAt(t, upstream(t, saying("big")).URL, weak.URL)...)
	answer := make(chan error, 1)
	go func() {
		res, err := http.Post(p.url+"/v1/chat/completions", "application/json", strings.NewReader(posed("easy", `,"stream":true`)))
		if err == nil {
			res.Body.Close()
		}
		answer <- err
	}()
	<-asked
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-answer; err == nil {
		t.Error("an answer")
	}
	select {
	case <-over:
	case <-time.After(time.Minute):
		t.Error("the request to the weak model goes on")
	}
}
