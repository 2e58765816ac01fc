package config

import (
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/access"
)

// Warnings returns what operators should know about settings that are not wrong, in whole
// sentences. The certificate is the server's, or nil.
func (c *Config) Warnings(certificate *tls.Certificate) []string {
	var out []string
	add := func(is bool, format string, args ...any) {
		if is {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	open := func(address string) bool {
		host, _, err := net.SplitHostPort(address)
		return address != "" && err == nil && !access.IsLoopback(host)
	}
	add(open(c.Listen) && c.TLSCert == "", "%s: keys and prompts pass unencrypted: use tls_cert, or a proxy with TLS in front", c.Listen)
	if certificate != nil && certificate.Leaf != nil {
		from, to, now := certificate.Leaf.NotBefore, certificate.Leaf.NotAfter, time.Now()
		add(now.Before(from) || now.After(to), "%s: the certificate is valid only from %s to %s", c.TLSCert, from.Format(time.DateTime), to.Format(time.DateTime))
	}
	add(open(c.MetricsListen) && c.MetricsKeyFile != "", "%s: keys for the metrics pass unencrypted", c.MetricsListen)
	for _, u := range c.Upstreams() {
		keyed := u.KeyEnv+u.KeyFile != "" || c.ForwardClientKey
		add(u.URL.Scheme == "http" && keyed && !access.IsLoopback(u.URL.Hostname()), "keys pass unencrypted to %s: use https, or a network that you trust", u.URL.Host)
	}
	hosts := c.hosts()
	both := ""
	if len(hosts) == 2 {
		both = "both "
	}
	add(c.ForwardClientKey && len(hosts) > 1,
		"forward_client_key sends the key of each client to %s%s, so each of them learns a key that may open the other", both, strings.Join(hosts, " and "))
	return out
}

// hosts returns the hosts of the models' servers, each once.
func (c *Config) hosts() (out []string) {
	for _, u := range c.Upstreams() {
		if !slices.Contains(out, u.URL.Host) {
			out = append(out, u.URL.Host)
		}
	}
	return out
}
