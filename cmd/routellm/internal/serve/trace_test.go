//go:build otel

package serve

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/tracing"
)

// TestTrace expects spans of a request and of each upstream in the client's trace, and the
// trace's context at the upstreams.
func TestTrace(t *testing.T) {
	var sent strings.Builder
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(&sent, r.Body) // names stand as they are in Protocol Buffers
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	tracer, err := tracing.New(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	strong, weak := newFake(t, fine), newFake(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	p := start(t, strong.URL, weak.URL, func(s *Settings) { s.Tracer, s.Fallback = tracer, true })
	r, err := http.NewRequest("POST", p.URL+"/v1/chat/completions", strings.NewReader(chat("routellm", easy)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Traceparent", "00-0102030405060708090a0b0c0d0e0f10-1112131415161718-01")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	p.records(t, 1)
	if err := tracer.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, f := range []*fake{strong, weak} {
		if got, _ := f.last(t); !strings.HasPrefix(got.Header.Get("Traceparent"), "00-0102030405060708090a0b0c0d0e0f10-") || strings.Contains(got.Header.Get("Traceparent"), "1112131415161718") {
			t.Errorf("the upstream got %q", got.Header.Get("Traceparent"))
		}
	}
	for _, want := range []string{"chat", "strong", "weak", "routellm.score", "gen_ai.usage.input_tokens", "server_error"} {
		if !strings.Contains(sent.String(), want) {
			t.Errorf("the spans lack %q", want)
		}
	}
	if strings.Contains(sent.String(), easy) {
		t.Error("the prompt is in the spans")
	}
}
