package config

import (
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
	"github.com/routellm/routellm/internal/hint"
)

// checkListen refuses an address that other machines can reach, unless clients need keys
// or insecure is set.
func (c *Config) checkListen() (string, error) {
	host, err := checkAddress(c.Listen)
	if err != nil || !c.Exposes(host) {
		return "listen", err
	}
	return "listen", hint.With(fmt.Errorf("%q can be reached from other machines", c.Listen),
		"--api-key-file FILE admits only clients with a key", "--insecure admits every client, and you pay for their calls")
}

// checkMetrics refuses a wrong address for the metrics.
func (c *Config) checkMetrics() (string, error) {
	if c.MetricsListen == "" {
		return "", nil
	}
	_, err := checkAddress(c.MetricsListen)
	if _, port, _ := net.SplitHostPort(c.MetricsListen); err == nil && c.MetricsListen == c.Listen && port != "0" {
		err = errors.New("is the server's own address: expected another one, or none for /metrics at the server's")
	}
	return "metrics-listen", err
}

// checkAddress returns the host of HOST:PORT.
func checkAddress(address string) (host string, err error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("found %q, expected HOST:PORT, such as 127.0.0.1:6060", address)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return "", fmt.Errorf("found %q, expected a port from 0 to 65535", address)
	}
	return host, nil
}

// Exposes reports whether a server on host would let other machines in without a key.
func (c *Config) Exposes(host string) bool {
	return !access.IsLoopback(host) && c.APIKeyFile == "" && !c.Insecure
}

// checkPages refuses wrong names of hosts and origins.
func (c *Config) checkPages() (string, error) {
	for _, host := range c.AllowedHosts {
		if err := access.CheckHost(host); err != nil {
			return "allowed-hosts", err
		}
	}
	for _, origin := range c.CORSOrigins {
		if err := access.CheckOrigin(origin); err != nil {
			return "cors-origins", err
		}
	}
	if slices.Contains(c.CORSOrigins, "*") && c.APIKeyFile == "" {
		return "cors-origins", hint.With(errors.New("* without keys would let every page in the world use the server"),
			"--api-key-file FILE admits only clients with a key", "or list the origins, such as https://app.example.com")
	}
	return "", nil
}

// checkTLS refuses half of a certificate.
func (c *Config) checkTLS() (string, error) {
	switch {
	case c.TLSCert == "" && c.TLSKey != "":
		return "tls-key", errors.New("is of no use without tls_cert")
	case c.TLSCert != "" && c.TLSKey == "":
		return "tls-cert", errors.New("is of no use without tls_key")
	}
	return "", nil
}
