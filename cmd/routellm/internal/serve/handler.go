package serve

import (
	"log/slog"
	"net/http"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// Handler is the proxy as an [http.Handler]. It opens no socket, and reads no flag, no
// file and no environment variable. It is safe for concurrent use.
type Handler struct {
	state    atomic.Pointer[state]
	calls    sync.WaitGroup // counts the requests under way
	cut      atomic.Bool    // true once the requests still under way have been cut off
	log      *slog.Logger
	records  *decisionlog.Log // nil without a decision log
	metrics  *metrics
	proxy    *httputil.ReverseProxy
	browsers *http.CrossOriginProtection // pages of other sites must not spend money here
	mux      *http.ServeMux
}

// NewHandler returns a handler that answers with the given settings and keys. It ignores
// the settings that name an address, a file or an environment variable: Listen, Log,
// APIKeyFile, StrongKeyEnv and WeakKeyEnv. [config.Default] returns settings to start
// from. Events go to log and decisions to records; either may be nil.
func NewHandler(set Settings, keys Keys, log *slog.Logger, records *decisionlog.Log) *Handler {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	h := &Handler{log: log, records: records, browsers: http.NewCrossOriginProtection()}
	h.state.Store(h.newState(set, keys))
	h.metrics = newMetrics(h)
	h.proxy = h.newProxy()
	h.browsers.SetDenyHandler(http.HandlerFunc(h.otherSite))
	h.mux = h.newMux()
	return h
}

func (h *Handler) newMux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("POST /v1/chat/completions", h.guarded(h.pass("chat", body.Messages)))
	mux.Handle("POST /v1/completions", h.guarded(h.pass("completions", body.Prompt)))
	mux.Handle("POST /v1/responses", h.guarded(h.pass("responses", body.Input)))
	mux.Handle("POST /v1/route", h.guarded(h.route))
	mux.Handle("GET /v1/models", h.guarded(h.listModels))
	mux.Handle("GET /metrics", h.guarded(h.metrics.handler.ServeHTTP))
	mux.HandleFunc("GET /health", h.health)
	mux.HandleFunc("GET /ready", h.ready)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.reject(w, http.StatusNotFound, apiError{Message: "no such address: " + r.Method + " " + r.URL.Path, Code: "not_found"})
	})
	return mux
}

// ServeHTTP answers OpenAI's API, /v1/route, /metrics, /health and /ready.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// The connection's previous request may have left a deadline.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	h.mux.ServeHTTP(w, r)
}

// replace changes the settings for requests to come; requests under way keep the old ones.
func (h *Handler) replace(set Settings, keys Keys) {
	old := h.state.Swap(h.newState(set, keys))
	old.pair.Strong.Close()
	old.pair.Weak.Close()
}

// health reports liveness.
func (h *Handler) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// ready reports readiness: 503 while the circuit breakers of both models are open.
func (h *Handler) ready(w http.ResponseWriter, _ *http.Request) {
	pair := &h.state.Load().pair
	if pair.Strong.Open() && pair.Weak.Open() {
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "no model can be reached"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
}

// listModels lists the model names that requests may use.
func (h *Handler) listModels(w http.ResponseWriter, _ *http.Request) {
	type model struct {
		ID      string `json:"id"`
		Object  string `json:"object"`
		Created int    `json:"created"`
		OwnedBy string `json:"owned_by"`
	}
	list := []model{}
	for _, name := range h.state.Load().models() {
		list = append(list, model{name, "model", 0, "routellm"})
	}
	writeJSON(w, http.StatusOK, map[string]any{"object": "list", "data": list})
}
