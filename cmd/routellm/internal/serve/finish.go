package serve

import (
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// tap passes an answer on and notes its token counts and whether it is complete.
type tap struct {
	io.ReadCloser
	call    *call
	handler *Handler
}

// Read reads the next part of the answer.
func (t *tap) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	_, _ = t.call.usage.Write(p[:n])
	_, _ = t.call.done.Write(p[:n])
	t.handler.watch(t.call, p[:n])
	// OpenAI's client hangs up at the last event, often before the stream ends.
	t.call.complete = err == io.EOF || t.call.done.Found
	if err != nil && !t.call.complete {
		t.call.ending = upstream.KindOf(err)
		t.handler.faults.note(t.call.name(t.call.by), err)
	}
	return n, err
}

// finish logs and counts a finished request. The decision log has only those that a model
// answered with a text of its own.
func (h *Handler) finish(c *call) {
	defer c.endSpan()
	if !c.endpoint.Generates {
		h.metrics.passed.WithLabelValues(c.endpoint.Name, c.name(c.decision.upstream), strconv.Itoa(c.record.Status)).Inc()
		return
	}
	r, d := &c.record, c.decision
	switch {
	case c.ending != upstream.None:
		r.Error = string(c.ending)
	case !c.complete: // the model's server did not fail, so the client left
		r.Error = string(upstream.ClientGone)
	}
	if r.Error == string(upstream.ClientGone) && h.cut.Load() {
		r.Error = drained // a connection that this server closed looks the same
	}
	r.LatencyS = time.Since(c.start).Seconds()
	r.Decision, r.Reason, r.Explored, r.Propensity = c.document(), d.reason, d.explored, d.propensity
	r.InputTokens, r.OutputTokens, r.CachedTokens = tokensOf(c.answerUsage())
	first, by := c.name(d.upstream), c.name(c.by)
	h.metrics.spend(r, by, c.ModelPrices)
	h.metrics.cascade(r, c.ModelPrices)
	h.metrics.observe(r, first, by)
	h.failing.tell(r, first, by)
	if h.records == nil {
		return
	}
	if err := h.records.Write(r); err != nil {
		h.metrics.logErrors.Inc()
		h.faults.rarely.Log(slog.LevelError, "decision log", "decision log: record not written", "error", err)
	}
}
