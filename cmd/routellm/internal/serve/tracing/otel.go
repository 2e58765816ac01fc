//go:build otel

package tracing

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Tracer makes spans. A nil tracer makes none.
type Tracer struct {
	provider *sdk.TracerProvider
	trace.Tracer
}

// Span is the span of a request or of one upstream's part in it.
type Span struct{ trace.Span }

// New returns a tracer that sends spans in the background, over HTTP, to the collector that the
// environment names. It returns nil if the environment names none.
func New(ctx context.Context) (*Tracer, error) {
	if !wanted() {
		return nil, nil
	}
	exporter, err := otlptracehttp.New(ctx) // reads the environment
	if err != nil {
		return nil, err
	}
	named, err := resource.Merge(resource.NewSchemaless(attribute.String("service.name", "routellm")), resource.Environment())
	if err != nil {
		return nil, err
	}
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(named))
	return &Tracer{provider, provider.Tracer("github.com/routellm/routellm")}, nil
}

// carrier reads and writes a trace's context in headers, in the form of W3C Trace Context.
var carrier = propagation.TraceContext{}

// Request begins the span of a client's request, and returns the request with it. The span
// continues the client's trace if the request names one.
func (t *Tracer) Request(r *http.Request, endpoint string) (*http.Request, Span) {
	if t == nil {
		return r, Span{}
	}
	ctx := carrier.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := t.Start(ctx, endpoint, trace.WithSpanKind(trace.SpanKindServer))
	return r.WithContext(ctx), Span{span}
}

// Upstream begins the span of a request to an upstream, as a part of the request's span in ctx.
// It writes the trace's context into the header.
func (t *Tracer) Upstream(ctx context.Context, header http.Header, side, model string) Span {
	if t == nil {
		return Span{}
	}
	ctx, span := t.Start(ctx, side, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("gen_ai.request.model", model)))
	carrier.Inject(ctx, propagation.HeaderCarrier(header))
	return Span{span}
}

// End ends the span with an HTTP status, 0 if there was none, and a kind of failure, or "".
func (s Span) End(status int, failure string, fields ...Field) {
	if s.Span == nil {
		return
	}
	if status > 0 {
		s.SetAttributes(attribute.Int("http.response.status_code", status))
	}
	if failure != "" {
		s.SetAttributes(attribute.String("error.type", failure))
		s.SetStatus(codes.Error, "")
	}
	for _, f := range fields {
		s.SetAttributes(attributeOf(f))
	}
	s.Span.End()
}

func attributeOf(f Field) attribute.KeyValue {
	switch value := f.Value.(type) {
	case string:
		return attribute.String(f.Key, value)
	case float64:
		return attribute.Float64(f.Key, value)
	case int:
		return attribute.Int(f.Key, value)
	}
	return attribute.Bool(f.Key, f.Value == true)
}

// Close sends the spans that are left. It does nothing for a nil tracer.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}
