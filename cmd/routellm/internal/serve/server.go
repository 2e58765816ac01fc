package serve

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// Server is the proxy. It is safe for concurrent use.
type Server struct {
	state    atomic.Pointer[state]
	calls    sync.WaitGroup // under way
	cut      atomic.Bool    // those that are left were cut off
	log      *slog.Logger
	records  *decisionlog.Log // nil without a decision log
	metrics  *metrics
	proxy    *httputil.ReverseProxy
	browsers *http.CrossOriginProtection // pages of other sites must not spend money here
}

// New returns a server that says what happens to log and what it decided to records,
// which may be nil.
func New(set Settings, log *slog.Logger, records *decisionlog.Log) (*Server, error) {
	s := &Server{log: log, records: records, browsers: http.NewCrossOriginProtection()}
	st, err := s.newState(set)
	if err != nil {
		return nil, err
	}
	s.state.Store(st)
	s.metrics = newMetrics(s)
	s.proxy = s.newProxy()
	s.browsers.SetDenyHandler(http.HandlerFunc(s.otherSite))
	return s, nil
}

// Reload changes the settings for requests to come; those under way keep the old ones.
// Listen and the log stay as they are, so that settings which are for another address are
// refused where they would open this one.
func (s *Server) Reload(set Settings) error {
	set.Listen = s.state.Load().Listen
	if host, _, err := net.SplitHostPort(set.Listen); err == nil && set.Exposes(host) {
		return fmt.Errorf("%q can be reached from other machines until a restart, and nobody would need a key", set.Listen)
	}
	st, err := s.newState(set)
	if err != nil {
		return err
	}
	old := s.state.Swap(st)
	old.pair.Strong.Close()
	old.pair.Weak.Close()
	return nil
}

// Handler answers the server's addresses.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /v1/chat/completions", s.guarded(s.pass("chat", body.Messages)))
	mux.Handle("POST /v1/completions", s.guarded(s.pass("completions", body.Prompt)))
	mux.Handle("POST /v1/responses", s.guarded(s.pass("responses", body.Input)))
	mux.Handle("POST /v1/route", s.guarded(s.route))
	mux.Handle("GET /v1/models", s.guarded(s.listModels))
	mux.Handle("GET /metrics", s.guarded(s.metrics.handler.ServeHTTP))
	mux.HandleFunc("GET /health", s.health)
	mux.HandleFunc("GET /ready", s.ready)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.reject(w, http.StatusNotFound, apiError{Message: "no such address: " + r.Method + " " + r.URL.Path, Code: "not_found"})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // of the connection's last request
		mux.ServeHTTP(w, r)
	})
}

// health says that the process lives.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// ready says whether requests should be sent here: not while no model can be asked.
func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	pair := &s.state.Load().pair
	if pair.Strong.Open() && pair.Weak.Open() {
		writeJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "no model can be reached"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"status": "ready"})
}

// listModels lists the names that requests may have.
func (s *Server) listModels(w http.ResponseWriter, _ *http.Request) {
	type model struct {
		ID      string `json:"id"`
		Object  string `json:"object"`
		Created int    `json:"created"`
		OwnedBy string `json:"owned_by"`
	}
	list := []model{}
	for _, name := range s.state.Load().models() {
		list = append(list, model{name, "model", 0, "routellm"})
	}
	writeJSON(w, http.StatusOK, map[string]any{"object": "list", "data": list})
}
