package serve

import (
	"context"
	"math"
	"net/http"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/results"
)

// choose finds the router that the request's model names and lets it decide. If there is
// no such model, it answers with an error and returns false.
func (h *Handler) choose(ctx context.Context, w http.ResponseWriter, c *call, model string) bool {
	var ok bool
	asked, direct := c.direct(model)
	if direct {
		c.threshold = math.NaN() // none
	} else if c.router, c.threshold, ok = c.named(model); !ok {
		status, e := c.modelError(model)
		h.reject(w, status, e)
		return false
	}
	text := c.request.Text(c.routed)
	c.record = decisionlog.Record{
		Time: c.start.UTC(), ID: newID(), Stream: c.request.Stream,
		Chars: utf8.RuneCountInString(text), Identity: c.router.Identity,
	}
	if text != "" && h.records != nil {
		c.record.PromptSHA256 = digestOf(text)
	}
	h.follow(c, model)
	if direct {
		c.decision = decision{upstream: asked, reason: results.ReasonDirect, score: results.Missing, propensity: 1}
		return true
	}
	if c.router.Judge != nil {
		c.decision = h.plan(c, text)
		return true
	}
	c.decision = c.divert(h.fit(c, h.settle(ctx, c, text)))
	return true
}
