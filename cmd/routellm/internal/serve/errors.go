package serve

import (
	"encoding/json"
	"net/http"
)

// apiError is an error in the form that OpenAI's clients read.
type apiError struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    string  `json:"code"`
}

// writeError answers with an error, whose type follows from the status.
func writeError(w http.ResponseWriter, status int, e apiError) {
	if forAnthropic(w) {
		writeJSON(w, status, anthropicErrorOf(status, e))
		return
	}
	e.Type = "invalid_request_error"
	if status >= http.StatusInternalServerError {
		e.Type = "server_error"
	}
	writeJSON(w, status, map[string]apiError{"error": e})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // fails only if the client has left
}

// drained is logged as the error of a request that this server cut off while it drained.
const drained = "drain_timeout"
