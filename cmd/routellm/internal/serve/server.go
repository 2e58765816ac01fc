package serve

import (
	"fmt"
	"log/slog"
	"net"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/decisionlog"
)

// Server is a [Handler] with a life of its own: it reads its keys from files and
// environment variables, listens, reloads its settings and drains. It is safe for
// concurrent use.
type Server struct {
	*Handler
	Metrics net.Listener // where the metrics answer instead if MetricsListen is set; to be set before Run
	secure  bool         // it began with a certificate
}

// New returns a server that reports events to log and decisions to records, which may be
// nil. It reads the keys that the settings name.
func New(set Settings, log *slog.Logger, records *decisionlog.Log) (*Server, error) {
	keys, err := readKeys(set)
	if err != nil {
		return nil, err
	}
	return &Server{Handler: NewHandler(set, keys, log, records), secure: keys.Certificate != nil}, nil
}

// Reload changes the settings for requests to come; requests under way keep the old ones.
// The addresses, the use of TLS and the decision log stay as they are. Settings that would let
// everyone in at the old address are therefore refused, even if their own address would be safe.
func (s *Server) Reload(set Settings) error {
	old := s.state.Load()
	set.Listen, set.MetricsListen, set.Tracer = old.Listen, old.MetricsListen, old.Tracer
	if host, _, err := net.SplitHostPort(set.Listen); err == nil && set.Exposes(host) {
		return fmt.Errorf("the server stays on %q until a restart, where other machines could reach it without a key: keep api_key_file or insecure", set.Listen)
	}
	keys, err := readKeys(set)
	if err != nil {
		return err
	}
	if keys.Certificate == nil {
		keys.Certificate = old.certificate
	}
	s.replace(set, keys)
	return nil
}
