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

// ErrCut is that requests were still under way when the time to drain was over.
var ErrCut = errors.New("requests were cut off: the time to drain was over")

// Run answers on a listener until ctx is done, and then until the requests under way
// are answered. What comes on reload is loaded again; if that fails the old settings
// stay.
func (s *Server) Run(ctx context.Context, ln net.Listener, reload <-chan os.Signal, load func() (Settings, error)) error {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
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
		s.log.Error("not reloaded: the old settings stay", "error", err)
		return
	}
	s.metrics.reloads.WithLabelValues("done").Inc()
	s.log.Info("reloaded")
	if set.Listen != old.Listen || set.Log != old.Log || set.LogMaxMB != old.LogMaxMB || set.LogKeep != old.LogKeep {
		s.log.Warn("the address and the log change with a restart only")
	}
}

// drain waits for the requests under way, and cuts off those that take too long.
func (s *Server) drain(server *http.Server) error {
	limit := s.state.Load().DrainTimeout
	s.log.Info("draining", "limit", limit)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.cut.Store(true)
		err = errors.Join(ErrCut, server.Close())
		s.calls.Wait() // for their lines in the log
	}
	return err
}
