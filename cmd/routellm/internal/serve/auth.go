package serve

import (
	"net/http"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
)

// guarded returns a handler that passes on only requests that may come in.
func (h *Handler) guarded(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client, why := h.state.Load().access.Admit(r)
		if why != access.None {
			h.refuse(w, why)
			return
		}
		next(w, access.WithClient(r, client))
	})
}

// loggedClient returns the name as the decision log has it: a digest, "" without a log.
func (h *Handler) loggedClient(r *http.Request) string {
	if h.records == nil {
		return ""
	}
	return h.records.Digest(clientName(r))
}

// owner returns whose conversations a request can belong to: the name of the client's key, or the
// key that it brings for the models. Clients without either are one.
func (st *state) owner(r *http.Request) string {
	name := clientName(r)
	if name != "" || !st.ForwardClientKey {
		return name
	}
	return r.Header.Get("Authorization") + "\n" + r.Header.Get("X-Api-Key") + "\n" + r.Header.Get("Api-Key")
}

// refusals maps the reasons for which a request may not come in to the answers.
var refusals = map[access.Refusal]struct {
	status int
	apiError
	challenge string // value of WWW-Authenticate
}{
	access.OtherSite: {http.StatusForbidden, apiError{Message: "the request comes from a page of another site: cors_origins lists the sites whose pages may use this server", Code: "cross_origin"}, ""},
	access.OtherHost: {http.StatusForbidden, apiError{Message: "without keys this server answers only under localhost, a loopback address, and the names in allowed_hosts", Code: "unknown_host"}, ""},

	access.MissingKey: {http.StatusUnauthorized, apiError{Message: "missing API key: expected it in the header Authorization as a bearer token, in x-api-key or in api-key", Code: "invalid_api_key"}, `Bearer realm="routellm"`},
	access.WrongKey:   {http.StatusUnauthorized, apiError{Message: "wrong API key", Code: "invalid_api_key"}, `Bearer realm="routellm", error="invalid_token"`},
}

// refuse answers a request that may not come in.
func (h *Handler) refuse(w http.ResponseWriter, why access.Refusal) {
	answer := refusals[why]
	if answer.challenge != "" {
		w.Header().Set("WWW-Authenticate", answer.challenge)
	}
	h.reject(w, answer.status, answer.apiError)
}

// scraped answers a request for the metrics, if it may come in.
func (h *Handler) scraped(w http.ResponseWriter, r *http.Request, why access.Refusal) {
	if why != access.None {
		h.refuse(w, why)
		return
	}
	h.metrics.handler.ServeHTTP(w, r)
}
