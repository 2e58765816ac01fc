package live

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// soakTime returns how long TestSoak runs: ROUTELLM_SOAK, or a few seconds.
func soakTime(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("ROUTELLM_SOAK")
	if text == "" {
		return 10 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// unreliable is a model's server that answers each prompt with the prompt, and fails now and then.
type unreliable struct {
	mu   sync.Mutex
	seen map[string]int // number of requests by prompt
}

func (u *unreliable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Stream   bool
		Messages []struct{ Content string }
	}
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil || len(request.Messages) != 1 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	text := request.Messages[0].Content
	u.mu.Lock()
	u.seen[text]++
	u.mu.Unlock()
	time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
	switch rand.IntN(40) {
	case 0:
		panic(http.ErrAbortHandler) // closes the connection
	case 1:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case 2:
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if !request.Stream {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"choices": [{"message": {"content": %q}}], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}`, text)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	for i := range 4 {
		fmt.Fprintf(w, "data: {\"choices\": [{\"delta\": {\"content\": \"%s %d\"}}]}\n\n", text, i)
		w.(http.Flusher).Flush()
		if rand.IntN(200) == 0 {
			panic(http.ErrAbortHandler)
		}
		time.Sleep(time.Duration(rand.IntN(5)) * time.Millisecond)
	}
	_, _ = io.WriteString(w, "data: [DONE]\n\n")
}

// outcome says how a request ended for the client.
type outcome struct {
	left   bool // the client hung up
	status int
	whole  bool   // the answer reached its end
	wrong  string // what of the answer belongs to another request, or was sent twice
}

// soakOne sends a request with a prompt of its own. One in ten hangs up early.
func soakOne(url, text string) (o outcome) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if rand.IntN(10) == 0 {
		o.left = true
		time.AfterFunc(time.Duration(rand.IntN(25))*time.Millisecond, cancel)
	}
	stream := rand.IntN(2) == 0
	body := fmt.Sprintf(`{"model": "routellm", "stream": %t, "messages": [{"role": "user", "content": %q}]}`, stream, text)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		return outcome{wrong: err.Error()}
	}
	res, err := http.DefaultClient.Do(request)
	if err != nil {
		if !o.left {
			o.wrong = err.Error()
		}
		return o
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	o.status, o.whole = res.StatusCode, err == nil
	if o.status == http.StatusOK {
		o.wrong = check(string(raw), text, stream, o.whole)
	}
	return o
}

// check returns what is wrong with an answer, if anything is.
func check(answer, text string, stream, whole bool) string {
	want := 1
	if stream {
		want = 4
	}
	n := strings.Count(answer, text)
	ended := !stream || strings.Count(answer, "[DONE]") == 1
	if n > want || whole && (n != want || !ended) || strings.Count(answer, "soak-") != n {
		return answer
	}
	return ""
}

// TestSoak sends requests for a while, with reloads, failing upstreams and clients that hang up.
// Each request gets one answer, its own; each upstream sees it at most once; and the log has one
// line for it.
func TestSoak(t *testing.T) {
	needLive(t)
	big, small := &unreliable{seen: map[string]int{}}, &unreliable{seen: map[string]int{}}
	bigServer, smallServer := upstream(t, big.ServeHTTP), upstream(t, small.ServeHTTP)
	path := filepath.Join(t.TempDir(), "serve.yaml")
	settings := func(threshold int) {
		text := fmt.Sprintf("router: length\nthreshold: %d\nstrong: big@%s/v1\nweak: small@%s/v1\nfallback: true\nbreaker_cooldown: 100ms\nlog_keep: 0\nlog_max_mb: 1\n", threshold, bigServer.URL, smallServer.URL)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	settings(40)
	p := serve(t, nil, "--config", path)
	end := time.Now().Add(soakTime(t))
	var wait sync.WaitGroup
	var mu sync.Mutex
	outcomes := map[string]outcome{}
	for worker := range 16 {
		wait.Go(func() {
			for i := 0; time.Now().Before(end); i++ {
				text := fmt.Sprintf("soak-%d-%d-%s", worker, i, strings.Repeat("x", i%40))
				o := soakOne(p.url, text)
				mu.Lock()
				outcomes[text] = o
				mu.Unlock()
			}
		})
	}
	reloads := 0
	for time.Now().Before(end) {
		time.Sleep(500 * time.Millisecond)
		settings(30 + reloads%20)
		p.Process.Signal(syscall.SIGHUP)
		reloads++
	}
	wait.Wait()
	p.Process.Signal(syscall.SIGTERM)
	if err := p.Wait(); err != nil {
		t.Errorf("%v\n%s", err, p.output())
	}
	if n := strings.Count(p.output(), "msg=reloaded"); n < reloads/2 {
		t.Errorf("%d of %d reloads", n, reloads)
	}
	summarize(t, outcomes, big.seen, small.seen, logged(t, p.log))
}

// logged returns the number of lines in the logs, by prompt digest.
func logged(t *testing.T, path string) map[string]int {
	t.Helper()
	files, err := filepath.Glob(strings.TrimSuffix(path, ".jsonl") + "*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for _, f := range files {
		if _, err := decisionlog.Read(f, func(r decisionlog.Record) error { lines[r.PromptSHA256]++; return nil }); err != nil {
			t.Error(err)
		}
	}
	return lines
}

// summarize compares what the clients, the upstreams and the log have seen.
func summarize(t *testing.T, outcomes map[string]outcome, big, small, lines map[string]int) {
	t.Helper()
	statuses, left, cut := map[int]int{}, 0, 0
	for text, o := range outcomes {
		digest := sha256.Sum256([]byte(text))
		n := lines[hex.EncodeToString(digest[:])]
		switch {
		case o.wrong != "":
			t.Errorf("%s: %s", text, o.wrong)
		case big[text] > 1 || small[text] > 1:
			t.Errorf("%s: the upstreams saw it %d and %d times", text, big[text], small[text])
		case n > 1 || n == 0 && (!o.left || big[text]+small[text] > 0):
			t.Errorf("%s: %d lines in the log", text, n)
		case o.left:
			left++
		case !o.whole:
			cut++
		}
		statuses[o.status]++
	}
	if statuses[http.StatusOK] < len(outcomes)/2 {
		t.Errorf("too few answers: %v", statuses)
	}
	t.Logf("%d requests, status %v, %d clients left, %d answers broke off with their upstream", len(outcomes), statuses, left, cut)
}
