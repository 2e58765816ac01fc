package config

import (
	"fmt"
	"net"
)

// Warnings returns what operators should know about settings that are not wrong, in whole
// sentences.
func (c *Config) Warnings() []string {
	var out []string
	add := func(is bool, format string, args ...any) {
		if is {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	open := func(address string) bool {
		host, _, err := net.SplitHostPort(address)
		return address != "" && err == nil && !isLoopback(host)
	}
	add(open(c.Listen) && c.TLSCert == "", "%s: keys and prompts pass unencrypted: use tls_cert, or a proxy with TLS in front", c.Listen)
	add(open(c.MetricsListen) && c.MetricsKeyFile != "", "%s: keys for the metrics pass unencrypted", c.MetricsListen)
	for _, u := range c.Upstreams() {
		keyed := u.KeyEnv+u.KeyFile != "" || c.ForwardClientKey
		add(u.URL.Scheme == "http" && keyed && !isLoopback(u.URL.Hostname()), "keys pass unencrypted to %s: use https, or a network that you trust", u.URL.Host)
	}
	add(c.ForwardClientKey && c.Strong.URL.Host != c.Weak.URL.Host,
		"forward_client_key sends the key of each client to both %s and %s, so each of them learns a key that may open the other", c.Strong.URL.Host, c.Weak.URL.Host)
	return out
}
