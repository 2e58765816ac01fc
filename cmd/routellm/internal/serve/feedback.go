package serve

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/intake"
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
		h.faults.rarely.Log(slog.LevelError, "feedback", "decision log: feedback not written", "error", err)
		h.reject(w, http.StatusServiceUnavailable, apiError{Message: "the feedback could not be written to the decision log: try again later", Code: "log_failed"})
		return
	}
	h.metrics.feedback.WithLabelValues(labelOf(f)).Inc()
	writeJSON(w, http.StatusOK, map[string]string{"id": f.ID, "object": "feedback"})
}

// readFeedback reads and checks feedback. If it cannot, it answers with an error and returns
// false.
func (h *Handler) readFeedback(w http.ResponseWriter, r *http.Request) (*decisionlog.Feedback, bool) {
	st := h.state.Load()
	in, err := h.bodies.Read(w, r, intake.Limits{Body: min(st.MaxBody, maxFeedback), All: st.MaxBodies, Time: st.ClientTimeout})
	if errors.As(err, new(*http.MaxBytesError)) {
		h.reject(w, http.StatusRequestEntityTooLarge, apiError{Message: fmt.Sprintf("feedback may have at most %d bytes", maxFeedback), Code: "request_too_large"})
		return nil, false
	}
	if err != nil {
		h.rejectBody(w, err)
		return nil, false
	}
	defer in.Release()
	given, err := body.ParseFeedback(in.String())
	f := &decisionlog.Feedback{
		Time: time.Now().UTC(), ID: given.ID, Quality: given.Quality, Thumb: decisionlog.Thumb(given.Thumb),
		Comment: given.Comment, Client: h.loggedClient(r),
	}
	if err == nil {
		err = f.Check()
	}
	if err != nil {
		h.reject(w, http.StatusBadRequest, apiError{Message: err.Error(), Code: "invalid_feedback"})
		return nil, false
	}
	return f, true
}

// labelOf returns the label of feedback in metrics.
func labelOf(f *decisionlog.Feedback) string {
	if f.Thumb != "" {
		return string(f.Thumb)
	}
	return "quality"
}
