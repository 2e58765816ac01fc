package serve

import "net/http"

// ready reports readiness: 503 while no model may answer, and before the end of the server.
func (h *Handler) ready(w http.ResponseWriter, _ *http.Request) {
	readiness, ready := h.state.Load().upstreams.Readiness()
	status := http.StatusOK
	if !ready {
		status = http.StatusServiceUnavailable
	}
	if h.leaving.Load() {
		readiness.Status, status = "shutting down", http.StatusServiceUnavailable
	}
	writeJSON(w, status, readiness)
}
