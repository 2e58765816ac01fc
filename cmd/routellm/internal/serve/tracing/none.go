//go:build !otel

package tracing

import (
	"context"
	"errors"
	"net/http"
)

// Tracer makes spans.
type Tracer struct{}

// Span is the span of a request or of one upstream's part in it.
type Span struct{}

// New returns a tracer, and an error if the environment asks for spans: this build has none.
func New(context.Context) (*Tracer, error) {
	if wanted() {
		return nil, errors.New("OTEL_EXPORTER_OTLP_ENDPOINT is set, but this program is built without OpenTelemetry: build it with -tags otel")
	}
	return nil, nil
}

// Request begins the span of a client's request.
func (*Tracer) Request(r *http.Request, _ string) (*http.Request, Span) { return r, Span{} }

// Upstream begins the span of a request to an upstream, whose header takes the trace's context.
func (*Tracer) Upstream(context.Context, http.Header, string, string) Span { return Span{} }

// End ends the span with an HTTP status and a kind of failure, either of which may be absent.
func (Span) End(int, string, ...Field) {}

// Close sends the spans that are left. It does nothing for a nil tracer.
func (*Tracer) Close(context.Context) error { return nil }
