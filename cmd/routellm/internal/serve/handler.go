package serve

import (
	"log/slog"
	"net/http"
	"net/http/httputil"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/conversation"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/intake"
)

// Handler is the proxy as an [http.Handler]. It opens no socket, and reads no flag, no
// file and no environment variable. It is safe for concurrent use.
type Handler struct {
	state    atomic.Pointer[state]
	calls    sync.WaitGroup // counts the requests under way
	bodies   intake.Memory  // their bodies
	scorings scorings
	leaving  atomic.Bool // true once the server is about to end
	cut      atomic.Bool // true once the requests still under way have been cut off
	log      *slog.Logger
	faults   faults
	failing  failureLog          // writes to log about failed requests
	records  *decisionlog.Log    // nil without a decision log
	table    *conversation.Table // survives reloads
	numbers  numbers             // the upstreams' numbers in it
	metrics  *metrics
	proxy    *httputil.ReverseProxy
	mux      *http.ServeMux
	first    map[string]bool // first parts of the paths below /v1
}

// ServeHTTP answers the APIs of OpenAI and Anthropic, /v1/route, /metrics, /health and /ready.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	client := &patient{w, http.NewResponseController(w), h.state.Load().ClientTimeout}
	_ = client.rc.SetWriteDeadline(time.Time{}) // the connection's previous request may have left one
	w = client
	if h.leaving.Load() {
		w.Header().Set("Connection", "close") // the client's next request shall go elsewhere
	}
	if h.state.Load().access.CORS(w, r) {
		return
	}
	if r = canonical(r, h.first); ofAnthropic(r) {
		w = anthropicWriter{w}
	}
	h.mux.ServeHTTP(w, r)
	client.wait() // the end of the answer may come long after its last byte
}

// replace changes the settings for requests to come; requests under way keep the old ones.
func (h *Handler) replace(set Settings, keys Keys) {
	next := h.newState(set, keys)
	h.metrics.begin(next.sides)
	old := h.state.Swap(next)
	for _, u := range old.upstreams.All {
		u.Close()
	}
	h.recall(old, next)
}

// recall applies new settings to what is remembered. What an upstream has made is lost where its
// server is another one.
func (h *Handler) recall(old, next *state) {
	h.table.Limit(next.StickyMax, next.StickyTTL)
	for i, u := range old.upstreams.All {
		now, ok := next.index(old.ids[i])
		if !ok || next.upstreams.All[now].URL.String() != u.URL.String() {
			h.table.Forget(old.ids[i])
		}
	}
}

// reject answers a request with an error before any model sees it, and counts it.
func (h *Handler) reject(w http.ResponseWriter, status int, e apiError) {
	h.metrics.rejected.WithLabelValues(strconv.Itoa(status)).Inc()
	writeError(w, status, e)
}
