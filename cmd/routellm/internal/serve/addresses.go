package serve

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/endpoint"
)

// addresses sets what answers at each address.
func (h *Handler) addresses() {
	h.mux, h.first = http.NewServeMux(), map[string]bool{}
	for _, e := range endpoint.All() {
		h.handle(e.Pattern(), h.guarded(h.pass(e)))
	}
	h.handle("POST /v1/route", h.guarded(h.route))
	h.handle("POST /v1/feedback", h.guarded(h.feedback))
	h.handle("GET /v1/models", h.guarded(h.listModels))
	h.handle("GET /v1/models/{id...}", h.guarded(h.oneModel))
	h.handle("GET /metrics", http.HandlerFunc(h.ownMetrics))
	h.handle("GET /health", http.HandlerFunc(h.health))
	h.handle("GET /ready", http.HandlerFunc(h.ready))
	h.mux.HandleFunc("/", h.unknown)
}

// handle sets what answers at an address: a pattern of [http.ServeMux]. Clients may leave out a
// /v1 at its beginning.
func (h *Handler) handle(pattern string, handler http.Handler) {
	h.mux.Handle(pattern, handler)
	if _, below, ok := strings.Cut(pattern, " /v1/"); ok {
		first, _, _ := strings.Cut(below, "/")
		h.first[first] = true
	}
}

// unknown answers a request that no other handler takes.
func (h *Handler) unknown(w http.ResponseWriter, r *http.Request) {
	if allowed := h.methods(r); len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		h.reject(w, http.StatusMethodNotAllowed, apiError{Message: fmt.Sprintf("%s takes %s, not %s", r.URL.Path, strings.Join(allowed, " or "), r.Method), Code: "method_not_allowed"})
		return
	}
	e := apiError{Message: "no such address: " + r.Method + " " + r.URL.Path, Code: "not_found"}
	if strings.HasPrefix(r.URL.Path, "/v1/v1/") {
		e.Message += ": the client adds /v1 to a base URL that has it already, so remove it there"
	}
	h.reject(w, http.StatusNotFound, e)
}

// methods returns the methods that the address of a request takes.
func (h *Handler) methods(r *http.Request) []string {
	takes := func(method string) bool {
		other := *r
		other.Method = method
		_, pattern := h.mux.Handler(&other)
		return pattern != "/"
	}
	return slices.DeleteFunc([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, func(method string) bool { return !takes(method) })
}
