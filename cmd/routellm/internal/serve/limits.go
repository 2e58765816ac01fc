package serve

import (
	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// limited returns why the i-th upstream cannot take the request, or "" if it can.
func (c *call) limited(i int) decisionlog.Reason {
	u := c.sides[i]
	if u.MaxChars == 0 && u.Images && u.Tools {
		return ""
	}
	switch e := c.measured(); {
	case u.MaxChars > 0 && e.Chars > u.MaxChars:
		return decisionlog.TooLong
	case !u.Images && e.Images:
		return decisionlog.Images
	case !u.Tools && e.Tools:
		return decisionlog.Tools
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

// takes reports whether the i-th upstream can take the request.
func (c *call) takes(i int) bool { return c.limited(i) == "" }

// free reports whether every upstream can take the request, so that a random side may answer.
func (c *call) free() bool {
	for i := range c.sides {
		if !c.takes(i) {
			return false
		}
	}
	return true
}

// within moves a decision to the next upstream that can take the request. If none can, the
// decision stays, and that model says what is wrong.
func (h *Handler) within(c *call, d decision) decision {
	reason := c.limited(d.upstream)
	if reason == "" {
		return d
	}
	h.metrics.limited.WithLabelValues(string(c.side(d.upstream)), string(reason)).Inc()
	if next, ok := c.upstreams.After(d.upstream, c.takes); ok {
		d.upstream, d.reason, d.propensity = next, reason, 1
	}
	return d
}
