package serve

import (
	"context"
	"fmt"
	"net/http"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/endpoint"
)

// pass returns a handler that passes an endpoint's requests on to an upstream.
func (h *Handler) pass(e endpoint.Endpoint) http.HandlerFunc {
	place := h.assign
	if e.To == endpoint.Routed {
		place = h.routed
	}
	return func(w http.ResponseWriter, r *http.Request) {
		h.calls.Add(1)
		defer h.calls.Done()
		h.metrics.inFlight.Inc()
		defer h.metrics.inFlight.Dec()
		c := h.begin(w, r, e.Keys...)
		if c == nil {
			return
		}
		defer c.release()
		c.endpoint = e
		if place(w, r, c) {
			h.forward(w, r, c)
		}
	}
}

// routed decides by a request's text which upstream gets it. If none can, it answers with an
// error and returns false.
func (h *Handler) routed(w http.ResponseWriter, r *http.Request, c *call) bool {
	c.dry = !c.endpoint.Generates
	if !h.choose(r.Context(), w, c, c.request.Model) {
		return false
	}
	if !c.speaks(c.decision.upstream) {
		h.reject(w, http.StatusNotImplemented, unspoken(c))
		return false
	}
	c.record.Endpoint = c.endpoint.Name
	return true
}

// unspoken returns the error for a request in an API that no server of a suitable model speaks.
func unspoken(c *call) apiError {
	return apiError{
		Message: fmt.Sprintf("the model's server does not speak the API of this address: the setting %s would have to list %s", c.sides[c.decision.upstream].Key("apis"), c.endpoint.API),
		Code:    "api_not_supported",
	}
}

// forward sends a request to the upstream that was chosen and passes its answer back.
func (h *Handler) forward(w http.ResponseWriter, r *http.Request, c *call) {
	r, c.span = c.Tracer.Request(r, c.endpoint.Name)
	c.record.Client, c.by = h.loggedClient(r), c.decision.upstream
	defer h.finish(c)       // the proxy panics if it gives up within an answer
	r.Header.Del("Upgrade") // the proxy would pass it on, and no model speaks another protocol
	h.proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
}
