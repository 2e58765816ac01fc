package serve

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/internal/num"
)

// decision is where a request should go.
type decision struct {
	strong     bool
	score      *float64 // nil where there is no text, or no score
	took       time.Duration
	explored   bool
	propensity float64
}

// decide routes a text. Without one, or without a score, the configured side answers.
func (h *Handler) decide(ctx context.Context, st *state, r Router, threshold float64, id, text string) decision {
	d := decision{strong: st.DefaultSide == config.Strong, propensity: 1}
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
		if ctx.Err() == nil { // else it is the client who left; the error's text may repeat the prompt
			h.log.Warn("router failed", "router", r.Name, "timeout", errors.Is(err, context.DeadlineExceeded))
		}
		return d
	}
	d.strong, d.score = score >= threshold, &score
	return d
}

// scoreOf asks a router, whatever it does: it may take too long, panic, or return what
// is no number.
func scoreOf(ctx context.Context, limit time.Duration, r Router, id, text string) (score float64, err error) {
	defer func() {
		if recover() != nil { // its value may have the prompt in it
			err = errors.New("the router panicked")
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	score, err = r.Score(ctx, id, text)
	if err == nil && !num.Finite(score) {
		err = fmt.Errorf("score %v, expected a finite number", score)
	}
	return score, err
}

// explore sends a share of requests to a side by chance, the same for the same id and
// seed: the first 8 bytes of SHA-256(seed, id) say whether, the next bit says where.
func (d decision) explore(share float64, seed uint64, id string) decision {
	if share == 0 || d.score == nil {
		return d
	}
	digest := sha256.Sum256(append(binary.BigEndian.AppendUint64(nil, seed), id...))
	greedy := d.strong
	if draw := float64(binary.BigEndian.Uint64(digest[:])>>11) / (1 << 53); draw < share {
		d.explored, d.strong = true, digest[8]&1 == 1
	}
	d.propensity = share / 2
	if d.strong == greedy {
		d.propensity = 1 - share/2
	}
	return d
}

// newID returns 32 hex digits by chance.
func newID() string {
	var id [16]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}
