package serve

import (
	"net/http"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// toSend returns the client's request as an upstream gets it.
func (c *call) toSend(r *http.Request) upstream.Request {
	out := upstream.Request{
		Request: r, Content: c.content, Extent: c.measured, Takes: c.standsIn, Generates: c.endpoint.Generates,
		Seeks: c.seeks(),
	}
	if c.decision.forecast != nil {
		out.Next = c.decision.forecast.best
	}
	return out
}
