package serve

import (
	"context"
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/endpoint"
)

// pass returns a handler that routes an endpoint's requests by their text and passes them on.
func (h *Handler) pass(e endpoint.Endpoint) http.HandlerFunc {
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
		if !h.choose(r.Context(), w, c, c.request.Model) {
			return
		}
		c.record.Endpoint = e.Name
		if c.free() {
			c.decision = c.decision.explore(c.Explore, c.ExploreSeed, c.record.ID)
		}
		defer h.finish(c)       // the proxy panics if it gives up within an answer
		r.Header.Del("Upgrade") // the proxy would pass it on, and no model speaks another protocol
		client := &patient{w, http.NewResponseController(w), c.ClientTimeout}
		h.proxy.ServeHTTP(client, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
		client.wait() // the end of the answer may come long after its last byte
	}
}

// patient is a ResponseWriter that gives a slow client up to limit for each write.
type patient struct {
	http.ResponseWriter
	rc    *http.ResponseController
	limit time.Duration
}

// Write fails if the client does not take the bytes within the limit.
func (p *patient) Write(b []byte) (int, error) {
	p.wait()
	return p.ResponseWriter.Write(b)
}

// wait restarts the limit.
func (p *patient) wait() { _ = p.rc.SetWriteDeadline(time.Now().Add(p.limit)) }

// Unwrap returns the wrapped writer, so that [http.ResponseController] can flush it.
func (p *patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }
