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

// takers returns the upstreams that can take the request, of which a random one may answer.
func (c *call) takers() []int {
	out := make([]int, 0, len(c.sides))
	for i := range c.sides {
		if c.takes(i) {
			out = append(out, i)
		}
	}
	return out
}

// instead returns the upstream that is to answer in place of a decision's, of those that may: the
// most valuable one or, without predictions, the next one in order. ok is false if there is none.
func (c *call) instead(d decision, may func(i int) bool) (next int, ok bool) {
	if d.forecast != nil {
		return d.forecast.best(may)
	}
	return c.upstreams.After(d.upstream, may)
}

// within moves a decision to the next upstream that can take the request. If none can, one that
// speaks its API says what is wrong. If none speaks it, the decision stays.
func (h *Handler) within(c *call, d decision) decision {
	reason := c.limited(d.upstream)
	if reason == "" {
		return d
	}
	h.metrics.limited.WithLabelValues(c.name(d.upstream), string(reason)).Inc()
	next, ok := c.instead(d, c.takes)
	if !ok && reason == results.ReasonAPI {
		next, ok = c.instead(d, c.speaks)
	}
	if ok {
		d.upstream, d.reason, d.propensity = next, reason, 1
	}
	return d
}

// suited does the same among several models, if one can take the request, before exploration and
// conversations begin with the decision. Between two models there is nothing to explore then.
func (h *Handler) suited(c *call, d decision) decision {
	if d.forecast == nil {
		return d
	}
	if _, ok := d.forecast.best(c.takes); !ok {
		return d
	}
	return h.within(c, d)
}
