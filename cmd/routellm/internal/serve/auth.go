package serve

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// guarded returns a handler that passes on only requests that may come in.
func (h *Handler) guarded(next http.HandlerFunc) http.Handler {
	return h.browsers.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st := h.state.Load()
		if st.rebound(r) {
			h.otherSite(w, r)
			return
		}
		if !st.clients.admit(r) {
			h.reject(w, http.StatusUnauthorized, apiError{Message: "wrong or missing API key", Code: "invalid_api_key"})
			return
		}
		next(w, r)
	}))
}

// otherSite refuses a request that a browser sends on behalf of another site's page.
func (h *Handler) otherSite(w http.ResponseWriter, _ *http.Request) {
	h.reject(w, http.StatusForbidden, apiError{Message: "the request comes from a page of another site", Code: "cross_origin"})
}

// rebound reports whether a request may come from DNS rebinding: another site's page whose
// host name resolves to this machine's loopback address, so that the browser takes the
// request for one within the same site. Where clients need a key, the page lacks it.
func (st *state) rebound(r *http.Request) bool {
	if len(st.clients) > 0 || st.Insecure || r.Header.Get("Origin") == "" {
		return false
	}
	host := (&url.URL{Host: r.Host}).Hostname()
	return net.ParseIP(host) == nil && !strings.EqualFold(host, "localhost")
}
