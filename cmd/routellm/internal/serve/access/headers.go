package access

import (
	"net/http"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
)

// secretWords are parts of the names of headers that carry credentials, such as Authorization,
// X-Goog-Api-Key and X-Amz-Security-Token. OpenAI-Organization, OpenAI-Project and
// X-Goog-User-Project say who pays.
var secretWords = []string{
	"auth", "cookie", "token", "secret", "password", "credential", "signature", "jwt", "api-key", "apikey", "access-key",
	"x-amz-", "cf-access-", "openai-organization", "openai-project", "goog-user-project",
}

// IsCredential reports whether a header or a parameter of a query carries credentials of the
// client: by its words, or because it is a key, such as Ocp-Apim-Subscription-Key.
func IsCredential(name string) bool {
	name = strings.ToLower(name)
	if name == "key" || strings.HasSuffix(name, "-key") && name != "idempotency-key" {
		return true
	}
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// misleading are headers with which some servers replace a request's address or method, and those
// in which a browser tells of its page, which has nothing to do with the model's server.
var misleading = []string{
	"X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override", "X-Http-Method", "X-Method-Override",
	"Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-User", "Expect",
}

// conditional are headers that ask for an answer only if it has changed, or for a part of it. A model's
// server would answer with a status that looks like a fault of it.
var conditional = []string{"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range"}

// isMisleading reports whether a model's server could take something else from a header than this
// server: it is one of misleading, it says what only a proxy may say of its client, or programs
// that get headers as variables take it for another one, as X_Api_Key for X-Api-Key.
func isMisleading(name string) bool {
	return slices.Contains(misleading, name) || slices.Contains(conditional, name) || strings.Contains(name, "_") || name == "X-Real-Ip" ||
		strings.HasPrefix(name, "X-Forwarded-") || strings.HasPrefix(name, "X-Remote-")
}

// CleanRequest removes the headers of a client's request that a model's server must not see: those
// that could change what it is asked, and, unless forward is set, the client's credentials, also
// those in the address.
func CleanRequest(r *http.Request, forward bool) {
	for name := range r.Header {
		if !forward && IsCredential(name) || isMisleading(name) {
			delete(r.Header, name)
		}
	}
	if !forward {
		r.URL.RawQuery = withoutCredentials(r.URL.RawQuery)
	}
	// The body was read as JSON. A server could find another model in it if it read it as a form or
	// in another character set.
	if r.ContentLength != 0 {
		r.Header.Set("Content-Type", "application/json")
	}
}

// withoutCredentials returns a query without the client's credentials, such as Gemini's key=.
func withoutCredentials(query string) string {
	return body.DropParameters(query, func(name string) bool { return IsCredential(strings.ReplaceAll(name, "_", "-")) })
}

// ofOrigin are headers by which a server tells browsers what to do with its own address, which is
// not the one that they have asked.
var ofOrigin = []string{"Alt-Svc", "Clear-Site-Data", "Strict-Transport-Security", "Nel", "Report-To", "Reporting-Endpoints"}

// CleanAnswer removes the headers of a model's server that hold only for its own address: who may
// read its answers, and, unless forward is set, its cookies, which would be the same for all
// clients.
func CleanAnswer(h http.Header, forward bool) {
	for name := range h {
		if strings.HasPrefix(name, "Access-Control-") {
			delete(h, name)
		}
	}
	for _, name := range ofOrigin {
		h.Del(name)
	}
	if !forward {
		h.Del("Set-Cookie")
	}
}
