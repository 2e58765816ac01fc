package serve

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/internal/num"
	"github.com/routellm/routellm/results"
)

// decision says which upstream should answer a request, and why.
type decision struct {
	upstream   int // index of state.upstreams
	reason     decisionlog.Reason
	score      results.Value // missing without a text or a score
	took       time.Duration
	explored   bool    // the side was drawn at random, for this request or for its conversation
	propensity float64 // probability of this side given the scores of the request or its conversation, in (0,1]
}

// decide scores a text and compares the score with the threshold. Without a text or a
// score, the default side answers.
func (h *Handler) decide(ctx context.Context, st *state, r Router, threshold float64, id, text string) decision {
	d := decision{upstream: indexOf(st.DefaultSide), reason: decisionlog.Default, score: results.Missing, propensity: 1}
	if text == "" {
		h.metrics.noText.Inc()
		return d
	}
	start := time.Now()
	score, err := scoreOf(ctx, st.DecisionTimeout, r, id, text)
	d.took = time.Since(start)
	h.metrics.decisions.Observe(d.took.Seconds())
	if err != nil {
		h.metrics.routerErrors.Inc()
		if ctx.Err() == nil { // otherwise the client has left
			// The error itself may repeat the prompt and is not logged.
			h.log.Warn("router failed", "router", r.Name, "timeout", errors.Is(err, context.DeadlineExceeded))
		}
		return d
	}
	d.upstream, d.reason, d.score = at(score, threshold), decisionlog.Scored, results.Value(score)
	return d
}

// at returns the upstream that a score calls for.
func at(score, threshold float64) int {
	if score >= threshold {
		return strong
	}
	return weak
}

// scoreOf asks a router for a score. A router that takes too long, panics or returns a
// non-finite score gives an error. At the time limit scoreOf does not wait until the router has
// noticed that its context is done, which may take seconds for a program or a long prompt.
func scoreOf(ctx context.Context, limit time.Duration, r Router, id, text string) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type result struct {
		score float64
		err   error
	}
	scored := make(chan result, 1)
	go func() {
		score, err := scoreSafely(ctx, r, id, text)
		scored <- result{score, err}
	}()
	select {
	case got := <-scored:
		if err := ctx.Err(); err != nil {
			return 0, err // too late, even if only just
		}
		return got.score, got.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// scoreSafely turns panics and non-finite scores into errors.
func scoreSafely(ctx context.Context, r Router, id, text string) (score float64, err error) {
	defer func() {
		if recover() != nil { // the value may contain the prompt
			err = errors.New("the router panicked")
		}
	}()
	score, err = r.Score(ctx, id, text)
	if err == nil && !num.Finite(score) {
		err = fmt.Errorf("score %v, expected a finite number", score)
	}
	return score, err
}

// newID returns 32 random hex digits.
func newID() string {
	var id [16]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}
