package serve

import (
	"crypto/tls"
	"os"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// Keys are the secrets of a [Handler].
type Keys struct {
	Models  map[string]string // keys for the models' servers, by side; "" sends none
	Clients []access.Key      // keys that clients may present; if empty, every client is let in
	Metrics []access.Key      // keys that open /metrics alone; if empty, those of the clients do

	Certificate *tls.Certificate // the server's; nil serves without TLS
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
