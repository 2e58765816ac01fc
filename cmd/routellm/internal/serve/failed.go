package serve

import (
	"log/slog"
	"net/http"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// failures maps each kind of failure to the answer that the client gets if no upstream
// answered.
var failures = map[upstream.Kind]struct {
	status  int
	message string
}{
	upstream.ClientGone:  {statusGone, "the client has left"},
	upstream.Refused:     {http.StatusBadGateway, "the model's server could not be reached"},
	upstream.Local:       {http.StatusServiceUnavailable, "this server has no connection to the model left: try again later"},
	upstream.SlowHeader:  {http.StatusGatewayTimeout, "the model's server did not answer in time"},
	upstream.Idle:        {http.StatusGatewayTimeout, "the model's server did not answer in time"},
	upstream.Cut:         {http.StatusBadGateway, "the model's server broke the connection"},
	upstream.BreakerOpen: {http.StatusServiceUnavailable, "the model's server failed repeatedly and gets no requests for a while: try again later"},

	upstream.Credentials:   {http.StatusBadGateway, "the model's server does not accept this server's own key, or it has no credit; the key of your request is not the reason"},
	upstream.ModelNotFound: {http.StatusBadGateway, "the model's server does not know the model or the address that this server is set to; your request is not the reason"},
	upstream.Redirected:    {http.StatusBadGateway, "the model's server sends requests to another address, which this server does not follow; your request is not the reason"},
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
	f := failures[failure.Kind]
	c.record.Status, c.ending = f.status, failure.Kind
	c.mark(w.Header())
	switch {
	case failure.Kind == upstream.BreakerOpen:
		w.Header().Set("Retry-After", strconv.Itoa(int(c.BreakerCooldown.Seconds())+1))
	case failure.Kind == upstream.Local:
		w.Header().Set("Retry-After", "1")
	case c.hopeless(f.status), failure.Refusal():
		w.Header().Set(noRetry, "false")
	}
	writeError(w, f.status, apiError{Message: f.message, Code: string(failure.Kind)})
}

// upstreamFailed counts a failure and logs it, unless the request is at fault or its kind comes in
// large numbers.
func (h *Handler) upstreamFailed(side string, err error) {
	f := upstream.FailureOf(err)
	if f.Kind == upstream.ClientGone {
		return // the model is not at fault
	}
	h.metrics.upstreamErrors.WithLabelValues(side, string(f.Kind)).Inc()
	switch {
	case f.Refusal():
		h.metrics.refusals.WithLabelValues(side, refusalStatus(f.Status)).Inc()
		h.rarely.Log(slog.LevelError, "refusal "+side+string(f.Kind), "model refuses every request", "side", side, "status", f.Status, "error", f.Kind)
	case f.Kind == upstream.Local:
		h.rarely.Log(slog.LevelError, "local "+side, "no connection left to a model", "side", side, "error", err)
	case f.Kind == upstream.BreakerOpen, f.Kind == upstream.RateLimited, f.Kind == upstream.TooLong, f.Kind == upstream.Unable, f.Kind == upstream.NotKept:
	default:
		h.log.Warn("model failed", "side", side, "error", err)
	}
}

// refusalStatus returns a status as a metric's label, of which there must not be many.
func refusalStatus(status int) string {
	if status/100 == 3 {
		return "3xx"
	}
	return strconv.Itoa(status)
}
