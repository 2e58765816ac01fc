package upstream

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
)

// authorize puts the server's key in its header. Without a key it leaves what the client sent.
func (u *Upstream) authorize(h http.Header) {
	switch {
	case u.Key == "":
	case u.KeyHeader == "" || strings.EqualFold(u.KeyHeader, "Authorization"):
		h.Set("Authorization", "Bearer "+u.Key)
	default:
		h.Set(u.KeyHeader, u.Key)
	}
}

// query returns the client's parameters and the server's own, which replace those of the same
// name, in whatever case.
func (u *Upstream) query(client string) string {
	if u.Query == "" {
		return client
	}
	own, _ := url.ParseQuery(u.Query) // config has checked it
	rest := body.DropParameters(client, func(name string) bool {
		for other := range own {
			if strings.EqualFold(name, other) {
				return true
			}
		}
		return false
	})
	return strings.TrimPrefix(rest+"&"+u.Query, "&")
}
