package serve

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/intake"
)

// unread maps the errors of reading a request's body to the answers that clients get.
var unread = map[error]struct {
	status int
	apiError
}{
	intake.ErrFull: {http.StatusServiceUnavailable, apiError{Code: "too_many_bodies",
		Message: "the requests under way have as many bytes as max_bodies allows: try again later"}},
	intake.ErrSlow:   {http.StatusRequestTimeout, apiError{Code: "request_timeout", Message: "the request did not arrive in time"}},
	intake.ErrBroken: {http.StatusBadRequest, apiError{Code: "invalid_body", Message: intake.ErrBroken.Error()}},
	intake.ErrEncoding: {http.StatusUnsupportedMediaType, apiError{Code: "unsupported_encoding",
		Message: "the request has a Content-Encoding that is not known: expected gzip or none"}},
}

// rejectBody answers a request whose body could not be read.
func (h *Handler) rejectBody(w http.ResponseWriter, err error) {
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		h.reject(w, http.StatusRequestEntityTooLarge, apiError{Code: "request_too_large",
			Message: fmt.Sprintf("the request has more than the %d bytes that max_body allows", large.Limit)})
		return
	}
	answer := unread[err]
	switch err {
	case intake.ErrFull:
		h.metrics.bodiesFull.Inc()
		w.Header().Set("Retry-After", "1")
	case intake.ErrEncoding:
		w.Header().Set("Accept-Encoding", "gzip")
	}
	h.reject(w, answer.status, answer.apiError)
}
