package serve

import (
	"log/slog"
	"net"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/sockets"
)

// bounded returns a listener that lets in as many clients at once as the settings or the limit of
// open files allow, and logs the numbers.
func (s *Server) bounded(ln net.Listener) net.Listener {
	b := s.state.Load().Budget()
	s.log.Info("connections", "open_files", orNone(b.Files), "clients", orNone(b.Clients), "per_model", orNone(b.Upstream))
	if b.Scarce() {
		s.log.Warn("max_connections is more than the limit of open files allows: raise that (ulimit -n, LimitNOFILE)")
	}
	return sockets.Limit(ln, b.Clients, func() {
		s.faults.rarely.Log(slog.LevelWarn, "clients", "no connection left for clients: further ones wait", "connections", b.Clients)
	})
}

// orNone returns a limit for the log.
func orNone(n int) any {
	if n == 0 {
		return "unlimited"
	}
	return n
}
