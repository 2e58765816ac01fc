package config

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"unicode"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
	"github.com/routellm/routellm/internal/hint"
)

// checkKeys refuses environment variables without a usable key, and combinations that
// leave open which key a model gets.
func (c *Config) checkKeys() (string, error) {
	for _, u := range c.Upstreams() {
		switch flag, variable := u.Side+"-key-env", u.KeyEnv; {
		case variable == "":
		case c.ForwardClientKey:
			return flag, errors.New("conflicts with forward-client-key, which sends the client's key to the models: drop one of them")
		case os.Getenv(variable) == "":
			return flag, fmt.Errorf("the environment variable %q is not set", variable)
		case strings.ContainsFunc(os.Getenv(variable), unicode.IsControl):
			return flag, fmt.Errorf("the environment variable %q contains a control character such as a line break: remove it from the key", variable)
		}
	}
	if c.ForwardClientKey && c.APIKeyFile != "" {
		return "forward-client-key", errors.New("conflicts with api-key-file: models do not know the keys in that file")
	}
	return "", nil
}

// checkListen refuses an address that other machines can reach, unless clients need keys
// or insecure is set.
func (c *Config) checkListen() (string, error) {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "listen", fmt.Errorf("found %q, expected HOST:PORT, such as 127.0.0.1:6060", c.Listen)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return "listen", fmt.Errorf("found %q, expected a port from 0 to 65535", c.Listen)
	}
	if !c.Exposes(host) {
		return "", nil
	}
	return "listen", hint.With(fmt.Errorf("%q can be reached from other machines", c.Listen),
		"--api-key-file FILE admits only clients with a key", "--insecure admits every client, and you pay for their calls")
}

// Exposes reports whether a server on host would let other machines in without a key.
func (c *Config) Exposes(host string) bool {
	ip := net.ParseIP(host)
	local := host == "localhost" || ip != nil && ip.IsLoopback()
	return !local && c.APIKeyFile == "" && !c.Insecure
}

// APIKeys reads the clients' keys from APIKeyFile. It returns nil if no file is set.
func (c *Config) APIKeys() ([]access.Key, error) {
	if c.APIKeyFile == "" {
		return nil, nil
	}
	return access.ReadKeys(c.APIKeyFile)
}
