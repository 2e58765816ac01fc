package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
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
		if !s.state.Load().keys.admit(r) {
			s.reject(w, http.StatusUnauthorized, apiError{Message: "wrong or missing API key", Code: "invalid_api_key"})
			return
		}
		next(w, r)
	}))
}
