package serve

import (
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/breaker"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// readiness is the answer of /ready. It names neither models nor addresses: everyone may read it.
type readiness struct {
	Status    string     `json:"status"`
	Upstreams []sideness `json:"upstreams"`
}

// sideness says how one side is.
type sideness struct {
	Side    string        `json:"side"`
	Breaker breaker.State `json:"breaker"`
	Refusal *refusal      `json:"refusal,omitempty"` // the last one, until an answer succeeds
}

// refusal is the last answer of a server that refuses every request.
type refusal struct {
	Code   upstream.Kind `json:"code"`
	Status int           `json:"status"`
	Time   time.Time     `json:"time"`
}

// ready reports readiness: 503 while no model may answer, and before the end of the server.
func (h *Handler) ready(w http.ResponseWriter, _ *http.Request) {
	out, status := readiness{Status: "no model can answer"}, http.StatusServiceUnavailable
	for _, u := range h.state.Load().upstreams.All {
		side := sideness{Side: u.Name, Breaker: u.State()}
		if r := u.Refusal(); r != nil {
			side.Refusal = &refusal{r.Kind, r.Status, r.Time.UTC().Truncate(time.Second)}
		}
		out.Upstreams = append(out.Upstreams, side)
		if u.Able() {
			out.Status, status = "ready", http.StatusOK
		}
	}
	if h.leaving.Load() {
		out.Status, status = "shutting down", http.StatusServiceUnavailable
	}
	writeJSON(w, status, out)
}
