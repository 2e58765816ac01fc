package serve

import (
	"log/slog"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/seldom"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/upstream"
)

// faults counts and logs the failures of upstreams.
type faults struct {
	log              *slog.Logger
	rarely           *seldom.Logger         // writes to log what would come with every request
	errors, refusals *prometheus.CounterVec // metrics.upstreamErrors and metrics.refusals
}

// note counts a failure of a side and logs it, unless the request is at fault or its kind comes in
// large numbers.
func (f *faults) note(side string, err error) {
	failure := upstream.FailureOf(err)
	if failure.Kind == upstream.ClientGone {
		return // the model is not at fault
	}
	f.errors.WithLabelValues(side, string(failure.Kind)).Inc()
	switch failure.Kind {
	case upstream.Local:
		f.rarely.Log(slog.LevelError, "local "+side, "no connection left to a model", "side", side, "error", err)
	case upstream.Refused, upstream.SlowHeader, upstream.Idle, upstream.Cut, upstream.ServerError:
		f.log.Warn("model failed", "side", side, "error", err)
	}
	if failure.Refusal() {
		f.refusals.WithLabelValues(side, refusalStatus(failure.Status)).Inc()
		f.rarely.Log(slog.LevelError, "refusal "+side+string(failure.Kind), "model refuses every request", "side", side, "status", failure.Status, "error", failure.Kind)
	}
}

// refusalStatus returns a status as a metric's label, of which there must not be many.
func refusalStatus(status int) string {
	if status/100 == 3 {
		return "3xx"
	}
	return strconv.Itoa(status)
}
