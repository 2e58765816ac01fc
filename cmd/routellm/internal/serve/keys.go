package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"os"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// Keys are the secrets of a [Handler].
type Keys struct {
	Models  map[string]string // keys for the models' servers, by side; "" sends none
	Clients []string          // keys that clients may present; if empty, every client is let in
}

// readKeys reads the keys that a configuration names: the models' from environment
// variables, the clients' from a file.
func readKeys(c *config.Config) (Keys, error) {
	clients, err := c.APIKeys()
	if err != nil {
		return Keys{}, err
	}
	keys := Keys{Models: map[string]string{}, Clients: clients}
	for _, u := range c.Upstreams() {
		if u.KeyEnv != "" {
			keys.Models[u.Side] = os.Getenv(u.KeyEnv)
		}
	}
	return keys, nil
}

// keyDigests holds the SHA-256 digests of the keys that clients may present. If it is
// empty, every client is let in.
type keyDigests [][sha256.Size]byte

func digestsOf(texts []string) keyDigests {
	var k keyDigests
	for _, text := range texts {
		k = append(k, sha256.Sum256([]byte(text)))
	}
	return k
}

// admit reports whether a request presents one of the keys. It takes the same time
// whether the key is right or wrong.
func (k keyDigests) admit(r *http.Request) bool {
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
