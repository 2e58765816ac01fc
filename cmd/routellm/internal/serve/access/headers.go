package access

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// secretWords are parts of the names of headers that carry credentials: Authorization, Api-Key,
// X-Goog-Api-Key, Ocp-Apim-Subscription-Key, Cf-Access-Client-Secret, X-Amz-Security-Token, and
// so on. OpenAI-Organization and OpenAI-Project say who pays.
var secretWords = []string{
	"auth", "cookie", "token", "secret", "password", "credential", "signature", "jwt",
	"api-key", "apikey", "access-key", "subscription-key", "client-key", "private-key",
	"x-amz-", "cf-access-", "openai-organization", "openai-project", "goog-user-project",
}

// IsCredential reports whether a header carries credentials of the client.
func IsCredential(name string) bool {
	name = strings.ToLower(name)
	for _, word := range secretWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// misleading are headers with which some servers replace a request's address or method, and those
// in which a browser tells of its page, which has nothing to do with the model's server.
var misleading = []string{
	"X-Original-Url", "X-Rewrite-Url", "X-Http-Method-Override", "X-Http-Method", "X-Method-Override",
	"Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-User", "Expect",
}

// CleanRequest removes the headers of a client's request that a model's server must not see: those
// that could change what it is asked, and, unless forward is set, the client's credentials, also
// those in the address.
func CleanRequest(r *http.Request, forward bool) {
	for name := range r.Header {
		// Programs that get headers as variables take X_Api_Key for X-Api-Key.
		if !forward && IsCredential(name) || strings.Contains(name, "_") || slices.Contains(misleading, name) {
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
	if query == "" {
		return ""
	}
	parts := slices.DeleteFunc(strings.Split(query, "&"), func(part string) bool {
		name, _, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		return err != nil || strings.EqualFold(name, "key") || IsCredential(strings.ReplaceAll(name, "_", "-"))
	})
	return strings.Join(parts, "&")
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
