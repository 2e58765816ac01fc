package serve

import (
	"net/http"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/tracing"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// traceUpstream returns the function that begins an upstream's span, nil without a tracer. It
// writes the trace's context into the request, and returns what ends the span.
func traceUpstream(t *tracing.Tracer, side, model string) func(*http.Request) func(*http.Response, error) {
	if t == nil {
		return nil
	}
	return func(r *http.Request) func(*http.Response, error) {
		span := t.Upstream(r.Context(), r.Header, side, model)
		return func(res *http.Response, err error) {
			status := 0
			if res != nil {
				status = res.StatusCode
			}
			span.End(status, string(upstream.KindOf(err)))
		}
	}
}

// endSpan ends the request's span with what the decision log says.
func (c *call) endSpan() {
	if c.Tracer == nil {
		return
	}
	r := &c.record
	fields := []tracing.Field{
		{Key: "routellm.id", Value: r.ID},
		{Key: "routellm.router", Value: r.Router},
		{Key: "routellm.decision", Value: string(r.Side)},
		{Key: "routellm.reason", Value: string(r.Reason)},
		{Key: "routellm.fallback", Value: r.Fallback},
		{Key: "gen_ai.response.model", Value: r.AnsweredModel},
	}
	if r.Score.Exists() {
		fields = append(fields, tracing.Field{Key: "routellm.score", Value: float64(r.Score)})
	}
	if r.InputTokens != nil {
		fields = append(fields, tracing.Field{Key: "gen_ai.usage.input_tokens", Value: *r.InputTokens},
			tracing.Field{Key: "gen_ai.usage.output_tokens", Value: *r.OutputTokens})
	}
	c.span.End(r.Status, r.Error, fields...)
}
