package live

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/servetest"
	"github.com/routellm/routellm/internal/llamatest"
)

// pictured is a question with an image.
const pictured = `{"model": "routellm", "messages": [{"role": "user", "content": [{"type": "text", "text": "what is this"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}}]}]}`

// TestFrozenConnection freezes the only connection to an upstream with HTTP/2. Pings find out
// within 15 seconds, all requests on it are one failure, and the next request gets a new
// connection.
func TestFrozenConnection(t *testing.T) {
	needLive(t)
	s, env := secureUpstream(t, answers)
	r := servetest.NewRelay(t, s.Listener.Addr().String())
	at := "https://" + r.Addr().String()
	p := serve(t, env, toWeak(at, at, "--breaker-failures", "2")...)
	if got := p.status(t, question); got != http.StatusOK {
		t.Fatalf("status %d:\n%s", got, p.output())
	}
	r.Freeze()
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if got := p.status(t, question); got != http.StatusBadGateway {
				t.Errorf("status %d on the dead connection, expected 502", got)
			}
		})
	}
	wait.Wait()
	if got := p.status(t, question); got != http.StatusOK {
		t.Errorf("status %d after the dead connection:\n%s", got, p.output())
	}
	if strings.Contains(p.output(), "circuit breaker") {
		t.Errorf("a breaker has opened:\n%s", p.output())
	}
}

// TestFrozenHTTP1 freezes connections without pings, before an answer and within one.
func TestFrozenHTTP1(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(raw), `"stream"`) {
			answers(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: {}\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	r := servetest.NewRelay(t, s.Listener.Addr().String())
	at := "http://" + r.Addr().String()
	p := serve(t, nil, toWeak(at, at, "--header-timeout", "2s", "--idle-timeout", "2s")...)
	p.status(t, question)
	r.Freeze()
	if got := p.status(t, question); got != http.StatusGatewayTimeout {
		t.Errorf("status %d on the dead connection, expected 504", got)
	}
	if got := p.status(t, question); got != http.StatusOK {
		t.Errorf("status %d after the dead connection:\n%s", got, p.output())
	}
	res, err := http.Post(p.url+"/v1/chat/completions", "application/json", strings.NewReader(strings.Replace(question, "{", `{"stream": true, `, 1)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	r.Freeze()
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("the frozen stream has ended well")
	}
	if got := p.status(t, question); got != http.StatusOK {
		t.Errorf("status %d after the frozen stream:\n%s", got, p.output())
	}
}

// TestSilentServer has a server that never ends its TLS handshake.
func TestSilentServer(t *testing.T) {
	s := upstream(t, answers)
	r := servetest.NewRelay(t, s.Listener.Addr().String())
	r.Mute()
	p := serve(t, nil, toWeak(s.URL, "https://"+r.Addr().String(), "--fallback", "--connect-timeout", "1s")...)
	for range 5 {
		if got := p.status(t, question); got != http.StatusOK {
			t.Errorf("status %d:\n%s", got, p.output())
		}
	}
	if !strings.Contains(p.output(), `msg="circuit breaker" side=weak state=open`) {
		t.Errorf("no breaker has opened:\n%s", p.output())
	}
}

// TestIllServer has a weak server that is ill and gets well, while its clients retry.
func TestIllServer(t *testing.T) {
	var status atomic.Int32
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		switch code := int(status.Load()); {
		case strings.Contains(string(raw), "image_url"):
			http.Error(w, `{"error": {"code": 500, "message": "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", "type": "server_error"}}`, 500)
		case code != 0:
			w.WriteHeader(code)
		default:
			answers(w, r)
		}
	})
	p := serve(t, nil, toWeak(s.URL, s.URL, "--breaker-cooldown", "2s")...)
	for range 30 { // ten calls of a client that retries twice
		if got := p.status(t, pictured); got != http.StatusInternalServerError {
			t.Fatalf("status %d for an image", got)
		}
	}
	if got := p.status(t, question); got != http.StatusOK {
		t.Fatalf("status %d for others:\n%s", got, p.output())
	}
	status.Store(529)
	for range 5 {
		p.status(t, question)
	}
	if res, answer := p.post(t, "/v1/chat/completions", question); res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(answer, "breaker_open") || res.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, %s, %v", res.StatusCode, answer, res.Header)
	}
	status.Store(0)
	for deadline := time.Now().Add(time.Minute); p.status(t, question) != http.StatusOK; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the breaker stays open:\n%s", p.output())
		}
	}
	if got := p.status(t, question); got != http.StatusOK {
		t.Errorf("status %d after a good answer", got)
	}
}

// TestDeadKey has an upstream that refuses the server's own key.
func TestDeadKey(t *testing.T) {
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer good" {
			answers(w, r)
			return
		}
		http.Error(w, `{"error": {"message": "Incorrect API key provided: bad"}}`, http.StatusUnauthorized)
	})
	env := []string{"STRONG_KEY=good", "WEAK_KEY=bad"}
	keys := []string{"--strong-key-env", "STRONG_KEY", "--weak-key-env", "WEAK_KEY"}
	p := serve(t, env, toWeak(s.URL, s.URL, keys...)...)
	res, answer := p.post(t, "/v1/chat/completions", question)
	if res.StatusCode != http.StatusBadGateway || !strings.Contains(answer, "upstream_credentials") || strings.Contains(answer, "Incorrect") {
		t.Errorf("status %d, %s", res.StatusCode, answer)
	}
	if _, got := p.get(t, "/ready"); !strings.Contains(got, `"code":"upstream_credentials","status":401`) {
		t.Errorf("ready: %s", got)
	}
	if _, got := p.get(t, "/metrics"); !strings.Contains(got, `routellm_upstream_refusals_total{side="weak",status="401"} 1`) {
		t.Errorf("no metric")
	}
	if said := p.output(); !strings.Contains(said, `msg="model refuses every request" side=weak status=401`) || strings.Contains(said, "Incorrect") {
		t.Errorf("the log:\n%s", said)
	}
	p = serve(t, env, toWeak(s.URL, s.URL, append(keys, "--fallback")...)...)
	if got := p.status(t, question); got != http.StatusOK {
		t.Errorf("status %d with fallback:\n%s", got, p.output())
	}
}

// limited replaces a program by one with a limit of open files, which the shell sets with ulimit.
func limited(limit string) func(*exec.Cmd) {
	return func(c *exec.Cmd) {
		c.Args = append([]string{"bash", "-c", limit + ` && exec "$0" "$@"`}, c.Args...)
		c.Path, c.Err = exec.LookPath("bash")
	}
}

// TestFewFiles lets clients take all files that the program may open.
func TestFewFiles(t *testing.T) {
	s := upstream(t, answers)
	p := serveAs(t, limited("ulimit -n 64"), nil, toWeak(s.URL, s.URL, "--max-connections", "60", "--breaker-failures", "1")...)
	var clients []net.Conn
	for range 60 {
		c, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		clients = append(clients, c)
	}
	p.says(t, `msg="no connection left for clients: further ones wait"`, 1)
	for _, c := range clients[:5] {
		fmt.Fprintf(c, "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", len(question), question)
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(raw), "local_limit") || res.Header.Get("Retry-After") == "" {
			t.Errorf("status %d, %s, %v", res.StatusCode, raw, res.Header)
		}
	}
	for _, c := range clients {
		c.Close()
	}
	if got := p.status(t, question); got != http.StatusOK {
		t.Errorf("status %d afterwards", got)
	}
	said := p.output()
	if strings.Count(said, `msg="no connection left to a model"`) != 1 || !strings.Contains(said, "too many open files") || strings.Contains(said, "circuit breaker") {
		t.Errorf("the log:\n%s", said)
	}
}

// TestManyClients expects clients beyond the limit of open files to wait, and the soft limit to
// be raised to the hard one.
func TestManyClients(t *testing.T) {
	s := upstream(t, answers)
	p := serveAs(t, limited("ulimit -Sn 48 && ulimit -Hn 96"), nil, toWeak(s.URL, s.URL)...)
	if !strings.Contains(p.output(), "open_files=9") {
		t.Errorf("the log:\n%s", p.output())
	}
	var wait sync.WaitGroup
	for i := range 100 {
		wait.Go(func() {
			c := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			res, err := c.Post(p.url+"/v1/chat/completions", "application/json", strings.NewReader(question))
			if err != nil {
				t.Error(err)
				return
			}
			if res.Body.Close(); res.StatusCode != http.StatusOK {
				t.Errorf("request %d: status %d", i, res.StatusCode)
			}
		})
	}
	wait.Wait()
	if said := p.output(); strings.Contains(said, "level=ERROR") || strings.Contains(said, "too many open files") {
		t.Errorf("the log:\n%s", said)
	}
}

// needPython skips a test that needs Python's packages.
func needPython(t *testing.T) {
	t.Helper()
	needLive(t)
	if os.Getenv("ROUTELLM_REQUIRE_PYTHON") != "1" {
		t.Skip("skipped: make test-serve runs it")
	}
}

// TestImageForLlama sends an image to llama.cpp with a model that reads text alone: it answers 500.
func TestImageForLlama(t *testing.T) {
	needPython(t)
	weak := strings.TrimSuffix(llamatest.ModelServer(t, llama), "/v1")
	s := upstream(t, answers)
	short := strings.Replace(question, "{", `{"max_tokens": 4, `, 1)
	alone := serve(t, nil, toWeak(s.URL, weak, "--breaker-failures", "1")...)
	for range 6 { // two calls of a client that retries twice
		if got := alone.status(t, pictured); got < 400 {
			t.Fatalf("status %d for an image", got)
		}
	}
	if got := alone.status(t, short); got != http.StatusOK {
		t.Errorf("status %d for others:\n%s", got, alone.output())
	}
	if r := alone.records(t)[0]; r.Error != "unsupported_input" {
		t.Errorf("logged %+v", r)
	}
	p := serve(t, nil, toWeak(s.URL, weak, "--fallback")...)
	if got := p.status(t, pictured); got != http.StatusOK {
		t.Errorf("status %d with fallback:\n%s", got, p.output())
	}
	long := fmt.Sprintf(`{"model": "routellm", "messages": [{"role": "user", "content": %q}]}`, strings.Repeat("one more word ", 5000))
	if got := p.status(t, long); got != http.StatusOK {
		t.Errorf("status %d for a long prompt with fallback:\n%s", got, p.output())
	}
	all := p.records(t)
	if last := all[len(all)-1]; last.Error != "context_length" || last.Answered != "strong" {
		t.Errorf("logged %+v", last)
	}
}

// TestRetries counts what OpenAI's client makes of one call: nothing is gained by asking again
// after a 504 or with an image that the model does not take.
func TestRetries(t *testing.T) {
	needPython(t)
	var asked, status atomic.Int32
	s := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Error(w, `{"error": {"message": "image input is not supported", "type": "server_error"}}`, int(status.Load()))
	})
	p := serve(t, nil, toWeak(s.URL, s.URL)...)
	for name, c := range map[string]struct {
		status, want int32
		request      string
	}{
		"image": {500, 1, pictured}, "late": {504, 1, question}, "refused": {401, 1, question}, "ill": {503, 3, question},
	} {
		asked.Store(0)
		status.Store(c.status)
		program := "import json, openai, sys\ntry: openai.OpenAI(base_url=sys.argv[1] + '/v1', api_key='none').chat.completions.create(**json.loads(sys.argv[2]))\nexcept openai.APIStatusError: pass"
		if out, err := exec.Command("python3", "-c", program, p.url, c.request).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if got := asked.Load(); got != c.want {
			t.Errorf("%s: the model was asked %d times, expected %d", name, got, c.want)
		}
	}
}
