package serve

import (
	"context"
	"slices"

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
	d = h.suited(c, d)
	return d.of(c.enter(d, c.record.ID))
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
		d.explored, d.propensity = e.Explored, e.Propensity()
	}
	return d
}

// stick returns the decision for a request of a conversation. d is what the request calls for by
// itself.
func (h *Handler) stick(ctx context.Context, c *call, d decision, text string) decision {
	e, known := h.entry(c)
	if !known {
		first, later := h.beginning(ctx, c, d, text)
		first = h.suited(c, first)
		fresh := true
		if e = c.enter(first, c.thread.key.String()); !c.dry && ctx.Err() == nil { // else the client has left, perhaps before a score
			e, fresh = h.begun(c, e)
		}
		if fresh && !later {
			return first.of(e)
		}
		d.took += first.took
	}
	e, moved := h.raise(c, e, d)
	d = d.of(e)
	if d.reason = results.ReasonSticky; moved {
		d.reason = results.ReasonEscalated
	}
	return d
}

// entry returns what is remembered about the conversation, and false if that is nothing or an
// upstream that is gone.
func (h *Handler) entry(c *call) (conversation.Entry, bool) {
	look := h.table.Use
	if c.dry {
		look = h.table.Peek
	}
	e, ok := look(c.thread.key)
	if !ok {
		return e, false
	}
	return c.recalled(e)
}

// begun keeps the entry of a conversation that begins, unless a concurrent request has been faster,
// and returns the one that holds.
func (h *Handler) begun(c *call, first conversation.Entry) (e conversation.Entry, fresh bool) {
	if e, fresh = h.table.Decide(c.thread.key, c.remembered(first)); fresh {
		return first, true
	}
	e, ok := c.recalled(e)
	if !ok { // its upstream is gone
		h.table.Set(c.thread.key, c.remembered(first))
		return first, true
	}
	return e, false
}

// raise moves a conversation whose turn scores above the threshold by the margin.
func (h *Handler) raise(c *call, e conversation.Entry, d decision) (conversation.Entry, bool) {
	rise := c.rise(d)
	if rise == nil {
		return e, false
	}
	if c.dry || rise(e.Greedy) == e.Greedy {
		return e.After(rise)
	}
	byNumber := func(greedy int) int {
		i, ok := c.index(greedy)
		if !ok {
			return greedy
		}
		return c.ids[rise(i)]
	}
	next, moved := h.table.Raise(c.thread.key, c.remembered(e), byNumber)
	if moved {
		h.metrics.escalations.Inc()
	}
	if next, ok := c.recalled(next); ok {
		return next, moved
	}
	return e, false
}

// rise returns which upstream a later turn calls for: the strong one, if it scores above the
// threshold by the margin or, among several, a better one that is worth more by the margin; nil
// without what the router says.
func (c *call) rise(d decision) conversation.Rise {
	switch {
	case d.forecast != nil:
		return func(i int) int { return d.forecast.rise(i, c.StickyMargin, c.takes) }
	case d.score.Exists():
		calls := at(float64(d.score), c.threshold+c.StickyMargin)
		return func(i int) int { return min(i, calls) }
	}
	return nil
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
	if c.dry || c.Explore == 0 || !d.score.Exists() && d.forecast == nil {
		return e
	}
	takers := c.takers()
	if len(takers) < 2 || !slices.Contains(takers, d.upstream) {
		return e
	}
	return e.Draw(c.Explore, c.ExploreSeed, id, takers)
}

// of returns the decision with the upstream of an entry.
func (d decision) of(e conversation.Entry) decision {
	if d.upstream, d.explored, d.propensity = e.Upstream, e.Explored, e.Propensity(); d.explored {
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
		h.table.Set(c.thread.key, c.remembered(conversation.Entry{Upstream: moved.upstream, Greedy: moved.upstream}))
	}
	return moved
}
