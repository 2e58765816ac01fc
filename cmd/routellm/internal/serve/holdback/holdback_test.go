package holdback

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/intake"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/reply"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// ask asks a server, and returns the memory that its answers are counted in.
func ask(t *testing.T, ctx context.Context, server string, limit int64) (*Answer, *intake.Memory, error) {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	set := upstream.Set{Fallback: true, All: []*upstream.Upstream{upstream.New(upstream.Options{
		URL: u, Connect: time.Minute, Header: time.Minute, Idle: time.Minute, Failures: 5, Window: time.Minute, Cooldown: time.Minute,
	})}}
	memory := &intake.Memory{}
	r := upstream.Request{
		Request: httptest.NewRequest("POST", "/v1/chat/completions", nil).WithContext(ctx),
		Content: func(string) body.Content { return nil }, Extent: func() body.Extent { return body.Extent{} }, Takes: func(int) bool { return true },
	}
	answer, err := Asker{Set: &set, Memory: memory, Bytes: limit, All: 1 << 30}.Ask(r, reply.Chat)
	return answer, memory, err
}

// serve starts a server that answers with a text.
func serve(t *testing.T, text string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Of-Server", "kept")
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, text)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

const small = `{"choices":[{"index":0,"message":{"content":"4"},"finish_reason":"stop","logprobs":{"content":[{"token":"4","logprob":-1}]}}],"usage":{"prompt_tokens":3,"completion_tokens":2}}`

func TestAsk(t *testing.T) {
	answer, memory, err := ask(t, context.Background(), serve(t, small), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Text != "4" || answer.Usage.Input != 3 || answer.Usage.Output != 2 || memory.Used() != int64(len(small)) {
		t.Errorf("%+v, %d bytes", answer, memory.Used())
	}
	for keep, logprobs := range map[reply.Keep]string{{}: "null", {Logprobs: true}: `{"content":[{"token":"4","logprob":-1}]}`} {
		res := answer.Response(nil, keep)
		raw, err := io.ReadAll(res.Body)
		want := strings.Replace(small, `{"content":[{"token":"4","logprob":-1}]}`, logprobs, 1)
		if err != nil || string(raw) != want || res.ContentLength != int64(len(want)) || res.Header.Get("Content-Length") != fmt.Sprint(len(want)) || res.Header.Get("X-Of-Server") != "kept" {
			t.Errorf("%s, %v, %v", raw, res.Header, err)
		}
	}
	answer.Release()
	if answer.Release(); memory.Used() != 0 {
		t.Errorf("%d bytes are left", memory.Used())
	}
}

// TestBound has the limit of an answer, to the byte.
func TestBound(t *testing.T) {
	for limit, want := range map[int64]upstream.Kind{int64(len(small)): upstream.None, int64(len(small)) - 1: upstream.TooLarge} {
		_, memory, err := ask(t, context.Background(), serve(t, small), limit)
		if upstream.KindOf(err) != want || err != nil && memory.Used() != 0 {
			t.Errorf("limit %d: %v, %d bytes", limit, err, memory.Used())
		}
	}
}

// TestLate has an answer that takes longer than a limit of its caller.
func TestLate(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer s.Close()
	ctx, cancel := context.WithCancelCause(context.Background())
	time.AfterFunc(10*time.Millisecond, func() { cancel(upstream.ErrSlow) })
	if _, _, err := ask(t, ctx, s.URL, 1); upstream.KindOf(err) != upstream.Late {
		t.Errorf("%v", err)
	}
}

// TestMemory measures what a long answer with log-probabilities takes while it is read.
func TestMemory(t *testing.T) {
	if os.Getenv("ROUTELLM_NIGHTLY") != "1" {
		t.Skip("skipped: expensive, ROUTELLM_NIGHTLY=1 runs it")
	}
	one := `{"token":" the","logprob":-0.123456,"bytes":[32,116,104,101],"top_logprobs":[` + strings.TrimSuffix(strings.Repeat(`{"token":" the","logprob":-0.123456,"bytes":[32,116,104,101]},`, 5), ",") + `]}`
	text := strings.Replace(small, `{"token":"4","logprob":-1}`, strings.TrimSuffix(strings.Repeat(one+",", 40_000), ","), 1)
	server := serve(t, text)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	answer, _, err := ask(t, context.Background(), server, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	said := answer.Answer(5)
	runtime.ReadMemStats(&after)
	held := float64(after.HeapSys-before.HeapSys) / float64(len(text))
	if t.Logf("%d bytes: the heap has grown by %.1f times that; %v", len(text), held, said.LogprobMean); held > 12 {
		t.Errorf("the heap has grown by %.1f times the answer's %d bytes", held, len(text))
	}
}
