package servecmd

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// probeTimeout limits the time for a server to say whether it is ready.
const probeTimeout = 3 * time.Second

// probe asks the server that runs with these settings on this machine whether it is ready. It
// returns an error if the server is not ready or does not answer.
func probe(ctx context.Context, c *config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, probeURL(c), nil)
	if err != nil {
		return err
	}
	// The certificate names the server as clients know it, not this machine's loopback address.
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	res, err := client.Do(request)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers with status %d: not ready", request.URL, res.StatusCode)
	}
	return nil
}

// probeURL returns the address of /ready, from this machine.
func probeURL(c *config.Config) string {
	host, port, _ := net.SplitHostPort(c.Listen) // checked before
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port) + "/ready"
}
