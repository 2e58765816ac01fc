package serve

import (
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/results"
)

// limited returns why the i-th upstream cannot take the request, or "" if it can.
func (c *call) limited(i int) results.Reason {
	u := c.sides[i]
	if !c.speaks(i) {
		return results.ReasonAPI
	}
	if u.MaxChars == 0 && u.Images && u.Tools {
		return ""
	}
	switch e := c.measured(); {
	case u.MaxChars > 0 && e.Chars > u.MaxChars:
		return results.ReasonMaxChars
	case !u.Images && e.Images:
		return results.ReasonImages
	case !u.Tools && e.Tools:
		return results.ReasonTools
	}
	return ""
}

// measured measures the request, once.
func (c *call) measured() body.Extent {
	if c.extent == nil {
		e := c.request.Extent()
		c.extent = &e
	}
	return *c.extent
}

// speaks reports whether the i-th upstream speaks the API of the request.
func (c *call) speaks(i int) bool {
	return c.endpoint.API == "" || slices.Contains(c.sides[i].APIs, c.endpoint.API)
}

// takes reports whether the i-th upstream can take the request.
func (c *call) takes(i int) bool { return c.limited(i) == "" }

// standsIn reports whether the i-th upstream may answer in place of one that has failed. None may
// if the client asked for one model, or for an answer that one model has made.
func (c *call) standsIn(i int) bool {
	only := c.decision.reason == results.ReasonDirect || c.decision.reason == results.ReasonBound
	return !only && c.takes(i)
}

// free reports whether every upstream can take the request, so that a random side may answer.
func (c *call) free() bool {
	for i := range c.sides {
		if !c.takes(i) {
			return false
		}
	}
	return true
}

// within moves a decision to the next upstream that can take the request. If none can, one that
// speaks its API says what is wrong. If none speaks it, the decision stays.
func (h *Handler) within(c *call, d decision) decision {
	reason := c.limited(d.upstream)
	if reason == "" {
		return d
	}
	h.metrics.limited.WithLabelValues(string(c.side(d.upstream)), string(reason)).Inc()
	next, ok := c.upstreams.After(d.upstream, c.takes)
	if !ok && reason == results.ReasonAPI {
		next, ok = c.upstreams.After(d.upstream, c.speaks)
	}
	if ok {
		d.upstream, d.reason, d.propensity = next, reason, 1
	}
	return d
}
