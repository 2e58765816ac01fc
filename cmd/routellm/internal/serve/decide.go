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
	upstream   int       // index of state.upstreams
	forecast   *forecast // what the router predicts; nil between two models, and without predictions
	reason     results.Reason
	score      results.Value // missing without a text or a score
	unlike     *bool         // the text is unlike all that the router was trained on; nil if that is not known
	took       time.Duration
	explored   bool    // the side was drawn at random, for this request or for its conversation
	propensity float64 // probability of this side given the scores of the request or its conversation, in (0,1]
}

// decide scores a text and compares the score with the threshold or, among several models, has
// their answers predicted and takes the most valuable one. Without a text, or without what the
// router says, the default upstream answers.
func (h *Handler) decide(ctx context.Context, st *state, r Router, threshold float64, id, text string) decision {
	d := decision{upstream: st.standard, reason: results.ReasonDefault, score: results.Missing, propensity: 1}
	if text == "" {
		h.metrics.noText.Inc()
		return d
	}
	start := time.Now()
	said, err := h.scorings.ask(ctx, st.DecisionTimeout, r, id, text)
	if r.Predict != nil && err == nil {
		err = st.check(said)
	}
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
	d.reason = results.ReasonScore
	if r.Predict != nil {
		d.forecast = st.newForecast(said.quality, said.cost, threshold, text)
		d.upstream, _ = d.forecast.best(anyOf)
		return d
	}
	d.upstream, d.score, d.unlike = at(said.score, threshold), results.Value(said.score), said.unlike
	return d
}

// anyOf lets every upstream answer.
func anyOf(int) bool { return true }

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
