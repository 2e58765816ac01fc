package upstream

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
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
	parts := slices.DeleteFunc(strings.Split(client, "&"), func(part string) bool {
		name, _, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		if err != nil || part == "" {
			return true
		}
		for other := range own {
			if strings.EqualFold(name, other) {
				return true
			}
		}
		return false
	})
	return strings.Join(append(parts, u.Query), "&")
}
