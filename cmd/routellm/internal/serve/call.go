package serve

import (
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/conversation"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/endpoint"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/intake"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/tracing"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
	"github.com/routellm/routellm/results"
)

// call holds the state of one request while it is answered.
type call struct {
	*state
	start     time.Time
	endpoint  endpoint.Endpoint // zero for /v1/route
	in        *intake.Body
	request   body.Body
	router    Router
	threshold float64      // the router's threshold or, among several models, lambda; NaN for none
	extent    *body.Extent // size of the request, once it is measured
	thread    thread
	dry       bool // no answer is asked for: no coin, and no change of what is remembered
	decision  decision
	cascade   *cascading // nil unless the weak model's answer decides
	record    decisionlog.Record
	usage     body.Usage
	done      body.Done
	answerID  body.AnswerID
	by        int  // the upstream that answered
	complete  bool // the answer reached its end
	span      tracing.Span
	ending    upstream.Kind // the failure that ended the answer early, else None
}

// thread holds what is known about the conversation that a request belongs to.
type thread struct {
	client string           // whose conversation it is; see owner
	named  string           // value of the header that names the conversation, or ""
	key    conversation.Key // the conversation; no key if the request belongs to none

	continues bool // the request continues an answer or a conversation that a model's server keeps
	bound     bool // the upstream that keeps it is known: maker
	maker     int
}

// callKey is the context key of a request's call.
type callKey struct{}

func callOf(r *http.Request) *call { return r.Context().Value(callKey{}).(*call) }

// begin reads a request whose text is under one of the keys. If it cannot, it answers with
// an error and returns nil. The caller must release the call.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request, keys ...string) *call {
	c := &call{state: h.state.Load(), start: time.Now()}
	if err := body.CheckQuery(r.URL.RawQuery); err != nil && r.Method == http.MethodPost {
		h.reject(w, http.StatusBadRequest, apiError{Message: err.Error(), Code: "invalid_query"})
		return nil
	}
	c.thread.client, c.thread.named = c.owner(r), r.Header.Get(c.StickyHeader)
	in, err := h.bodies.Read(w, r, intake.Limits{Body: c.MaxBody, All: c.MaxBodies, Time: c.ClientTimeout})
	if err != nil {
		h.rejectBody(w, err)
		return nil
	}
	r.Header.Del("Content-Encoding")   // the body is sent on as it was read
	if len(keys) > 0 || in.Len() > 0 { // what is not routed may have no body
		c.request, err = body.Parse(in.String(), keys...)
	}
	if err != nil {
		in.Release()
		h.reject(w, http.StatusBadRequest, apiError{Message: err.Error(), Code: "invalid_body"})
		return nil
	}
	c.in = in
	return c
}

// release gives the memory of a request back at its end.
func (c *call) release() {
	c.in.Release()
	c.cascade.release()
}

// micros returns a duration in microseconds, cut to tenths.
func micros(d time.Duration) float64 { return float64(d.Nanoseconds()/100) / 10 }

// document returns the decision as it is answered and logged.
func (c *call) document() results.Decision {
	d := c.decision
	out := results.Decision{
		Router: c.router.Name, Model: c.model(d.upstream), Side: c.side(d.upstream), Score: d.score,
		Threshold: results.ThresholdAt(c.threshold), Unlike: d.unlike, Microseconds: micros(d.took),
	}
	if c.Several() {
		out.Threshold = results.Threshold{Score: results.Missing}
		out.PoolDecision = &results.PoolDecision{Axis: c.Policy.Axis, Lambda: results.Value(c.threshold), Models: c.predicted(d.forecast)}
	}
	return out
}
