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
