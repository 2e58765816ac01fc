package serve

import "github.com/routellm/routellm/cmd/routellm/internal/serve/tracing"

// endSpan ends the request's span with what the decision log says.
func (c *call) endSpan() {
	if c.Tracer == nil {
		return
	}
	r := &c.record
	fields := []tracing.Field{
		{Key: "routellm.id", Value: r.ID},
		{Key: "routellm.router", Value: r.Router},
		{Key: "routellm.decision", Value: c.name(c.decision.upstream)},
		{Key: "routellm.reason", Value: string(r.Reason)},
		{Key: "routellm.fallback", Value: r.Fallback},
		{Key: "gen_ai.response.model", Value: r.AnsweredModel},
	}
	if r.Cascade != nil {
		fields = append(fields, tracing.Field{Key: "routellm.cascade", Value: string(r.Cascade.Outcome)})
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
