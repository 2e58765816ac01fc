package serve

import (
	"context"
	"net/http"
	"time"
)

// pass answers an address by passing the request on. Its text is under key.
func (h *Handler) pass(endpoint, key string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h.calls.Add(1)
		defer h.calls.Done()
		h.metrics.inFlight.Inc()
		defer h.metrics.inFlight.Dec()
		c := h.begin(w, r, key)
		if c == nil || !h.choose(r.Context(), w, c, c.request.Model) {
			return
		}
		c.record.Endpoint = endpoint
		c.decision = c.decision.explore(c.Explore, c.ExploreSeed, c.record.ID)
		defer h.finish(c)       // also where the proxy gives up within an answer, by a panic
		r.Header.Del("Upgrade") // no model speaks another protocol; the proxy would pass it on
		client := &patient{w, http.NewResponseController(w), c.ClientTimeout}
		h.proxy.ServeHTTP(client, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
		client.wait() // for the end mark, which may come long after the last byte
	}
}

// patient waits for a slow client, but not forever.
type patient struct {
	http.ResponseWriter
	rc    *http.ResponseController
	limit time.Duration
}

// Write writes within the limit.
func (p *patient) Write(b []byte) (int, error) {
	p.wait()
	return p.ResponseWriter.Write(b)
}

// wait lets the limit begin anew.
func (p *patient) wait() { _ = p.rc.SetWriteDeadline(time.Now().Add(p.limit)) }

// Unwrap gives the rest of what the writer can do, such as to flush.
func (p *patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }
