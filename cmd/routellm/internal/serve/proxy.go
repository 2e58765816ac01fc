package serve

import (
	"io"
	"log"
	"net/http"
	"net/http/httptrace"
	"net/http/httputil"
	"strconv"
	"sync"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/endpoint"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// newProxy returns the reverse proxy. The standard library flushes event streams and
// answers of unknown length as they arrive.
func (h *Handler) newProxy() *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Rewrite:        rewrite,
		Transport:      transport(h.send),
		ModifyResponse: h.answered,
		ErrorHandler:   h.failed,
		BufferPool:     &buffers{},
		ErrorLog:       log.New(io.Discard, "", 0), // faults logs failures instead
	}
}

// buffers is a pool of the buffers that answers are copied with.
type buffers struct{ pool sync.Pool }

// Get returns a buffer of 32 KiB.
func (b *buffers) Get() []byte {
	if p, ok := b.pool.Get().(*[]byte); ok {
		return *p
	}
	return make([]byte, 32<<10)
}

// Put returns a buffer to the pool.
func (b *buffers) Put(p []byte) { b.pool.Put(&p) }

// rewrite removes headers that the model's server must not see.
func rewrite(p *httputil.ProxyRequest) {
	h, c := p.Out.Header, callOf(p.In)
	access.CleanRequest(p.Out, c.ForwardClientKey)
	if !c.ForwardClientKey {
		for _, u := range c.upstreams.All {
			h.Del(u.KeyHeader)
		}
	}
	h.Set("Accept-Encoding", "identity") // token counts can be read from plain answers only
}

// transport adapts a function to [http.RoundTripper].
type transport func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// send sends a request to the upstream that was chosen and, with fallback, to the next one if
// that fails.
func (h *Handler) send(r *http.Request) (*http.Response, error) {
	withoutHints(r)
	c := callOf(r)
	if c.cascade != nil {
		return h.cascaded(r, c)
	}
	answer, err := c.upstreams.Send(c.toSend(r), c.decision.upstream)
	c.by = answer.By
	c.record.FirstByteS = time.Since(c.start).Seconds()
	c.record.Answered, c.record.Fallback = c.side(answer.By), answer.Fallback
	c.record.AnsweredModel = c.model(answer.By)
	for _, failed := range answer.Failures {
		h.faults.note(c.name(failed.By), failed.Err)
	}
	if len(answer.Failures) > 0 {
		c.record.Error = string(upstream.KindOf(answer.Failures[0].Err))
	}
	if answer.Fallback {
		h.metrics.fallbacks.WithLabelValues(c.name(c.decision.upstream)).Inc()
	}
	return answer.Response, err
}

// withoutHints keeps informational answers (103) of a model's server from the client: their headers
// pass unchecked, and another server may answer in the end.
func withoutHints(r *http.Request) {
	if t := httptrace.ContextClientTrace(r.Context()); t != nil {
		t.Got1xxResponse = nil // the reverse proxy's, which passes them on
	}
}

// answered adds the X-Routellm headers to an answer and taps its body.
func (h *Handler) answered(res *http.Response) error {
	c := callOf(res.Request)
	c.record.Status = res.StatusCode
	access.CleanAnswer(res.Header, c.ForwardClientKey)
	c.mark(res.Header)
	if c.hopeless(res.StatusCode) {
		res.Header.Set(noRetry, "false")
	}
	res.Body = &tap{res.Body, c, h}
	return nil
}

// mark sets the X-Routellm headers, which say which model was chosen and why.
func (c *call) mark(h http.Header) {
	if c.endpoint.To != endpoint.Routed {
		return
	}
	h.Set("X-Routellm-Id", c.record.ID)
	h.Set("X-Routellm-Model", c.record.AnsweredModel)
	h.Del("X-Routellm-Router")
	if c.router.Name != "" {
		h.Set("X-Routellm-Router", c.router.Name)
	}
	if c.cascade != nil {
		c.cascade.mark(h)
	}
	h.Set("X-Routellm-Microseconds", strconv.FormatFloat(micros(c.decision.took), 'f', 1, 64))
	h.Del("X-Routellm-Score")
	if c.decision.score.Exists() {
		h.Set("X-Routellm-Score", strconv.FormatFloat(float64(c.decision.score), 'g', -1, 64))
	}
}

// noRetry is the header in which a server tells OpenAI's and Anthropic's clients, with "false", not
// to send a failed request again.
const noRetry = "X-Should-Retry"

// hopeless reports whether a failed request should not be sent again: the model would compute a
// long answer once more, or cannot serve the request.
func (c *call) hopeless(status int) bool {
	unfit := c.record.Error == string(upstream.TooLong) || c.record.Error == string(upstream.Unable)
	return status == http.StatusGatewayTimeout || unfit && status >= http.StatusBadRequest
}

// failed answers a request that no model answered.
func (h *Handler) failed(w http.ResponseWriter, r *http.Request, err error) {
	c, failure := callOf(r), upstream.FailureOf(err)
	status, message := failure.Kind.Reply()
	c.record.Status, c.ending = status, failure.Kind
	c.mark(w.Header())
	switch {
	case failure.Kind == upstream.BreakerOpen:
		w.Header().Set("Retry-After", strconv.Itoa(int(c.BreakerCooldown.Seconds())+1))
	case failure.Kind == upstream.Local:
		w.Header().Set("Retry-After", "1")
	case c.hopeless(status), failure.Refusal():
		w.Header().Set(noRetry, "false")
	}
	writeError(w, status, apiError{Message: message, Code: string(failure.Kind)})
}
