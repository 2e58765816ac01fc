package serve

import (
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/seldom"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// failureLog writes lines about failed requests to the event log.
type failureLog struct{ to *seldom.Logger }

// newFailureLog returns one that writes one line per kind of failure and second.
func newFailureLog(to *slog.Logger) failureLog { return failureLog{seldom.New(to, time.Second)} }

// tell writes a line for a request that failed, which the upstream first was asked first and by
// answered, with the id under which the decision log has it.
// The line has nothing that a client or a model wrote. A request that the client gave up or that a
// model refused, with a status below 500, has not failed. If this machine has no connection left,
// faults says so, less often.
func (f failureLog) tell(r *decisionlog.Record, first, by string) {
	if r.Error == string(upstream.ClientGone) || r.Error == string(upstream.Local) || r.Error == "" && r.Status < http.StatusInternalServerError {
		return
	}
	kind := r.Endpoint + " " + first + " " + by + " " + r.Error + " " + strconv.Itoa(r.Status)
	f.to.Log(slog.LevelWarn, kind, "request failed",
		"id", r.ID, "endpoint", r.Endpoint, "side", first, "answered", by, "status", r.Status, "error", r.Error, "seconds", r.LatencyS)
}
