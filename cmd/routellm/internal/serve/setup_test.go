package serve

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/internal/goschema/schematest"
)

// words scores a text by its number of words. The tests' threshold is 10.
var words = Router{Name: "words", Score: only(func(_ context.Context, _, text string) (float64, error) {
	return float64(len(strings.Fields(text))), nil
})}

// only returns the function of a router that does not know what it was trained on.
func only(score func(ctx context.Context, id, text string) (float64, error)) func(context.Context, string, string) (float64, *bool, error) {
	return func(ctx context.Context, id, text string) (float64, *bool, error) {
		s, err := score(ctx, id, text)
		return s, nil, err
	}
}

const (
	easy = "who signs the lease"
	hard = "prove in ten or more words that no prime is the square of another one"
)

// proxied is a server under test.
type proxied struct {
	*httptest.Server
	server *Server
	log    *buffer // the server's event log
	path   string  // the decision log's file
}

// buffer is a bytes.Buffer for concurrent use.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// settings returns the default settings with two upstreams.
func settings(t testing.TB, strong, weak string) Settings {
	t.Helper()
	set := Settings{Routers: []Router{words}}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	set.Add(flags)
	for name, value := range map[string]string{"strong": "big@" + strong + "/v1", "weak": "small@" + weak + "/v1", "threshold": "10"} {
		if err := flags.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	return set
}

// start starts a server in front of two upstreams.
func start(t testing.TB, strong, weak string, change func(*Settings)) *proxied {
	t.Helper()
	set := settings(t, strong, weak)
	if change != nil {
		change(&set)
	}
	return startWith(t, set)
}

// startWith starts a server with settings.
func startWith(t testing.TB, set Settings) *proxied {
	t.Helper()
	p := &proxied{log: &buffer{}, path: filepath.Join(t.TempDir(), "decisions.jsonl")}
	records, err := decisionlog.Open(p.path, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	if p.server, err = New(set, slog.New(slog.NewTextHandler(p.log, nil)), records); err != nil {
		t.Fatal(err)
	}
	p.Server = httptest.NewServer(p.server)
	t.Cleanup(func() {
		p.Close()
		p.server.calls.Wait()
		if err := records.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// records waits until the decision log has n records and returns them.
func (p *proxied) records(t testing.TB, n int) []decisionlog.Record {
	t.Helper()
	var all []decisionlog.Record
	for range 500 {
		all = nil
		if _, err := decisionlog.Read(p.path, func(r decisionlog.Record) error { all = append(all, r); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(all) >= n {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(all) != n {
		t.Fatalf("%d records, expected %d", len(all), n)
	}
	schematest.Lines(t, "decisions.schema.json", p.path)
	return all
}

// metric waits until a metric has a value: a request is counted only once it has finished.
func (p *proxied) metric(t testing.TB, name string, want float64) {
	t.Helper()
	line := fmt.Sprintf("routellm_%s %v\n", name, want)
	text := ""
	for range 500 {
		res, err := p.Client().Get(p.URL + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if text = string(raw); strings.Contains(text, "\n"+line) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	for _, l := range strings.Split(text, "\n") {
		if strings.HasPrefix(l, "routellm_"+strings.Split(name, "{")[0]) {
			t.Errorf("%s, expected %s", l, line)
			return
		}
	}
	t.Errorf("no %s", line)
}

// chat returns a request with one message.
func chat(model, text string) string {
	return fmt.Sprintf(`{"model": %q, "messages": [{"role": "user", "content": %q}]}`, model, text)
}

// post sends a request and reads the answer; err comes from reading it.
func (p *proxied) post(t testing.TB, path, request string) (res *http.Response, answer string, err error) {
	t.Helper()
	res, err = p.Client().Post(p.URL+path, "application/json", strings.NewReader(request))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return res, string(raw), err
}

// fake is a model's server that answers with a handler and keeps the requests.
type fake struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func newFake(t testing.TB, handler http.HandlerFunc) *fake {
	f := &fake{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		f.mu.Lock()
		f.requests, f.bodies = append(f.requests, r), append(f.bodies, string(raw))
		r.Body = io.NopCloser(bytes.NewReader(raw)) // for the handler
		f.mu.Unlock()
		handler(w, r)
	}))
	f.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo)
	t.Cleanup(f.Close)
	return f
}

func (f *fake) last(t testing.TB) (*http.Request, string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.requests) == 0 {
		t.Fatal("the model got no request")
	}
	return f.requests[len(f.requests)-1], f.bodies[len(f.bodies)-1]
}

func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.requests)
}

const completion = `{"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0, "finish_reason": "stop",
 "message": {"role": "assistant", "content": "\"usage\": {\"prompt_tokens\": 99}"}}], "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}}`

// fine answers as a model's server does.
func fine(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Of-Server", "kept")
	io.WriteString(w, completion)
}

// event sends one event of a stream.
func event(w http.ResponseWriter, data string) {
	fmt.Fprintf(w, "data: %s\n\n", data)
	w.(http.Flusher).Flush()
}

func chunk(text string) string {
	return fmt.Sprintf(`{"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {"content": %q}}], "usage": null}`, text)
}

const lastChunk = `{"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": 3, "total_tokens": 7}}`
