package serve

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"

	"github.com/routellm/routellm/results"
)

// decision says which upstream should answer a request, and why.
type decision struct {
	upstream   int // index of state.upstreams
	reason     results.Reason
	score      results.Value // missing without a text or a score
	took       time.Duration
	explored   bool    // the side was drawn at random, for this request or for its conversation
	propensity float64 // probability of this side given the scores of the request or its conversation, in (0,1]
}

// decide scores a text and compares the score with the threshold. Without a text or a
// score, the default side answers.
func (h *Handler) decide(ctx context.Context, st *state, r Router, threshold float64, id, text string) decision {
	d := decision{upstream: indexOf(st.DefaultSide), reason: results.ReasonDefault, score: results.Missing, propensity: 1}
	if text == "" {
		h.metrics.noText.Inc()
		return d
	}
	start := time.Now()
	score, err := h.scorings.score(ctx, st.DecisionTimeout, r, id, text)
	d.took = time.Since(start)
	h.metrics.decisions.Observe(d.took.Seconds())
	if err != nil {
		h.metrics.routerErrors.Inc()
		if ctx.Err() == nil { // otherwise the client has left
			// The error itself may repeat the prompt and is not logged.
			h.faults.rarely.Log(slog.LevelWarn, "router "+r.Name, "router failed", "router", r.Name, "timeout", errors.Is(err, context.DeadlineExceeded), "busy", errors.Is(err, errBusy))
		}
		return d
	}
	d.upstream, d.reason, d.score = at(score, threshold), results.ReasonScore, results.Value(score)
	return d
}

// at returns the upstream that a score calls for.
func at(score, threshold float64) int {
	if score >= threshold {
		return strong
	}
	return weak
}

// newID returns 32 random hex digits.
func newID() string {
	var id [16]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}
