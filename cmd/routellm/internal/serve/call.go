package serve

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/endpoint"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
	"github.com/routellm/routellm/datasets/prompttext"
	"github.com/routellm/routellm/results"
)

// call holds the state of one request while it is answered.
type call struct {
	*state
	start     time.Time
	endpoint  endpoint.Endpoint // zero for /v1/route
	request   body.Body
	router    Router
	threshold float64
	extent    *body.Extent // of the request, once it is measured
	decision  decision
	record    decisionlog.Record
	usage     body.Usage
	done      body.Done
	complete  bool          // the answer reached its end
	ending    upstream.Kind // the failure that ended the answer early, else None
}

// callKey is the context key of a request's call.
type callKey struct{}

func callOf(r *http.Request) *call { return r.Context().Value(callKey{}).(*call) }

// begin reads a request whose text is under one of the keys. If it cannot, it answers with
// an error and returns nil.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request, keys ...string) *call {
	c := &call{state: h.state.Load(), start: time.Now()}
	raw, err := readBody(w, r, c.state)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		h.reject(w, http.StatusRequestEntityTooLarge, apiError{Message: fmt.Sprintf("the request has more than the %d bytes that max_body allows", tooLarge.Limit), Code: "request_too_large"})
		return nil
	} else if err != nil {
		h.reject(w, http.StatusRequestTimeout, apiError{Message: "the request did not arrive in time", Code: "request_timeout"})
		return nil
	}
	if c.request, err = body.Parse(raw, keys...); err != nil {
		h.reject(w, http.StatusBadRequest, apiError{Message: err.Error(), Code: "invalid_body"})
		return nil
	}
	return c
}

// readBody reads the whole request body within the size and time limits.
func readBody(w http.ResponseWriter, r *http.Request, st *state) ([]byte, error) {
	// net/http lifts the deadline after the body, before it waits for the next request.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(st.ClientTimeout))
	if r.ContentLength > st.MaxBody {
		return nil, &http.MaxBytesError{Limit: st.MaxBody}
	}
	in := http.MaxBytesReader(w, r.Body, st.MaxBody)
	var raw bytes.Buffer
	raw.Grow(int(min(max(r.ContentLength, 0), firstPart)))
	_, err := raw.ReadFrom(in) // doubles the buffer as bytes come
	return raw.Bytes(), err
}

// firstPart is the most memory in bytes that a request gets for the size that it announces. For
// more it has to send what it announced.
const firstPart = 64 << 10

// choose finds the router that the request's model names and lets it decide. If there is
// no such model, it answers with an error and returns false.
func (h *Handler) choose(ctx context.Context, w http.ResponseWriter, c *call, model string) bool {
	var ok bool
	if c.router, c.threshold, ok = c.named(model); !ok {
		param := "model"
		h.reject(w, http.StatusNotFound, apiError{
			Message: fmt.Sprintf("no model %q: expected %s, or router-NAME-THRESHOLD with a configured router", model, strings.Join(c.models(), ", ")),
			Param:   &param, Code: "model_not_found",
		})
		return false
	}
	text := c.request.Text(prompttext.Mode(c.Text))
	c.record = decisionlog.Record{
		Time: c.start.UTC(), ID: newID(), Stream: c.request.Stream,
		Chars: utf8.RuneCountInString(text), Identity: c.router.Identity,
	}
	if text != "" && h.records != nil {
		digest := sha256.Sum256([]byte(text))
		c.record.PromptSHA256 = hex.EncodeToString(digest[:])
	}
	c.decision = h.within(c, h.decide(ctx, c.state, c.router, c.threshold, c.record.ID, text))
	return true
}

// micros returns a duration in microseconds, cut to tenths.
func micros(d time.Duration) float64 { return float64(d.Nanoseconds()/100) / 10 }

// document returns the decision as it is answered and logged.
func (c *call) document() results.Decision {
	d := c.decision
	return results.Decision{
		Router: c.router.Name, Model: c.model(d.upstream), Side: c.side(d.upstream), Score: d.score,
		Threshold: results.ThresholdAt(c.threshold), Microseconds: micros(d.took),
	}
}
