//go:build otel

package tracing

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	trace "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collect starts a collector and returns the spans that it gets, by name.
func collect(t *testing.T) (url string, spans func() map[string]*trace.Span) {
	t.Helper()
	var mu sync.Mutex
	all := map[string]*trace.Span{}
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var got collector.ExportTraceServiceRequest
		if err := proto.Unmarshal(raw, &got); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, of := range got.ResourceSpans {
			for _, scope := range of.ScopeSpans {
				for _, span := range scope.Spans {
					all[span.Name] = span
				}
			}
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, func() map[string]*trace.Span {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}

// TestSpans sends the spans of a request, which continue the client's trace, and those of its two
// upstreams, one of which failed.
func TestSpans(t *testing.T) {
	at, spans := collect(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", at)
	tracer, err := New(context.Background())
	if err != nil || tracer == nil {
		t.Fatal(tracer, err)
	}
	r := httptest.NewRequest("POST", "/v1/chat/completions", nil)
	r.Header.Set("Traceparent", "00-0102030405060708090a0b0c0d0e0f10-1112131415161718-01")
	r, request := tracer.Request(r, "chat")
	header := http.Header{}
	tracer.Upstream(r.Context(), header, "strong", "big").End(0, "connect")
	tracer.Upstream(r.Context(), header, "weak", "small").End(200, "")
	request.End(200, "", Field{"routellm.score", 0.25}, Field{"routellm.side", "strong"}, Field{"gen_ai.usage.input_tokens", 7}, Field{"routellm.fallback", true})
	if err := tracer.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	got := spans()
	if len(got) != 3 || string(got["chat"].ParentSpanId) != "\x11\x12\x13\x14\x15\x16\x17\x18" || len(got["chat"].Attributes) != 5 {
		t.Fatalf("spans %v", got)
	}
	for _, name := range []string{"strong", "weak"} {
		if s := got[name]; string(s.ParentSpanId) != string(got["chat"].SpanId) || string(s.TraceId) != string(got["chat"].TraceId) {
			t.Errorf("the span %s is not part of the request's: %v", name, s)
		}
	}
	if got["strong"].Status.GetCode() != trace.Status_STATUS_CODE_ERROR || got["weak"].Status.GetCode() == trace.Status_STATUS_CODE_ERROR {
		t.Errorf("status %v and %v", got["strong"].Status, got["weak"].Status)
	}
	if header.Get("Traceparent") == "" {
		t.Error("the upstream gets no trace context")
	}
}

// TestNoSpans expects no tracer without a collector, and that a nil tracer does nothing.
func TestNoSpans(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
	tracer, err := New(context.Background())
	if err != nil || tracer != nil {
		t.Fatal(tracer, err)
	}
	r, span := tracer.Request(httptest.NewRequest("GET", "/", nil), "chat")
	tracer.Upstream(r.Context(), r.Header, "strong", "big").End(0, "")
	span.End(200, "")
	if err := tracer.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
