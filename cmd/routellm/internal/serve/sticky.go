package serve

import (
	"context"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/conversation"
	"github.com/routellm/routellm/results"
)

// settle decides which upstream answers a request with a text: the one that keeps what the
// request continues, else the one of its conversation, else the one that the score calls for.
func (h *Handler) settle(ctx context.Context, c *call, text string) decision {
	d := h.decide(ctx, c.state, c.router, c.threshold, c.record.ID, text)
	switch {
	case c.thread.bound:
		return h.bound(c, d)
	case c.sticks():
		return h.stick(ctx, c, d, text)
	}
	return d.of(c.enter(d, c.record.ID), len(c.upstreams.All))
}

// sticks reports whether the request belongs to a conversation that keeps its side.
func (c *call) sticks() bool {
	return c.Sticky == config.Conversation && c.thread.key != conversation.Key{}
}

// bound returns the decision for a request that continues something: only the upstream that keeps
// it can answer.
func (h *Handler) bound(c *call, d decision) decision {
	d.upstream, d.reason = c.thread.maker, results.ReasonBound
	if e, ok := h.entry(c); ok && e.Upstream == d.upstream && c.sticks() {
		d.explored, d.propensity = e.Explored, e.Propensity(len(c.upstreams.All))
	}
	return d
}

// stick returns the decision for a request of a conversation. d is what the request calls for by
// itself.
func (h *Handler) stick(ctx context.Context, c *call, d decision, text string) decision {
	n := len(c.upstreams.All)
	e, known := h.entry(c)
	if !known {
		first, later := h.beginning(ctx, c, d, text)
		fresh := true
		if e = c.enter(first, c.thread.key.String()); !c.dry && ctx.Err() == nil { // else the client has left, perhaps before a score
			e, fresh = h.table.Decide(c.thread.key, e)
		}
		if fresh && !later {
			return d.of(e, n)
		}
		d.took += first.took
	}
	e, moved := h.raise(c, e, d)
	d = d.of(e, n)
	if d.reason = results.ReasonSticky; moved {
		d.reason = results.ReasonEscalated
	}
	return d
}

// entry returns what is remembered about the conversation.
func (h *Handler) entry(c *call) (conversation.Entry, bool) {
	if c.dry {
		return h.table.Peek(c.thread.key)
	}
	return h.table.Use(c.thread.key)
}

// raise moves a conversation whose turn scores above the threshold by the margin.
func (h *Handler) raise(c *call, e conversation.Entry, d decision) (conversation.Entry, bool) {
	if !d.score.Exists() {
		return e, false
	}
	calls := at(float64(d.score), c.threshold+c.StickyMargin)
	if c.dry || calls >= e.Greedy {
		return e.After(calls)
	}
	e, moved := h.table.Raise(c.thread.key, e, calls)
	if moved {
		h.metrics.escalations.Inc()
	}
	return e, moved
}

// beginning returns the decision for the first request of the conversation. That is d, unless this
// request is a later one: then this server is new to the conversation or has forgotten it, and
// decides as it would have done at the beginning.
func (h *Handler) beginning(ctx context.Context, c *call, d decision, text string) (first decision, later bool) {
	begin := c.request.FirstText(c.routed)
	if begin == text {
		return d, false
	}
	ctx, cancel := context.WithTimeout(ctx, c.DecisionTimeout-d.took) // for both scores together
	defer cancel()
	return h.decide(ctx, c.state, c.router, c.threshold, c.record.ID, begin), true
}

// enter returns the entry of a conversation that begins with a decision. For a share of the
// conversations, which id draws, a random upstream takes the decision's place.
func (c *call) enter(d decision, id string) conversation.Entry {
	e := conversation.Entry{Upstream: d.upstream, Greedy: d.upstream}
	if c.dry || c.Explore == 0 || !d.score.Exists() || !c.free() {
		return e
	}
	return e.Draw(c.Explore, c.ExploreSeed, id, len(c.upstreams.All))
}

// of returns the decision with the upstream of an entry, one of n.
func (d decision) of(e conversation.Entry, n int) decision {
	if d.upstream, d.explored, d.propensity = e.Upstream, e.Explored, e.Propensity(n); d.explored {
		d.reason = results.ReasonExplore
	}
	return d
}

// fit moves a decision to an upstream that can take the request, and the conversation with it:
// what made the request too much for an upstream, such as an image, stays in the messages.
func (h *Handler) fit(c *call, d decision) decision {
	if c.thread.bound {
		return d
	}
	moved := h.within(c, d)
	if moved.upstream == d.upstream {
		return d
	}
	moved.explored = false
	if c.sticks() && !c.dry {
		h.table.Set(c.thread.key, conversation.Entry{Upstream: moved.upstream, Greedy: moved.upstream})
	}
	return moved
}
