package serve

import (
	"net/http"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// Keys are the secrets of a [Handler].
type Keys = config.Keys

// policy returns the rules of the settings.
func policy(c config.Config, keys Keys) *access.Policy {
	return access.New(access.Options{
		Clients: keys.Clients, Metrics: keys.Metrics,
		AnyHost: c.Insecure && len(c.AllowedHosts) == 0, Hosts: c.AllowedHosts, Origins: c.CORSOrigins,
	})
}

// readKeys reads the secrets that settings name.
func readKeys(set Settings) (Keys, error) {
	keys, flag, err := set.Keys()
	if err != nil {
		return Keys{}, config.Origins(nil).Wrap(flag, err)
	}
	return keys, nil
}

// clientName returns the name of the key that let a request in, or "" if it needed none. Logs may
// have the name.
func clientName(r *http.Request) string { return access.Client(r) }
