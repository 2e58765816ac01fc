package serve

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"
)

// ErrCut reports that requests were still under way when the drain timeout ended.
var ErrCut = errors.New("requests were cut off: they were not answered within drain_timeout")

// Run answers on a listener until ctx is done, then waits up to DrainTimeout for the
// requests under way. For each signal on reload it calls load and takes the settings that
// it returns; if load fails, the old settings stay. Run returns [ErrCut] if it had to cut
// requests off.
func (s *Server) Run(ctx context.Context, ln net.Listener, reload <-chan os.Signal, load func() (Settings, error)) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	ln = s.bounded(ln)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ln) }()
	s.log.Info("listening", "address", "http://"+ln.Addr().String())
	for {
		select {
		case err := <-ended:
			return err
		case <-reload:
			s.reload(load)
		case <-ctx.Done():
			return s.drain(server)
		}
	}
}

func (s *Server) reload(load func() (Settings, error)) {
	old := s.state.Load().Settings
	set, err := load()
	if err == nil {
		err = s.Reload(set)
	}
	if err != nil {
		s.metrics.reloads.WithLabelValues("failed").Inc()
		s.log.Error("not reloaded: the old settings stay in force", "error", err)
		return
	}
	s.metrics.reloads.WithLabelValues("done").Inc()
	s.log.Info("reloaded")
	if set.Listen != old.Listen || set.Log != old.Log || set.LogMaxMB != old.LogMaxMB || set.LogKeep != old.LogKeep || set.MaxConnections != old.MaxConnections {
		s.log.Warn("the address, max_connections and the log settings change only with a restart")
	}
}

// drain waits for the requests under way and cuts off those that take longer than
// DrainTimeout.
func (s *Server) drain(server *http.Server) error {
	limit := s.state.Load().DrainTimeout
	s.log.Info("draining", "limit", limit)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.cut.Store(true)
		err = errors.Join(ErrCut, server.Close())
		s.calls.Wait() // until they are in the decision log
	}
	return err
}
