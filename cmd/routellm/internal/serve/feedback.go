package serve

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// maxFeedback is the largest request with feedback in bytes: a comment whose characters are all
// escaped, and the rest.
const maxFeedback = 12*body.MaxComment + 4096

// feedback appends what a client says about an answer to the decision log. It takes every id that
// has the form of one: after a restart nobody knows which there were, and nobody can guess one.
func (h *Handler) feedback(w http.ResponseWriter, r *http.Request) {
	if h.records == nil {
		h.reject(w, http.StatusNotImplemented, apiError{Message: "feedback is kept in the decision log, which this server does not have: start it with --log FILE", Code: "no_log"})
		return
	}
	f, ok := h.readFeedback(w, r)
	if !ok {
		return
	}
	if err := h.records.WriteFeedback(f); err != nil {
		h.metrics.logErrors.Inc()
		h.log.Error("decision log: feedback not written", "error", err)
		h.reject(w, http.StatusServiceUnavailable, apiError{Message: "the feedback could not be written to the decision log: try again later", Code: "log_failed"})
		return
	}
	h.metrics.feedback.WithLabelValues(labelOf(f)).Inc()
	writeJSON(w, http.StatusOK, map[string]string{"id": f.ID, "object": "feedback"})
}

// readFeedback reads and checks feedback. If it cannot, it answers with an error and returns
// false.
func (h *Handler) readFeedback(w http.ResponseWriter, r *http.Request) (*decisionlog.Feedback, bool) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.state.Load().ClientTimeout))
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFeedback))
	if err != nil {
		h.unread(w, err)
		return nil, false
	}
	given, err := body.ParseFeedback(raw)
	f := &decisionlog.Feedback{Time: time.Now().UTC(), ID: given.ID, Quality: given.Quality, Thumb: decisionlog.Thumb(given.Thumb), Comment: given.Comment}
	if err == nil {
		err = f.Check()
	}
	if err != nil {
		h.reject(w, http.StatusBadRequest, apiError{Message: err.Error(), Code: "invalid_feedback"})
		return nil, false
	}
	return f, true
}

// unread answers a request whose body could not be read.
func (h *Handler) unread(w http.ResponseWriter, err error) {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		h.reject(w, http.StatusRequestEntityTooLarge, apiError{Message: "the feedback is too long", Code: "request_too_large"})
		return
	}
	h.reject(w, http.StatusRequestTimeout, apiError{Message: "the request did not arrive in time", Code: "request_timeout"})
}

// labelOf returns the label of feedback in metrics.
func labelOf(f *decisionlog.Feedback) string {
	if f.Thumb != "" {
		return string(f.Thumb)
	}
	return "quality"
}
