package serve

import (
	"fmt"
	"net/http"
	"regexp"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/endpoint"
	"github.com/routellm/routellm/results"
)

// assign gives a request that is not routed to its upstream. If it has none, it answers with an
// error and returns false.
func (h *Handler) assign(w http.ResponseWriter, r *http.Request, c *call) bool {
	i, refused := h.assigned(c, r)
	if refused != nil {
		h.reject(w, http.StatusNotFound, *refused)
		return false
	}
	c.decision = decision{upstream: i, reason: results.ReasonBound, score: results.Missing, propensity: 1}
	return true
}

// assigned returns the upstream that gets a request of an endpoint that is not routed, or why
// there is none.
func (h *Handler) assigned(c *call, r *http.Request) (int, *apiError) {
	switch c.endpoint.To {
	case endpoint.Embeddings:
		return c.assignedBy("embeddings", c.Embeddings)
	case endpoint.Moderations:
		return c.assignedBy("moderations", c.Moderations)
	}
	id := r.PathValue("id")
	if made, ok := h.made(c, id); ok && plainID.MatchString(id) {
		return made.Upstream, nil
	}
	param := "id"
	return 0, &apiError{Message: fmt.Sprintf("no response %q is known: it was not made through this server, or is too old", id), Param: &param, Code: "response_not_found"}
}

func (c *call) assignedBy(setting, side string) (int, *apiError) {
	if side == "" {
		return 0, &apiError{Message: fmt.Sprintf("this server passes no %s on: its setting %s names no side", setting, setting), Code: "endpoint_not_configured"}
	}
	return c.indexOf(side), nil
}

// plainID matches the ids of responses, which become a part of an address.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// content returns the request to send to a model.
func (c *call) content(model string) body.Content {
	if c.endpoint.To == endpoint.Routed {
		return c.request.WithModel(model)
	}
	return c.request.Unchanged()
}
