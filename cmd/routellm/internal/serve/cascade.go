package serve

import (
	"context"
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/reply"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
	"github.com/routellm/routellm/results"
)

// plan decides what can be decided before the weak model has answered. It sets c.cascade if the weak
// model's answer decides the rest.
func (h *Handler) plan(c *call, text string) decision {
	d := decision{upstream: c.standard, reason: results.ReasonUnjudged, score: results.Missing, propensity: 1}
	if c.thread.bound {
		return h.bound(c, d)
	}
	if c.sticks() {
		if e, known := h.entry(c); known {
			d, d.reason = d.of(e), results.ReasonSticky
		}
	}
	form, err := c.request.Form()
	switch {
	case d.reason == results.ReasonSticky && d.upstream == strong:
	case text == "":
		h.metrics.noText.Inc()
		d.reason = results.ReasonDefault
	case err != nil || !form.Single || !c.holds(form):
	case !c.takes(strong) || !c.takes(weak):
		d.upstream = weak // which [Handler.fit] moves if the other one takes the request
	default:
		if d.upstream, d.reason = weak, results.ReasonUnjudged; !c.dry {
			c.cascade = &cascading{Form: form, text: text}
		}
		return d
	}
	return h.fit(c, d)
}

// holds reports whether the weak model's answer can be held back, and everything known of it that
// the router needs: a router that lacks what it was trained on rejects every answer, which is paid all
// the same. /v1/route has requests of all endpoints, and no answer.
func (c *call) holds(form body.Form) bool {
	needs := c.router.Needs
	certainty := needs.Logprobs || needs.Entropy
	switch reply.Form(c.endpoint.Name) {
	case reply.Chat:
		return !certainty || !c.plain.Load()
	case reply.Completions:
		own := form.Logprobs && form.Top < alternatives && needs.Entropy // the client's number of alternatives
		return !needs.PTrue && !own && (!certainty || !c.plain.Load())
	case reply.Messages:
		return !needs.PTrue && !certainty
	}
	return c.dry
}

// cascaded asks the weak model, judges its answer and, unless that is accepted, asks the strong
// model.
func (h *Handler) cascaded(r *http.Request, c *call) (*http.Response, error) {
	k := c.cascade
	c.record.Cascade, c.by = &k.record, weak
	err := h.consult(r, c)
	k.record.HeldS = time.Since(c.start).Seconds()
	switch {
	case upstream.KindOf(err) == upstream.ClientGone:
		k.record.Outcome = decisionlog.Abandoned
		c.answeredBy(weak)
		return nil, err
	case err != nil:
		k.record.Outcome, k.record.Why = decisionlog.WeakFailed, string(upstream.KindOf(err))
		h.fellBack(c, weak, err)
		return h.askStrong(r, c)
	case c.decision.upstream == strong:
		k.record.Outcome = decisionlog.Rejected
		return h.askStrong(r, c)
	}
	return c.accept(r), nil
}

// consult asks the weak model, and judges its answer.
func (h *Handler) consult(r *http.Request, c *call) error {
	k := c.cascade
	ctx, cancel := context.WithTimeoutCause(r.Context(), c.CascadeTimeout, upstream.ErrSlow)
	defer cancel()
	said, err := h.askWeak(r.WithContext(ctx), c)
	if err != nil {
		return err
	}
	if k.held.Tools {
		k.record.Outcome, k.record.Why = decisionlog.Passed, "tools"
		return nil
	}
	k.record.Outcome = decisionlog.Accepted
	judge := Router{Name: c.router.Name, Score: func(ctx context.Context, id, text string) (float64, *bool, error) {
		score, err := c.router.Judge(ctx, id, text, said)
		return score, nil, err
	}}
	d := h.decide(r.Context(), c.state, judge, c.threshold, c.record.ID, k.text)
	if !d.score.Exists() {
		k.record.Why = "router"
		if d.upstream == weak {
			k.record.Outcome = decisionlog.Passed
		}
		c.decision = d
		return nil
	}
	c.decision = h.settled(c, d)
	return nil
}

// settled returns the decision by a score: for a conversation, with what is remembered about it.
func (h *Handler) settled(c *call, d decision) decision {
	if !c.sticks() {
		return d.of(c.enter(d, c.record.ID))
	}
	e, known := h.entry(c)
	if !known {
		fresh := false
		if e, fresh = h.begun(c, c.enter(d, c.thread.key.String())); fresh {
			return d.of(e)
		}
	}
	e, moved := h.raise(c, e, d)
	d = d.of(e)
	if d.reason = results.ReasonSticky; moved {
		d.reason = results.ReasonEscalated
	}
	return d
}

// askStrong asks the strong model. If that gives no answer, the client gets the weak model's, if
// there is one.
func (h *Handler) askStrong(r *http.Request, c *call) (*http.Response, error) {
	alone := upstream.Set{All: c.upstreams.All}
	answer, err := alone.Send(c.toSend(r), strong)
	failed := err
	switch res := answer.Response; {
	case len(answer.Failures) > 0:
		failed = answer.Failures[0].Err
	case res != nil && res.StatusCode/100 != 2:
		failed = &upstream.Failure{Kind: upstream.Status, Status: res.StatusCode}
	}
	if failed == nil || c.cascade.held == nil || upstream.KindOf(failed) == upstream.ClientGone {
		if upstream.KindOf(failed) != upstream.Status { // which says nothing about the server
			h.failedUpstream(c, strong, failed)
		}
		c.answeredBy(strong)
		return answer.Response, err
	}
	if answer.Response != nil {
		answer.Response.Body.Close()
	}
	h.fellBack(c, strong, failed)
	c.cascade.record.Outcome = decisionlog.StrongFailed
	return c.accept(r), nil
}

// fellBack notes that an upstream failed, and that the other one answers in its place.
func (h *Handler) fellBack(c *call, i int, err error) {
	h.failedUpstream(c, i, err)
	c.record.Fallback = true
	h.metrics.fallbacks.WithLabelValues(c.name(i)).Inc()
}

// failedUpstream notes that an upstream failed; nothing for nil.
func (h *Handler) failedUpstream(c *call, i int, err error) {
	if err == nil {
		return
	}
	h.faults.note(c.name(i), err)
	if c.record.Error == "" {
		c.record.Error = string(upstream.KindOf(err))
	}
}

// accept returns the weak model's answer for the client.
func (c *call) accept(r *http.Request) *http.Response {
	k := c.cascade
	c.answeredBy(weak)
	return k.held.Response(r, reply.Keep{Logprobs: k.Logprobs, Top: k.Top, Usage: k.Usage})
}

// answeredBy keeps which upstream's answer the client gets.
func (c *call) answeredBy(i int) {
	c.by, c.record.Answered, c.record.AnsweredModel = i, c.side(i), c.model(i)
	c.record.FirstByteS = time.Since(c.start).Seconds()
}
