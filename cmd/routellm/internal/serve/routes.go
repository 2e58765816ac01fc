package serve

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/conversation"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/seldom"
)

// NewHandler returns a handler that answers with the given settings and keys. It ignores
// the settings that name an address, a file or an environment variable, such as Listen, Log,
// APIKeyFile and the upstreams' KeyEnv and KeyFile. [config.Default] returns settings to start
// from. Events go to log and decisions to records; either may be nil.
func NewHandler(set Settings, keys Keys, log *slog.Logger, records *decisionlog.Log) *Handler {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	h := &Handler{log: log, failing: newFailureLog(log), records: records}
	h.table = conversation.New(set.StickyMax, set.StickyTTL, time.Now)
	h.state.Store(h.newState(set, keys))
	h.metrics = newMetrics(h.breakers, h.gauges())
	h.metrics.begin(h.state.Load().sides)
	h.faults = faults{log, seldom.New(log, time.Minute), h.metrics.upstreamErrors, h.metrics.refusals}
	h.proxy = h.newProxy()
	h.addresses()
	return h
}

// health reports liveness.
func (h *Handler) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// route tells which model would answer, without asking one.
func (h *Handler) route(w http.ResponseWriter, r *http.Request) {
	c := h.begin(w, r, body.Messages, body.System, body.Prompt, body.Input)
	if c == nil {
		return
	}
	defer c.release()
	c.dry = true
	model := c.request.Model
	if model == "" {
		model = config.RouterModel
	}
	if !h.choose(r.Context(), w, c, model) {
		return
	}
	writeJSON(w, http.StatusOK, c.document())
}
