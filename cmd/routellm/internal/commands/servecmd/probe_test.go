package servecmd

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/config"
)

// TestProbe asks servers that are ready, that are not, and that do not exist.
func TestProbe(t *testing.T) {
	status := http.StatusOK
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ready" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
	})
	plain, secure := httptest.NewServer(answer), httptest.NewTLSServer(answer)
	defer plain.Close()
	for _, c := range []*config.Config{
		{Listen: strings.TrimPrefix(plain.URL, "http://")},
		{Listen: strings.Replace(strings.TrimPrefix(plain.URL, "http://"), "127.0.0.1", "0.0.0.0", 1)},
		{Listen: strings.TrimPrefix(secure.URL, "https://"), TLSCert: "certificate.pem"},
	} {
		for status = range map[int]bool{http.StatusOK: true, http.StatusServiceUnavailable: false} {
			if err := probe(context.Background(), c); (err == nil) != (status == http.StatusOK) {
				t.Errorf("%s, status %d: %v", probeURL(c), status, err)
			}
		}
	}
	secure.Close()
	if err := probe(context.Background(), &config.Config{Listen: strings.TrimPrefix(secure.URL, "https://")}); err == nil {
		t.Error("a server that has ended is ready")
	}
}
