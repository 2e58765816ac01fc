package serve

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// apiError is an error as OpenAI's clients understand it.
type apiError struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    string  `json:"code"`
}

// writeError answers with an error.
func writeError(w http.ResponseWriter, status int, e apiError) {
	e.Type = "invalid_request_error"
	if status >= http.StatusInternalServerError {
		e.Type = "server_error"
	}
	writeJSON(w, status, map[string]apiError{"error": e})
}

// reject answers a request that no model will see.
func (h *Handler) reject(w http.ResponseWriter, status int, e apiError) {
	h.metrics.rejected.WithLabelValues(strconv.Itoa(status)).Inc()
	writeError(w, status, e)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that left hears nothing
}

// statusGone stands in the log where the client left before an answer.
const statusGone = 499

// drained stands in the log as the error of a request that this server cut off at its end.
const drained = "drain_timeout"

// failures say what the client gets where no upstream answered.
var failures = map[upstream.Kind]struct {
	status  int
	message string
}{
	upstream.ClientGone:  {statusGone, "the client has left"},
	upstream.Refused:     {http.StatusBadGateway, "the model's server cannot be reached"},
	upstream.SlowHeader:  {http.StatusGatewayTimeout, "the model's server did not answer in time"},
	upstream.Idle:        {http.StatusGatewayTimeout, "the model's server did not answer in time"},
	upstream.Cut:         {http.StatusBadGateway, "the model's server broke the connection"},
	upstream.BreakerOpen: {http.StatusServiceUnavailable, "the model's server failed repeatedly and is left alone for a while"},
}
