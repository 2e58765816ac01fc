package serve

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// canonical returns a request under the address that the mux knows: without slashes at the end
// or in a row, and with the /v1 that is missing where a client's base URL lacks it.
func canonical(r *http.Request, first map[string]bool) *http.Request {
	escaped := r.URL.EscapedPath()
	clean := path.Clean("/" + escaped)
	if begin, _, _ := strings.Cut(clean[1:], "/"); first[begin] {
		clean = "/v1" + clean
	}
	if clean == escaped {
		return r
	}
	plain, err := url.PathUnescape(clean)
	if err != nil {
		return r
	}
	out, address := *r, *r.URL
	address.Path, address.RawPath, out.URL = plain, clean, &address
	return &out
}
