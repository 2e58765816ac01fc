package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
)

// Keys are the secrets that settings name.
type Keys struct {
	Models  map[string]string // keys for the models' servers, by side; "" sends none
	Clients []access.Key      // keys that clients may present; if empty, every client is let in
	Metrics []access.Key      // keys that open /metrics alone; if empty, those of the clients do

	Certificate *tls.Certificate // the server's; nil serves without TLS
}

// Keys reads the secrets from files and environment variables, as they are now. With an error it
// returns the flag of the wrong setting.
func (c *Config) Keys() (k Keys, flag string, err error) {
	k.Models = map[string]string{}
	for _, u := range c.Upstreams() {
		if k.Models[u.Side], flag, err = u.secret(); err != nil {
			return Keys{}, flag, err
		}
	}
	if k.Clients, err = readKeys(c.APIKeyFile); err != nil {
		return Keys{}, "api-key-file", err
	}
	if k.Metrics, err = readKeys(c.MetricsKeyFile); err == nil {
		err = separate(k.Metrics, k.Clients)
	}
	if err != nil {
		return Keys{}, "metrics-key-file", err
	}
	if c.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return Keys{}, "tls-cert", errors.New(strings.TrimPrefix(err.Error(), "tls: "))
		}
		k.Certificate = &pair
	}
	return k, "", nil
}

// secret returns the key of an upstream's model, or "" if it has none. With an error it returns the
// flag of the wrong setting.
func (u Named) secret() (key, flag string, err error) {
	setting := "key-file"
	switch {
	case u.KeyFile != "":
		key, err = access.ReadKey(u.KeyFile)
	case u.KeyEnv != "":
		setting = "key-env"
		key, err = environmentKey(u.KeyEnv)
	}
	if err != nil {
		flag, err = u.wrong(setting, err)
	}
	return key, flag, err
}

// environmentKey returns the key in an environment variable.
func environmentKey(variable string) (string, error) {
	key := os.Getenv(variable)
	switch {
	case key == "":
		return "", fmt.Errorf("the environment variable %q is not set", variable)
	case strings.ContainsFunc(key, unicode.IsControl):
		return "", fmt.Errorf("the environment variable %q contains a control character such as a line break: remove it from the key", variable)
	}
	return key, nil
}

// readKeys reads a file with keys, or returns nil for the path "".
func readKeys(path string) ([]access.Key, error) {
	if path == "" {
		return nil, nil
	}
	return access.ReadKeys(path)
}

// separate refuses a key for the metrics that clients have as well.
func separate(metrics, clients []access.Key) error {
	for _, k := range metrics {
		if slices.ContainsFunc(clients, func(c access.Key) bool { return c.Secret == k.Secret }) {
			return errors.New("has a key that api_key_file has as well, which would open more than the metrics: expected keys of its own")
		}
	}
	return nil
}

// checkKeys refuses combinations that leave open which key a model gets.
func (c *Config) checkKeys() (string, error) {
	for _, u := range c.Upstreams() {
		setting := "key-env"
		if u.KeyEnv == "" {
			setting = "key-file"
		}
		switch {
		case u.KeyEnv != "" && u.KeyFile != "":
			return u.wrong(setting, fmt.Errorf("conflicts with %s: drop one of them", u.Key("key-file")))
		case c.ForwardClientKey && u.KeyEnv+u.KeyFile != "":
			return u.wrong(setting, errors.New("conflicts with forward_client_key, which sends the client's key to the models: drop one of them"))
		}
		if _, flag, err := u.secret(); err != nil && u.KeyEnv != "" {
			return flag, err
		}
	}
	if c.ForwardClientKey && c.APIKeyFile != "" {
		return "forward-client-key", errors.New("conflicts with api_key_file: models do not know the keys in that file")
	}
	return "", nil
}
