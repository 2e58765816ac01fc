package serve

import (
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// failurePeriod is the time within which the event log gets one line per kind of failed request.
const failurePeriod = time.Second

// tellFailure writes a line to the event log for a request that failed, with the id under which
// the decision log has it. It has nothing that a client or a model wrote. A request that the
// client gave up or that a model refused, with a status below 500, has not failed. If this machine
// has no connection left, faults says so, less often.
func (h *Handler) tellFailure(c *call) {
	r := &c.record
	if r.Error == string(upstream.ClientGone) || r.Error == string(upstream.Local) || r.Error == "" && r.Status < http.StatusInternalServerError {
		return
	}
	key := r.Endpoint + " " + string(r.Side) + " " + string(r.Answered) + " " + r.Error + " " + strconv.Itoa(r.Status)
	h.requests.Log(slog.LevelWarn, key, "request failed",
		"id", r.ID, "endpoint", r.Endpoint, "side", r.Side, "answered", r.Answered, "status", r.Status, "error", r.Error, "seconds", r.LatencyS)
}
