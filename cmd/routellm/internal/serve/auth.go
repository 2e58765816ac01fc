package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// keys are the digests of what clients may present; none let everyone in.
type keys [][sha256.Size]byte

func newKeys(texts []string) keys {
	var k keys
	for _, text := range texts {
		k = append(k, sha256.Sum256([]byte(text)))
	}
	return k
}

// admit reports whether a request may come in. It takes the same time for every key,
// right or wrong.
func (k keys) admit(r *http.Request) bool {
	if len(k) == 0 {
		return true
	}
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	digest, right := sha256.Sum256([]byte(text)), 0
	for i := range k {
		right |= subtle.ConstantTimeCompare(digest[:], k[i][:])
	}
	return right == 1 && strings.EqualFold(scheme, "Bearer")
}

// guarded lets in who may.
func (s *Server) guarded(next http.HandlerFunc) http.Handler {
	return s.browsers.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st := s.state.Load()
		if st.rebound(r) {
			s.otherSite(w, r)
			return
		}
		if !st.keys.admit(r) {
			s.reject(w, http.StatusUnauthorized, apiError{Message: "wrong or missing API key", Code: "invalid_api_key"})
			return
		}
		next(w, r)
	}))
}

// otherSite refuses what a browser sends for a page of another site.
func (s *Server) otherSite(w http.ResponseWriter, _ *http.Request) {
	s.reject(w, http.StatusForbidden, apiError{Message: "a request from a page of another site", Code: "cross_origin"})
}

// rebound reports whether a page of another site may be behind a request that seems to be
// of this one: its site's name may lead to this machine's loopback. A key would stop it.
func (st *state) rebound(r *http.Request) bool {
	if len(st.keys) > 0 || st.Insecure || r.Header.Get("Origin") == "" {
		return false
	}
	host := (&url.URL{Host: r.Host}).Hostname()
	return net.ParseIP(host) == nil && !strings.EqualFold(host, "localhost")
}
